/** The layers of a manifest: fetched side by side, extracted one after the other. */
import { does } from './behaviours';
import { fail, ok, pullError, type PullError, type Result } from './errors';
import { fetchContent, type Fetched } from './fetch';
import { inParallel, type Machine, type PullContext } from './machine';
import type { Child, ImageManifest } from './manifest';
import { layerProcessor } from './mediaTypes';
import type { Pulled } from './pulled';
import type { LiveHost } from './request';
import { extractError, lateWrap, mountError, processorError } from './unpack';
import { isCtrLocal } from './wrap';

/** Unpacker.unpack: the count first, then the layers; the first error in time ends it, of a fetch or of an extraction. */
export function* unpackLayers(
  context: PullContext,
  hosts: readonly LiveHost[],
  { config, layers }: ImageManifest,
  pulled: Pulled,
): Machine<Result<undefined>> {
  const diffIds = pulled.configs.get(config.digest)?.diffIds;
  if (layers.length === 0) return ok(undefined);
  if (diffIds && diffIds.length !== layers.length)
    return fail(pullError(`number of layers and diffIDs don't match: ${layers.length} != ${diffIds.length}`));
  pulled.unpacked = true;
  const fetches = fetchLayers(context, hosts, layers, pulled).map(function* (fetch): Machine<Result<undefined>> {
    const done = yield* fetch;
    return done.ok ? firstExtractError(context, { config, layers }, pulled) : done;
  });
  return yield* inParallel(fetches, context.downloads);
}

/** One machine for each layer; one that stands there twice is fetched once. */
export function fetchLayers(
  context: PullContext,
  hosts: readonly LiveHost[],
  layers: readonly Child[],
  pulled: Pulled,
): readonly Machine<Result<undefined>>[] {
  const once = new Map(layers.map((layer) => [layer.digest, layer]));
  return [...once.values()].map((layer) => fetchLayer(context, hosts, layer, pulled));
}

/** A layer is extracted when all before it are: the first wrong one of those that could be extracted by now. */
export function firstExtractError(
  context: PullContext,
  { config, layers }: ImageManifest,
  { contents, configs }: Pulled,
): Result<undefined> {
  const diffIds = configs.get(config.digest)?.diffIds;
  for (const [index, layer] of layers.entries()) {
    const content = contents.get(layer.digest);
    const error = content && extractProblem(context, layer, diffIds?.[index], content);
    if (error) return fail({ ...error, ...(content.request && { content: content.request }) });
    if (!content) break;
  }
  return ok(undefined);
}

function* fetchLayer(context: PullContext, hosts: readonly LiveHost[], layer: Child, pulled: Pulled): Machine<Result<undefined>> {
  if (pulled.fetched.has(layer.digest)) return ok(undefined);
  const plain = layerProcessor(layer.mediaType, context.version) === 'plain';
  const want = context.download ? ({ body: 'digest', diffId: true, ...(plain && { plain }) } as const) : ({ body: 'none' } as const);
  const content = yield* fetchContent(context, hosts, 'layer', layer, want);
  if (!content.ok) return content;
  pulled.fetched.add(layer.digest);
  const refused = processorError(context, layer.mediaType);
  pulled.contents.set(layer.digest, { ...content.value, ...(refused !== undefined && { refused }) });
  return ok(undefined);
}

function extractProblem(
  context: PullContext,
  layer: Child,
  wanted: string | undefined,
  { diffId, archiveError, refused }: Fetched,
): PullError | undefined {
  if (refused !== undefined) return extractError(context, layer, wanted ?? '', refused);
  if (archiveError !== undefined) return extractError(context, layer, wanted ?? '', mountError(archiveError));
  if (diffId === undefined || wanted === undefined || diffId === wanted) return undefined;
  if (isCtrLocal(context)) return lateWrap(context, pullError(`wrong diff id calculated on extraction "${diffId}"`));
  const both = does(context.version, 'diffIdNamesBoth');
  return pullError(
    both
      ? `wrong diff id "${diffId}" calculated on extraction "${wanted}", desc "${layer.digest}"`
      : `wrong diff id calculated on extraction "${wanted}"`,
  );
}
