/** A whole pull: resolve, index, manifest, config, layers, and the check of what was unpacked. */
import { does } from './behaviours';
import { fail, notFound, ok, pullError, wrap, type GrpcCode, type PullError, type Result } from './errors';
import { fetchContent, readContent } from './fetch';
import { liveHosts } from './hosts';
import { inParallel, type Machine, type PullContext } from './machine';
import { noMatch, readIndex, readManifest, type Child } from './manifest';
import { isConfigType, isIndexType, isLayerType, isManifestType, schema1Manifest } from './mediaTypes';
import { platformRank } from './platform';
import type { LiveHost } from './request';
import { resolve, type Descriptor } from './resolve';
import { schema1Error, schema1Layers } from './schema1';
import { lateUnpackError, manifestProblem } from './unpack';
import { fetchLayers, unpackLayers } from './layers';
import { fetchConfig, fetchMetadata, fetchOnce, manifestBytes } from './pieces';
import { imageOf, type PulledImage } from './pulledImage';
import { configOf, type Pulled } from './pulled';
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
      /** The request whose answer it refuses for what it held. */
      readonly content?: PullError['content'];
      readonly image?: PulledImage;
    };

export function* pull(context: PullContext): Machine<PullResult> {
  const { hosts } = context;
  if (!hosts.ok) return failure(context, undefined, pullError(hosts.error), 'resolve');
  const found = yield* resolve(context, liveHosts(context, hosts, 'resolve'));
  if (!found.ok) return failure(context, undefined, found.error, 'resolve');
  const target = found.value;
  if (context.until === 'resolve') return success(target);
  const pulled: Pulled = { target, chain: [], fetched: new Set(), configs: new Map(), contents: new Map(), unpacked: false };
  const done = yield* fetchAll(context, liveHosts(context, hosts, 'fetch'), pulled);
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
    ...(said.request && { request: askedOf(said.request) }),
    ...(said.content && { content: { method: said.content.method, url: said.content.url } }),
  };
}

function askedOf({ method, url, status }: NonNullable<PullError['request']>): NonNullable<PullError['request']> {
  return status === undefined ? { method, url } : { method, url, status };
}

function* fetchAll(context: PullContext, hosts: readonly LiveHost[], pulled: Pulled): Machine<Result<undefined>> {
  const { target } = pulled;
  if (target.mediaType === schema1Manifest) return yield* fetchSchema1(context, hosts, target, pulled);
  return yield* dispatch(context, hosts, target, pulled);
}

/** images.Dispatch over a descriptor and its children. */
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
  pulled.fetched.add(descriptor.digest);
  pulled.best ??= children.value.fitting[0];
  pulled.offered ??= children.value.all.flatMap(({ platform }) => platform ?? []);
  pulled.sized ??= children.value.limited;
  const chosen = chosenChildren(context, children.value.fitting);
  if (chosen.length === 0 && context.way.startsWith('cri') && !isTransfer(context)) return fail(noMatch());
  const others = context.way.startsWith('ctr') && does(context.version, 'ctrAllMetadata') ? children.value.all : [];
  return yield* inParallel(
    [
      ...once(chosen).map((child) => dispatch(context, hosts, child, pulled)),
      ...once(others.filter((child) => !chosen.includes(child))).map((child) =>
        isIndexType(child.mediaType) ? dispatchIndex(context, hosts, child, pulled) : fetchMetadata(context, hosts, child, pulled),
      ),
    ],
    context.downloads,
  );
}

/** What stands twice in an index or a manifest is fetched once: the content store has it then. */
function once(children: readonly Child[]): readonly Child[] {
  return [...new Map(children.map((child) => [child.digest, child])).values()];
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
  // An index may name a manifest twice.
  if (pulled.chain.some(({ digest }) => digest === descriptor.digest)) return ok(undefined);
  const content = yield* fetchContent(context, hosts, 'manifest', descriptor, { body: 'text', maxBytes: manifestBytes });
  if (!content.ok) return content;
  pulled.fetched.add(descriptor.digest);
  const manifest = readManifest(context, descriptor, content.value.body ?? '');
  if (!manifest.ok) return manifest;
  pulled.chain.push(descriptor);
  if (!pulled.manifest || pulled.best?.digest === descriptor.digest) pulled.manifest = manifest.value;
  if (context.until === 'manifest') return ok(undefined);
  const { config, layers } = manifest.value;
  const unpackable = layers.filter(({ mediaType }) => isLayerType(mediaType, context.version));
  const others = layers.filter((layer) => !unpackable.includes(layer)).map((other) => dispatch(context, hosts, other, pulled));
  const configured = fetchConfig(context, hosts, config, pulled);
  // ctr's own pull fetches everything side by side and unpacks afterwards.
  if (isCtrLocal(context))
    return yield* inParallel([configured, ...fetchLayers(context, hosts, unpackable, pulled), ...others], context.downloads);
  const done = yield* inParallel([configured, ...others], context.downloads);
  // The unpacker fetches layers, and only a known config starts it.
  if (!done.ok || !isConfigType(config.mediaType)) return done;
  return yield* unpackLayers(context, hosts, { config, layers: unpackable }, pulled);
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
  const mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
  const fetches = [...new Set(layers.value)].map((digest) =>
    fetchOnce(context, hosts, 'layer', { mediaType, digest, size: undefined }, pulled),
  );
  return yield* inParallel(fetches, context.downloads);
}

/** What still goes wrong when everything was fetched: the client's late unpack, or CRI's look at the image. */
function afterPull(context: PullContext, pulled: Pulled): PullResult | undefined {
  const { target, manifest } = pulled;
  if (target.mediaType === schema1Manifest) return undefined;
  if (target.mediaType === '') return failure(context, target, namelessType, 'fetch');
  const unpackError = isTransfer(context) || pulled.unpacked ? undefined : lateUnpackError(context, pulled);
  if (unpackError) return failure(context, target, unpackError, 'fetch');
  if (!context.way.startsWith('cri')) return undefined;
  const isMissing = !manifest && !isIndexType(target.mediaType) && isTransfer(context);
  const missing = isMissing ? notFound(`unexpected media type ${target.mediaType} for ${target.digest}`) : manifestProblem(context, pulled);
  if (missing) return failure(context, target, wrap('get image config descriptor', missing), 'image');
  const error = manifest && imageStoreError(pulled, manifest.config.digest);
  return error && failure(context, target, error, 'image');
}

/** validateTarget (core/metadata/images.go): an answer without Content-Type was taken as it came, until the image gets its name. */
const namelessType = pullError('Target.MediaType must be set: invalid argument', 'InvalidArgument');

/** getImage of CRI's image store (internal/cri/store/image/image.go): it reads the config again, then sums up sizes. */
function imageStoreError(pulled: Pulled, imageId: string): PullError | undefined {
  const { sized, fetched } = pulled;
  const problem = configOf(pulled)?.problem;
  const what = `failed to update image store "${imageId}": get image info from containerd`;
  if (problem !== undefined) return wrap(`${what}: get image diffIDs`, pullError(problem));
  if (!sized || fetched.has(sized.digest)) return undefined;
  return wrap(`${what}: get image compressed resource size`, notFound(`content digest ${sized.digest}`));
}
