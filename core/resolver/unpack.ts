/** image.Unpack (client/image.go): what the client says when it unpacks an image that no unpacker had taken up. */
import { does } from './behaviours';
import { notFound, pullError, wrap, type PullError } from './errors';
import type { PullContext } from './machine';
import type { Fetched } from './fetch';
import { noMatch } from './manifest';
import { isIndexType, isLayerType, isManifestType, layerProcessor } from './mediaTypes';
import { platformRank } from './platform';
import { configOf, type Pulled, type ReadConfig } from './pulled';
import type { Descriptor } from './resolve';
import { isTransfer } from './wrap';

export function lateUnpackError(context: PullContext, pulled: Pulled): PullError | undefined {
  const { target } = pulled;
  const cri = context.way.startsWith('cri');
  const error =
    isManifestType(target.mediaType) || isIndexType(target.mediaType)
      ? (manifestProblem(context, pulled) ?? layersError(context, pulled))
      : notFound(`unexpected media type ${target.mediaType} for ${target.digest}`);
  if (!error) return undefined;
  return cri ? wrap(`failed to unpack image on snapshotter ${context.snapshotter}`, error) : error;
}

/**
 * images.Manifest on what was stored: of an index the one that suits best, whether it was fetched or not. Of one without a platform its
 * config says which that is.
 */
export function manifestProblem({ platform }: PullContext, pulled: Pulled): PullError | undefined {
  const { target, best, fetched, manifest } = pulled;
  if (!isIndexType(target.mediaType)) return undefined;
  if (best && !fetched.has(best.digest)) return notFound(`content digest ${best.digest}`);
  const said = best?.platform || !best || isIndexType(best.mediaType) ? undefined : configOf(pulled)?.platform;
  return !best || !manifest || (said && platformRank(platform, said) < 0) ? noMatch(target.digest) : undefined;
}

/** Unpacker.unpack: whether it has a platform that takes this config. The client's own takes any, and so does the transfer service of 2.1. */
export function isTakenUp(context: PullContext, config: ReadConfig): boolean {
  const { version } = context;
  if (does(version, 'unpackNeedsLayers') && config.rootfs !== undefined && !['', 'layers'].includes(config.rootfs)) return false;
  if (!isTransfer(context) || !config.platform) return true;
  if (does(version, 'transferChecksOs')) return ['', context.platform.os].includes(config.platform.os);
  if (!does(version, 'transferChecksPlatform')) return true;
  const rank = platformRank(context.platform, config.platform);
  return does(version, 'transferIsStrict') ? rank === 0 : rank >= 0;
}

/** getLayers, then ApplyLayer on each; without the config nothing can be said. */
function layersError(context: PullContext, pulled: Pulled): PullError | undefined {
  const { version } = context;
  const { manifest, fetched, contents } = pulled;
  const { diffIds, problem } = configOf(pulled) ?? {};
  if (problem !== undefined) return pullError(`failed to resolve rootfs: ${problem}`);
  if (!manifest || !diffIds) return undefined;
  const layers = does(version, 'ignoresOtherLayers')
    ? manifest.layers.filter(({ mediaType }) => isLayerType(mediaType, version))
    : manifest.layers;
  if (layers.length !== diffIds.length) return pullError('mismatched image rootfs and manifest layers');
  for (const [index, layer] of layers.entries()) {
    const cause = applyError(layer.mediaType, layer.digest, fetched, isLayerType(layer.mediaType, version));
    if (cause) return lateWrap(context, wrap(`failed to extract layer ${diffIds[index] ?? ''}`, cause));
    const content = contents.get(layer.digest);
    const problem = content && extractProblem(context, layer, index, diffIds[index], content, true);
    if (problem) return lateWrap(context, problem);
  }
  return undefined;
}

/** What goes wrong when the layer at `index` is applied: `late` by the client, which unpacks what was fetched before, else by the unpacker. */
export function extractProblem(
  context: PullContext,
  layer: Descriptor,
  index: number,
  wanted: string | undefined,
  { diffId, archiveError, refused, request }: Fetched,
  late = false,
): PullError | undefined {
  const cause = refused ?? (archiveError === undefined ? undefined : applyWords(context, index, archiveError));
  const error =
    cause !== undefined
      ? extractError(context, layer, wanted ?? '', cause, late)
      : diffId !== undefined && wanted !== undefined && diffId !== wanted
        ? diffIdError(context, layer, diffId, wanted, late)
        : undefined;
  return error && { ...error, ...(request && { content: request }) };
}

/** Applier.Apply failed. The name of a snapshot is by chance. */
function extractError({ version, snapshotter }: PullContext, layer: Descriptor, diffId: string, cause: string, late: boolean): PullError {
  const code = does(version, 'diffErrorHasCode') ? ': unknown' : '';
  const where =
    !late && does(version, 'extractNamesLayer')
      ? `(${layer.mediaType} ${layer.digest}) to ${snapshotter} as "extract-1-1 ${diffId}"`
      : diffId;
  return wrap(`failed to extract layer ${where}`, pullError(`${cause}${code}`));
}

function diffIdError({ version }: PullContext, { digest }: Descriptor, diffId: string, wanted: string, late: boolean): PullError {
  if (late) return pullError(`wrong diff id calculated on extraction "${diffId}"`);
  const both = does(version, 'diffIdNamesBoth');
  return pullError(
    both
      ? `wrong diff id "${diffId}" calculated on extraction "${wanted}", desc "${digest}"`
      : `wrong diff id calculated on extraction "${wanted}"`,
  );
}

/**
 * apply (core/diff/apply/apply_linux.go): into an overlay at once, and by a mount of chance name where there is none, as for the first layer.
 * What gzip finds out at its end comes after the archive, which was applied by then.
 */
function applyWords({ snapshotter }: PullContext, index: number, archiveError: string): string {
  const mounts = (index === 0 || snapshotter !== 'overlayfs') && !archiveError.startsWith('gzip: ');
  return mounts ? `mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount1: ${archiveError}` : archiveError;
}

/** No processor takes the layer's bytes. Nobody tells us of a decoder, and without one this is what is said. */
export function processorError({ version }: PullContext, mediaType: string): string | undefined {
  const processor = layerProcessor(mediaType, version);
  const cause = does(version, 'decoderByExecabs')
    ? 'ctd-decoder resolves to executable in current directory (./ctd-decoder)'
    : 'exec: "ctd-decoder": executable file not found in $PATH';
  if (processor === 'decoder') return `failed to get stream processor for ${mediaType}: ${cause}`;
  return processor ? undefined : `failed to get stream processor for ${mediaType}: no processor for media-type`;
}

/** The client names the image before an error of its own unpack. */
function lateWrap({ version, reference }: PullContext, error: PullError): PullError {
  return does(version, 'unpackNamesImage') ? wrap(`apply layer error for "${reference.name}"`, error) : error;
}

function applyError(mediaType: string, digest: string, fetched: ReadonlySet<string>, isLayer: boolean): PullError | undefined {
  if (!fetched.has(digest)) return wrap('failed to get reader from content store', notFound(`content digest ${digest}`));
  return isLayer ? undefined : pullError(`failed to get stream processor for ${mediaType}: no processor for media-type: unknown`);
}
