/** image.Unpack (client/image.go): what the client says when it unpacks an image that no unpacker had taken up. */
import { does } from './behaviours';
import { notFound, pullError, wrap, type PullError } from './errors';
import type { PullContext } from './machine';
import { noMatch } from './manifest';
import { isIndexType, isLayerType, isManifestType, layerProcessor } from './mediaTypes';
import { configOf, type Pulled } from './pulled';
import type { Descriptor } from './resolve';
import { isCtrLocal } from './wrap';

export function lateUnpackError(context: PullContext, pulled: Pulled): PullError | undefined {
  const { target } = pulled;
  const cri = context.way.startsWith('cri');
  if (isIndexType(target.mediaType) && !pulled.manifest) return missingManifest(pulled);
  const error =
    isManifestType(target.mediaType) || isIndexType(target.mediaType)
      ? layersError(context, pulled)
      : notFound(`unexpected media type ${target.mediaType} for ${target.digest}`);
  if (!error) return undefined;
  return cri ? wrap(`failed to unpack image on snapshotter ${context.snapshotter}`, error) : error;
}

/** images.Manifest on what was stored: the best manifest was not fetched, or there is none. */
export function missingManifest({ best, target }: Pulled): PullError {
  return best ? notFound(`content digest ${best.digest}`) : noMatch(target.digest);
}

/** getLayers, then ApplyLayer on each; without the config nothing can be said. */
function layersError(context: PullContext, pulled: Pulled): PullError | undefined {
  const { version } = context;
  const { manifest, fetched } = pulled;
  const { diffIds, problem } = configOf(pulled) ?? {};
  if (problem !== undefined) return pullError(`failed to resolve rootfs: ${problem}`);
  if (!manifest || !diffIds) return undefined;
  const layers = does(version, 'ignoresOtherLayers')
    ? manifest.layers.filter(({ mediaType }) => isLayerType(mediaType, version))
    : manifest.layers;
  if (layers.length !== diffIds.length) return pullError('mismatched image rootfs and manifest layers');
  for (const [index, layer] of layers.entries()) {
    const cause = applyError(layer.mediaType, layer.digest, fetched, isLayerType(layer.mediaType, version));
    if (!cause) continue;
    return lateWrap(context, wrap(`failed to extract layer ${diffIds[index] ?? ''}`, cause));
  }
  return undefined;
}

/** Applier.Apply failed. The name of a snapshot is by chance. */
export function extractError(context: PullContext, layer: Descriptor, diffId: string, cause: string): PullError {
  const { version, snapshotter } = context;
  const code = does(version, 'diffErrorHasCode') ? ': unknown' : '';
  const applied = pullError(`${cause}${code}`);
  if (isCtrLocal(context)) return lateWrap(context, wrap(`failed to extract layer ${diffId}`, applied));
  const where = does(version, 'extractNamesLayer')
    ? `(${layer.mediaType} ${layer.digest}) to ${snapshotter} as "extract-1-1 ${diffId}"`
    : diffId;
  return wrap(`failed to extract layer ${where}`, applied);
}

/** What is no archive. The name of a mount is by chance. */
export function mountError(archiveError: string): string {
  return `mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount1: ${archiveError}`;
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
export function lateWrap({ version, reference }: PullContext, error: PullError): PullError {
  return does(version, 'unpackNamesImage') ? wrap(`apply layer error for "${reference.name}"`, error) : error;
}

function applyError(mediaType: string, digest: string, fetched: ReadonlySet<string>, isLayer: boolean): PullError | undefined {
  if (!fetched.has(digest)) return wrap('failed to get reader from content store', notFound(`content digest ${digest}`));
  return isLayer ? undefined : pullError(`failed to get stream processor for ${mediaType}: no processor for media-type: unknown`);
}
