/** images.Children and its filters (core/images/image.go, handlers.go): what an index or a manifest leads to. */
import { field, jsonKind, unmarshal } from '../go/json';
import { does } from './behaviours';
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
export function readManifest({ version }: PullContext, { digest, mediaType }: Descriptor, body: string): Result<ImageManifest> {
  const document = parse(body, digest, mediaType, does(version, 'checksMediaType'));
  if (!document.ok) return document;
  const layers = field(document.value, 'layers');
  if (layers !== undefined && layers !== null && !Array.isArray(layers))
    return fail(typeMismatch(layers, 'Manifest.layers', '[]v1.Descriptor'));
  return ok({ config: readDescriptor(field(document.value, 'config')), layers: (Array.isArray(layers) ? layers : []).map(readDescriptor) });
}

export interface IndexChildren {
  readonly all: readonly Child[];
  /** Filtered and sorted for the platform: FilterPlatforms, LimitManifests. */
  readonly fitting: readonly Child[];
}

/** Children of an index. */
export function readIndex(context: PullContext, { digest, mediaType }: Descriptor, body: string): Result<IndexChildren> {
  const document = parse(body, digest, mediaType, does(context.version, 'checksMediaType'));
  if (!document.ok) return document;
  const manifests = field(document.value, 'manifests');
  if (manifests !== undefined && manifests !== null && !Array.isArray(manifests))
    return fail(typeMismatch(manifests, 'Index.manifests', '[]v1.Descriptor'));
  const rankOf = ({ platform }: Child): number => (platform ? platformRank(context.platform, platform) : Number.MAX_SAFE_INTEGER);
  const all = (Array.isArray(manifests) ? manifests : []).map(readDescriptor);
  return ok({ all, fitting: all.filter((child) => rankOf(child) >= 0).sort((a, b) => rankOf(a) - rankOf(b)) });
}

/** What images.Manifest says after a pull that found nothing for this platform. */
export function noMatch(digest?: string): ReturnType<typeof notFound> {
  return notFound(`no match for platform in manifest${digest === undefined ? '' : ` ${digest}`}`);
}

function parse(body: string, digest: string, mediaType: string, checks: boolean): Result<unknown> {
  const invalid = (text: string): Result<unknown> => fail(pullError(checks ? `children: invalid desc ${digest}: ${text}` : text));
  const parsed = unmarshal(body);
  if (!parsed.ok) return invalid(parsed.error);
  const kind = jsonKind(parsed.value);
  if (kind !== 'object' && kind !== 'null')
    return invalid(
      `json: cannot unmarshal ${kind} into Go value of type ${checks ? 'images.unknownDocument' : isIndexType(mediaType) ? 'v1.Index' : 'v1.Manifest'}`,
    );
  const problem = checks ? mediaTypeProblem(parsed.value, mediaType) : undefined;
  return problem === undefined ? ok(parsed.value) : invalid(problem);
}

/** validateMediaType: documents that could be read as the other kind are refused. */
function mediaTypeProblem(document: unknown, mediaType: string): string | undefined {
  const filled = (name: string): boolean => {
    const value = field(document, name);
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  };
  const said = field(document, 'mediaType');
  const own = typeof said === 'string' ? said : '';
  if (filled('fsLayers')) return 'media-type: schema 1 not supported';
  if (isManifestType(mediaType) && (filled('manifests') || isIndexType(own)))
    return `media-type: expected manifest but found index (${mediaType})`;
  if (isIndexType(mediaType) && (filled('config') || filled('layers') || isManifestType(own)))
    return `media-type: expected index but found manifest (${mediaType})`;
  return undefined;
}

function typeMismatch(value: unknown, name: string, type: string): ReturnType<typeof pullError> {
  return pullError(`json: cannot unmarshal ${jsonKind(value)} into Go struct field ${name} of type ${type}`);
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
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : 0,
    urls: Array.isArray(urls) ? urls.filter((url) => typeof url === 'string') : [],
    platform:
      typeof platform === 'object' && platform !== null
        ? { os: text('os', platform), architecture: text('architecture', platform), variant: text('variant', platform) }
        : undefined,
  };
}
