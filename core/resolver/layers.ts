/** The layers of a manifest: fetched side by side, extracted one after the other. */
import { fail, ok, pullError, type Result } from './errors';
import { fetchContent } from './fetch';
import { inParallel, type Machine, type PullContext } from './machine';
import type { Child, ImageManifest } from './manifest';
import { layerProcessor } from './mediaTypes';
import type { Pulled } from './pulled';
import type { LiveHost } from './request';
import { extractProblem, isTakenUp, processorError } from './unpack';

/** Unpacker.unpack: the count first, then the layers; the first error in time ends it, of a fetch or of an extraction. */
export function* unpackLayers(
  context: PullContext,
  hosts: readonly LiveHost[],
  { config, layers }: ImageManifest,
  pulled: Pulled,
): Machine<Result<undefined>> {
  const read = pulled.configs.get(config.digest);
  const diffIds = read?.diffIds;
  if (layers.length === 0) return ok(undefined);
  if (diffIds && diffIds.length !== layers.length)
    return fail(pullError(`number of layers and diffIDs don't match: ${layers.length} != ${diffIds.length}`));
  // What nobody takes up is fetched all the same.
  pulled.unpacked = read === undefined || isTakenUp(context, read);
  const fetches = fetchLayers(context, hosts, layers, pulled).map(function* (fetch): Machine<Result<undefined>> {
    const done = yield* fetch;
    return done.ok && pulled.unpacked ? firstExtractError(context, { config, layers }, pulled) : done;
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
function firstExtractError(context: PullContext, { config, layers }: ImageManifest, { contents, configs }: Pulled): Result<undefined> {
  const diffIds = configs.get(config.digest)?.diffIds;
  for (const [index, layer] of layers.entries()) {
    const content = contents.get(layer.digest);
    const error = content && extractProblem(context, layer, index, diffIds?.[index], content);
    if (error) return fail(error);
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
