/** A whole pull: resolve, index, manifest, config, layers, and the check of what was unpacked. */
import { does } from './behaviours';
import { fail, notFound, ok, pullError, wrap, type GrpcCode, type PullError, type Result } from './errors';
import { fetchContent, readContent } from './fetch';
import { liveHosts } from './hosts';
import type { Machine, PullContext } from './machine';
import { noMatch, readIndex, readManifest, type Child } from './manifest';
import { isConfigType, isIndexType, isLayerType, isManifestType, schema1Manifest } from './mediaTypes';
import { platformRank } from './platform';
import type { LiveHost } from './request';
import { resolve, type Descriptor } from './resolve';
import { schema1Error, schema1Layers } from './schema1';
import { extractError, lateUnpackError, lateWrap } from './unpack';
import { fetchConfig, fetchMetadata, fetchOnce, manifestBytes } from './pieces';
import { imageOf, type PulledImage } from './pulledImage';
import type { Pulled } from './pulled';
import { isCtrLocal, isTransfer, reported } from './wrap';

export type PullResult =
  | { readonly ok: true; readonly digest: string; readonly mediaType: string; readonly image?: PulledImage }
  | {
      readonly ok: false;
      readonly digest: string | null;
      readonly mediaType: string | null;
      readonly reported: string;
      readonly grpcCode: GrpcCode;
      /** The request that the reported error tells of, where it tells of one. */
      readonly request?: PullError['request'];
      readonly image?: PulledImage;
    };

export function* pull(context: PullContext): Machine<PullResult> {
  const { hosts } = context;
  if (!hosts.ok) return failure(context, undefined, pullError(hosts.error), 'resolve');
  const found = yield* resolve(context, liveHosts(context, hosts.hosts));
  if (!found.ok) return failure(context, undefined, found.error, 'resolve');
  const target = found.value;
  if (context.until === 'resolve') return success(target);
  const pulled: Pulled = { target, chain: [], fetched: new Set(), unpacked: false };
  const done = yield* fetchAll(context, liveHosts(context, hosts.hosts), pulled);
  const image = imageOf(context, pulled);
  if (!done.ok) return { ...failure(context, target, done.error, 'fetch'), image };
  const late = context.until === 'layers' ? afterPull(context, pulled) : undefined;
  return { ...(late ?? success(target)), image };
}

function success({ digest, mediaType }: Descriptor): PullResult {
  return { ok: true, digest, mediaType };
}

function failure(context: PullContext, target: Descriptor | undefined, error: PullError, stage: 'resolve' | 'fetch' | 'image'): PullResult {
  const said = reported(context, error, stage);
  return {
    ok: false,
    digest: target?.digest ?? null,
    mediaType: target?.mediaType ?? null,
    reported: said.text,
    grpcCode: said.code,
    ...(said.request && { request: { method: said.request.method, url: said.request.url } }),
  };
}

function* fetchAll(context: PullContext, hosts: readonly LiveHost[], pulled: Pulled): Machine<Result<undefined>> {
  const { target } = pulled;
  if (target.mediaType === schema1Manifest) return yield* fetchSchema1(context, hosts, target, pulled);
  return yield* dispatch(context, hosts, target, pulled);
}

/** images.Dispatch over a descriptor and its children, one after the other. */
function* dispatch(context: PullContext, hosts: readonly LiveHost[], descriptor: Descriptor, pulled: Pulled): Machine<Result<undefined>> {
  if (isIndexType(descriptor.mediaType)) return yield* dispatchIndex(context, hosts, descriptor, pulled);
  if (isManifestType(descriptor.mediaType)) return yield* dispatchManifest(context, hosts, descriptor, pulled);
  return yield* fetchOnce(context, hosts, descriptor === pulled.target ? 'manifest' : 'layer', descriptor, pulled);
}

function* dispatchIndex(
  context: PullContext,
  hosts: readonly LiveHost[],
  descriptor: Descriptor,
  pulled: Pulled,
): Machine<Result<undefined>> {
  const content = yield* fetchContent(context, hosts, 'manifest', descriptor, { body: 'text', maxBytes: manifestBytes });
  if (!content.ok) return content;
  const children = readIndex(context, descriptor, content.value.body ?? '');
  if (!children.ok) return children;
  pulled.chain.push(descriptor);
  pulled.best ??= children.value.fitting[0];
  const chosen = chosenChildren(context, children.value.fitting);
  if (chosen.length === 0 && context.way.startsWith('cri') && !isTransfer(context)) return fail(noMatch());
  for (const child of chosen) {
    const done = yield* dispatch(context, hosts, child, pulled);
    if (!done.ok) return done;
  }
  if (!context.way.startsWith('ctr') || !does(context.version, 'ctrAllMetadata')) return ok(undefined);
  for (const other of children.value.all.filter((child) => !chosen.includes(child))) {
    const done = yield* fetchMetadata(context, hosts, other, pulled);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

/**
 * client.Pull takes the one best manifest that this platform can run (platforms.Only); the transfer service and ctr's Fetch take every
 * one for exactly this platform (platforms.Ordered, platforms.Any), and find out later when there is none.
 */
function chosenChildren(context: PullContext, children: readonly Child[]): readonly Child[] {
  if (context.way.startsWith('cri') && !isTransfer(context)) return children.slice(0, 1);
  return children.filter(({ platform }) => !platform || platformRank(context.platform, platform) === 0);
}

function* dispatchManifest(
  context: PullContext,
  hosts: readonly LiveHost[],
  descriptor: Descriptor,
  pulled: Pulled,
): Machine<Result<undefined>> {
  const content = yield* fetchContent(context, hosts, 'manifest', descriptor, { body: 'text', maxBytes: manifestBytes });
  if (!content.ok) return content;
  const manifest = readManifest(context, descriptor, content.value.body ?? '');
  if (!manifest.ok) return manifest;
  pulled.chain.push(descriptor);
  pulled.manifest ??= manifest.value;
  if (context.until === 'manifest') return ok(undefined);
  const { config, layers } = manifest.value;
  const isLayer = ({ mediaType }: Child): boolean => isLayerType(mediaType, context.version);
  const configured = yield* fetchConfig(context, hosts, config, pulled);
  // ctr's own pull has asked for everything by the time one of them fails.
  if (!configured.ok && isCtrLocal(context)) yield* unpackLayers(context, hosts, layers.filter(isLayer), pulled);
  if (!configured.ok) return configured;
  for (const other of layers.filter((layer) => !isLayer(layer))) {
    const done = yield* dispatch(context, hosts, other, pulled);
    if (!done.ok) return done;
  }
  // The unpacker fetches layers, and only a known config starts it. ctr's own pull fetches first and unpacks afterwards.
  if (!isConfigType(config.mediaType) && !isCtrLocal(context)) return ok(undefined);
  return yield* unpackLayers(context, hosts, layers.filter(isLayer), pulled);
}

/** Unpacker.unpack: the count first, then layer by layer. */
function* unpackLayers(
  context: PullContext,
  hosts: readonly LiveHost[],
  layers: readonly Child[],
  pulled: Pulled,
): Machine<Result<undefined>> {
  const { diffIds } = pulled;
  if (layers.length === 0) return ok(undefined);
  const early = !isCtrLocal(context);
  if (early && diffIds && diffIds.length !== layers.length)
    return fail(pullError(`number of layers and diffIDs don't match: ${layers.length} != ${diffIds.length}`));
  pulled.unpacked = early;
  for (const [index, layer] of layers.entries()) {
    const done = yield* fetchLayer(context, hosts, layer, diffIds?.[index], pulled);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

function* fetchLayer(
  context: PullContext,
  hosts: readonly LiveHost[],
  layer: Child,
  wanted: string | undefined,
  pulled: Pulled,
): Machine<Result<undefined>> {
  if (pulled.fetched.has(layer.digest)) return ok(undefined);
  const content = yield* fetchContent(
    context,
    hosts,
    'layer',
    layer,
    context.download ? { body: 'digest', diffId: true } : { body: 'none' },
  );
  if (!content.ok) return content;
  pulled.fetched.add(layer.digest);
  const { diffId, archiveError } = content.value;
  if (archiveError !== undefined) return fail(extractError(context, layer, wanted ?? '', archiveError));
  if (diffId === undefined || wanted === undefined || diffId === wanted) return ok(undefined);
  if (isCtrLocal(context)) return fail(lateWrap(context, pullError(`wrong diff id calculated on extraction "${diffId}"`)));
  const both = does(context.version, 'diffIdNamesBoth');
  return fail(
    pullError(
      both
        ? `wrong diff id "${diffId}" calculated on extraction "${wanted}", desc "${layer.digest}"`
        : `wrong diff id calculated on extraction "${wanted}"`,
    ),
  );
}

/** schema1.Converter: the manifest is read without a look at its digest, then the layers it names; their sizes are not known. */
function* fetchSchema1(
  context: PullContext,
  hosts: readonly LiveHost[],
  descriptor: Descriptor,
  pulled: Pulled,
): Machine<Result<undefined>> {
  const refused = schema1Error(context.version, context.reference.name, isTransfer(context));
  if (refused) return fail(refused);
  const content = yield* readContent(context, hosts, descriptor, manifestBytes);
  if (!content.ok) return content;
  const layers = schema1Layers(content.value);
  if (!layers.ok || context.until === 'manifest') return layers.ok ? ok(undefined) : layers;
  for (const digest of layers.value) {
    const layer = { mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', digest, size: -1 };
    const done = yield* fetchOnce(context, hosts, 'layer', layer, pulled);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

/** What still goes wrong when everything was fetched: the client's late unpack, or CRI's look for the config. */
function afterPull(context: PullContext, pulled: Pulled): PullResult | undefined {
  const { target, manifest } = pulled;
  if (target.mediaType === schema1Manifest) return undefined;
  if (!isTransfer(context)) {
    const error = pulled.unpacked ? undefined : lateUnpackError(context, pulled);
    return error && failure(context, target, error, 'fetch');
  }
  if (context.way !== 'cri' || manifest) return undefined;
  const missing = isIndexType(target.mediaType)
    ? missingManifest(pulled)
    : notFound(`unexpected media type ${target.mediaType} for ${target.digest}`);
  return failure(context, target, wrap('get image config descriptor', missing), 'image');
}

/** images.Manifest on what was stored: the best manifest was not fetched, or there is none. */
function missingManifest({ best, target }: Pulled): PullError {
  return best ? notFound(`content digest ${best.digest}`) : noMatch(target.digest);
}
