import { pathJoin } from '../go/path';
import { parseUrl } from '../go/url';
import { quote } from '../go/quote';
import { newestVersion, satisfies, type Version } from '../versions/versions';
import { digestProblem, isDomain, isRemoteName, isTag, looksLikeDigest } from './names';

/** An image reference as containerd's resolver sees it (pkg/reference Spec). */
export interface Reference {
  /** Host and path: `docker.io/library/nginx`. */
  readonly locator: string;
  /** `latest`, `@sha256:…`, `tag@sha256:…`. */
  readonly object: string;
  /** The namespace that certs.d is asked for, with its port: `docker.io`. */
  readonly hostname: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

export type ParsedReference = { readonly ok: true; readonly reference: Reference } | { readonly ok: false; readonly error: string };

const invalid = 'invalid reference format';

/**
 * A reference as CRI takes it: distribution/reference ParseDockerRef, then pkg/reference Parse. The error is what PullImage returns
 * (pkg/cri/server/image_pull.go, internal/cri/server/images/image_pull.go: PullImage).
 */
export function parseReference(text: string, version: Version = newestVersion): ParsedReference {
  const normalized = parseDockerRef(text, version);
  if (!normalized.ok) return { ok: false, error: `failed to parse image reference ${quote(text)}: ${normalized.error}` };
  return parseSpec(normalized.reference);
}

/** A reference as ctr hands it to the resolver, without normalisation: pkg/reference Parse, and Resolve's demand for an object. */
export function parseSpec(text: string): ParsedReference {
  if (text.includes('://')) return { ok: false, error: 'invalid reference' };
  const parsed = parseUrl(`dummy://${text}`);
  if (!parsed.ok) return parsed;
  const { host, plainPath: path } = parsed.url;
  if (host === '') return { ok: false, error: 'hostname required' };
  const split = path.search(/[:@]/);
  const tail = split < 0 ? '' : path.slice(split);
  const object = tail.startsWith(':') ? tail.slice(1) : tail;
  if (object === '') return { ok: false, error: 'object required' };
  return { ok: true, reference: specOf(pathJoin(host, split < 0 ? path : path.slice(0, split)), object) };
}

/** The reference as CRI reads it; where CRI refuses the text, as ctr does. For questions about certs.d, which both ask. */
export function parseEitherWay(text: string, version: Version = newestVersion): ParsedReference {
  const cri = parseReference(text, version);
  if (cri.ok) return cri;
  const ctr = parseSpec(text);
  return ctr.ok ? ctr : cri;
}

function specOf(locator: string, object: string): Reference {
  const slash = locator.indexOf('/');
  const at = object.indexOf('@');
  const tag = at < 0 ? object : object.slice(0, at);
  return {
    locator,
    object,
    hostname: slash < 0 ? locator : locator.slice(0, slash),
    path: slash < 0 ? '' : locator.slice(slash + 1),
    ...(tag === '' ? {} : { tag }),
    ...(at < 0 ? {} : { digest: object.slice(at + 1) }),
  };
}

type Normalized = { readonly ok: true; readonly reference: string } | { readonly ok: false; readonly error: string };

/** distribution/reference normalize.go ParseDockerRef: Docker Hub is spelled out, `latest` is added, a tag beside a digest dropped. */
export function parseDockerRef(text: string, version: Version = newestVersion): Normalized {
  if (/^[a-f\d]{64}$/.test(text)) {
    return fail(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { domain, remainder } = splitDockerDomain(text, version);
  const colon = remainder.indexOf(':');
  const remote = colon < 0 ? remainder : remainder.slice(0, colon);
  if (remote.toLowerCase() !== remote) {
    // 1.5 and 1.6 have their own copy (reference/docker/reference.go) that does not name the repository.
    return fail(`${invalid}: repository name ${satisfies(version, '>=1.7.0') ? `(${remote}) ` : ''}must be lowercase`);
  }
  return normalize(`${domain}/${remainder}`, version);
}

/** distribution/reference reference.go Parse, and what ParseDockerRef makes of its result. */
function normalize(full: string, version: Version): Normalized {
  const parts = splitReference(full, version);
  if (!parts) return fail(splitReference(full.toLowerCase(), version) ? 'repository name must be lowercase' : invalid);
  const measured = satisfies(version, '>=2.0.0') ? parts.path : parts.name;
  if (measured.length > 255) return fail('repository name must not be more than 255 characters');
  if (parts.digest !== undefined) {
    const problem = digestProblem(parts.digest);
    return problem === undefined ? { ok: true, reference: `${parts.name}@${parts.digest}` } : fail(problem);
  }
  return { ok: true, reference: `${parts.name}:${parts.tag ?? 'latest'}` };
}

interface Parts {
  readonly name: string;
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** ReferenceRegexp and anchoredNameRegexp of regexp.go. IPv6 hosts are known since 1.7.0 (reference/docker/regexp.go). */
function splitReference(full: string, version: Version): Parts | undefined {
  const at = full.indexOf('@');
  const digest = at < 0 ? undefined : full.slice(at + 1);
  const named = at < 0 ? full : full.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  if ((digest !== undefined && !looksLikeDigest(digest)) || (tag !== undefined && !isTag(tag))) return undefined;
  const slash = name.indexOf('/');
  const path = name.slice(slash + 1);
  if (slash > 0 && isDomain(name.slice(0, slash), satisfies(version, '>=1.7.0')) && isRemoteName(path)) return { name, path, tag, digest };
  // Without a valid domain the whole may still be a name, as `my_registry.local/app` is: containerd then takes its first part as host.
  return isRemoteName(name) ? { name, path: name, tag, digest } : undefined;
}

/** distribution/reference normalize.go splitDockerDomain. */
function splitDockerDomain(text: string, version: Version): { readonly domain: string; readonly remainder: string } {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  const named = slash >= 0 && isRegistryName(first, version);
  const domain = !named || first === 'index.docker.io' ? 'docker.io' : first;
  const remainder = named ? text.slice(slash + 1) : text;
  return { domain, remainder: domain === 'docker.io' && !remainder.includes('/') ? `library/${remainder}` : remainder };
}

/** Capital letters make a registry of the first part since 1.7.0. */
function isRegistryName(first: string, version: Version): boolean {
  return first === 'localhost' || /[.:]/.test(first) || (first.toLowerCase() !== first && satisfies(version, '>=1.7.0'));
}

function fail(error: string): Normalized {
  return { ok: false, error };
}
