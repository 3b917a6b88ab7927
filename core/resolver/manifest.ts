/** images.Children and its filters (core/images/image.go, handlers.go): what an index or a manifest leads to. */
import { field, unmarshal } from '../go/json';
import { unmarshalTypeError, type GoStruct } from '../go/jsonTypes';
import { does } from './behaviours';
import { indexType, manifestType, unknownDocument } from './documents';
import { fail, notFound, ok, pullError, type Result } from './errors';
import type { Platform, PullContext } from './machine';
import { isIndexType, isManifestType } from './mediaTypes';
import { platformRank } from './platform';
import type { Descriptor } from './resolve';

export interface Child extends Descriptor {
  readonly platform: Platform | undefined;
}

export interface ImageManifest {
  readonly config: Child;
  readonly layers: readonly Child[];
}

/** Children of a manifest: config, then layers. */
export function readManifest(context: PullContext, descriptor: Descriptor, body: string): Result<ImageManifest> {
  const document = parse(context, descriptor, manifestType, body);
  if (!document.ok) return document;
  const layers = field(document.value, 'layers');
  return ok({ config: readDescriptor(field(document.value, 'config')), layers: (Array.isArray(layers) ? layers : []).map(readDescriptor) });
}

export interface IndexChildren {
  readonly all: readonly Child[];
  /** Filtered and sorted for the platform: FilterPlatforms, LimitManifests. */
  readonly fitting: readonly Child[];
  /** LimitManifests without FilterPlatforms: one for this platform, else the first that names any. */
  readonly limited: Child | undefined;
}

/** Children of an index. */
export function readIndex(context: PullContext, descriptor: Descriptor, body: string): Result<IndexChildren> {
  const document = parse(context, descriptor, indexType, body);
  if (!document.ok) return document;
  const manifests = field(document.value, 'manifests');
  const rankOf = ({ platform }: Child): number => (platform ? platformRank(context.platform, platform) : Number.MAX_SAFE_INTEGER);
  const all = (Array.isArray(manifests) ? manifests : []).map(readDescriptor);
  const fitting = all.filter((child) => rankOf(child) >= 0).sort((a, b) => rankOf(a) - rankOf(b));
  const limited = fitting.find(({ platform }) => platform) ?? all.find(({ platform }) => platform) ?? all[0];
  return ok({ all, fitting, limited });
}

/** What images.Manifest says after a pull that found nothing for this platform. */
export function noMatch(digest?: string): ReturnType<typeof notFound> {
  return notFound(`no match for platform in manifest${digest === undefined ? '' : ` ${digest}`}`);
}

function parse({ version, go }: PullContext, { digest, mediaType }: Descriptor, type: GoStruct, body: string): Result<unknown> {
  const checks = does(version, 'checksMediaType');
  const invalid = (text: string): Result<unknown> => fail(pullError(checks ? `children: invalid desc ${digest}: ${text}` : text));
  const parsed = unmarshal(body, go);
  if (!parsed.ok) return invalid(parsed.error);
  const unknown = checks ? (unmarshalTypeError(parsed.value, unknownDocument, go) ?? mediaTypeProblem(parsed.value, mediaType)) : undefined;
  if (unknown !== undefined) return invalid(unknown);
  const problem = unmarshalTypeError(parsed.value, type, go);
  return problem === undefined ? ok(parsed.value) : fail(pullError(problem));
}

/** validateMediaType: documents that could be read as the other kind are refused. */
function mediaTypeProblem(document: unknown, mediaType: string): string | undefined {
  // A json.RawMessage is empty only when the key is not there.
  const filled = (name: string): boolean => field(document, name) !== undefined;
  const said = field(document, 'mediaType');
  const own = typeof said === 'string' ? said : '';
  if (filled('fsLayers')) return 'media-type: schema 1 not supported';
  if (isManifestType(mediaType) && (filled('manifests') || isIndexType(own)))
    return `media-type: expected manifest but found index (${mediaType})`;
  if (isIndexType(mediaType) && (filled('config') || filled('layers') || isManifestType(own)))
    return `media-type: expected index but found manifest (${mediaType})`;
  return undefined;
}

function readDescriptor(value: unknown): Child {
  const text = (name: string, of: unknown = value): string => {
    const found = field(of, name);
    return typeof found === 'string' ? found : '';
  };
  const [size, urls, platform] = [field(value, 'size'), field(value, 'urls'), field(value, 'platform')];
  return {
    mediaType: text('mediaType'),
    digest: text('digest'),
    size: typeof size === 'number' && Number.isSafeInteger(size) ? size : 0,
    urls: Array.isArray(urls) ? urls.filter((url) => typeof url === 'string') : [],
    platform:
      typeof platform === 'object' && platform !== null
        ? { os: text('os', platform), architecture: text('architecture', platform), variant: text('variant', platform) }
        : undefined,
  };
}
