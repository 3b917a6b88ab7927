/** net/url, as far as a pull can tell: parsing with Go's errors, printing, resolving a Location, and query strings. */
import { fromUtf8, utf8 } from './bytes';
import { quote } from './quote';

export interface GoUrl {
  readonly scheme: string;
  readonly user: string | undefined;
  /** With port; empty for a reference without authority. */
  readonly host: string;
  /** Escaped, as it will be sent. */
  readonly path: string;
  /** Without `?`; undefined when there is none. */
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

export type ParsedUrl = { readonly ok: true; readonly url: GoUrl } | { readonly ok: false; readonly error: string };

/** url.Parse. */
export function parseUrl(text: string): ParsedUrl {
  const fail = (reason: string): ParsedUrl => ({ ok: false, error: `parse ${quote(text)}: ${reason}` });
  // The characters below space and DEL are what Go refuses (stringContainsCTLByte).
  if (Array.from(text).some((char) => char < ' ' || char === '\x7f')) return fail('net/url: invalid control character in URL');
  const [beforeFragment, fragment] = cut(text, '#');
  const scheme = schemeOf(beforeFragment);
  if (scheme === undefined) return fail('missing protocol scheme');
  const [beforeQuery, query] = cut(scheme === '' ? beforeFragment : beforeFragment.slice(scheme.length + 1), '?');
  const badEscape = /%(?![0-9a-f]{2}).{0,2}/i.exec(beforeQuery);
  if (badEscape) return fail(`invalid URL escape ${quote(badEscape[0])}`);
  if (!beforeQuery.startsWith('/')) {
    const segment = beforeQuery.split('/', 1)[0] ?? '';
    if (scheme === '' && segment.includes(':')) return fail('first path segment in URL cannot contain colon');
  }
  const parts = { scheme: scheme.toLowerCase(), query, fragment };
  if (!beforeQuery.startsWith('//')) return { ok: true, url: { ...parts, user: undefined, host: '', path: escapePath(beforeQuery) } };
  const slash = beforeQuery.indexOf('/', 2);
  const authority = slash < 0 ? beforeQuery.slice(2) : beforeQuery.slice(2, slash);
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const problem = hostProblem(host);
  if (problem !== undefined) return fail(problem);
  return {
    ok: true,
    url: { ...parts, user: at < 0 ? undefined : authority.slice(0, at), host, path: slash < 0 ? '' : escapePath(beforeQuery.slice(slash)) },
  };
}

/** URL.String. */
export function formatUrl({ scheme, user, host, path, query, fragment }: GoUrl): string {
  const authority = host === '' && scheme !== 'file' ? '' : `//${user === undefined ? '' : `${user}@`}${host}`;
  return `${scheme === '' ? '' : `${scheme}:`}${authority}${path}${query === undefined ? '' : `?${query}`}${fragment === undefined ? '' : `#${fragment}`}`;
}

/** URL.ResolveReference: where a Location leads. */
export function resolveUrl(base: GoUrl, ref: GoUrl): GoUrl {
  if (ref.scheme !== '') return { ...ref, path: ref.host === '' ? ref.path : removeDots(ref.path) };
  if (ref.host !== '') return { ...ref, scheme: base.scheme, path: removeDots(ref.path) };
  const place = { scheme: base.scheme, user: base.user, host: base.host, fragment: ref.fragment };
  if (ref.path === '') return { ...place, path: base.path, query: ref.query ?? base.query };
  const path = ref.path.startsWith('/') ? ref.path : base.path.slice(0, base.path.lastIndexOf('/') + 1) + ref.path;
  return { ...place, path: removeDots(path), query: ref.query };
}

/** url.QueryEscape. */
export function queryEscape(text: string): string {
  let escaped = '';
  for (const byte of utf8(text)) {
    const char = String.fromCharCode(byte);
    if (/[\w\-.~]/.test(char)) escaped += char;
    else escaped += char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

export type QueryValues = readonly (readonly [string, string])[];

/** Values.Encode: sorted by key, the values of a key in their order. */
export function encodeQuery(values: QueryValues): string {
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => `${queryEscape(key)}=${queryEscape(value)}`)
    .join('&');
}

/** url.ParseQuery; pairs that Go reports as an error are left out, as Query() does. */
export function parseQuery(query: string | undefined): QueryValues {
  if (query === undefined || query === '') return [];
  return query.split('&').flatMap((pair) => {
    if (pair === '' || pair.includes(';')) return [];
    const [key, value = ''] = cut(pair, '=');
    const [k, v] = [unescapeQuery(key), unescapeQuery(value)];
    return k === undefined || v === undefined ? [] : [[k, v] as const];
  });
}

/** A host without its port and brackets: URL.Hostname. */
export function hostname(host: string): string {
  const bracket = /^\[([^\]]*)\]/.exec(host);
  return bracket?.[1] ?? host.replace(/:\d*$/, '');
}

/** The port of a host, as net.SplitHostPort; empty when there is none. */
export function portOf(host: string): string {
  return /:(\d*)$/.exec(host.replace(/^\[[^\]]*\]/, ''))?.[1] ?? '';
}

export function isIpAddress(host: string): boolean {
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(host) || host.includes(':');
}

function cut(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** getScheme: empty when there is none, undefined for the error `missing protocol scheme`. */
function schemeOf(text: string): string | undefined {
  if (text.startsWith(':')) return undefined;
  return /^[A-Z][A-Z0-9+.-]*(?=:)/i.exec(text)?.[0] ?? '';
}

function hostProblem(host: string): string | undefined {
  const space = /[ <>"^`{|}\\]/.exec(host);
  if (space) return `invalid character ${quote(space[0])} in host name`;
  if (host.startsWith('[') && !host.includes(']')) return "missing ']' in host";
  const colon = host.indexOf(':', host.lastIndexOf(']') + 1);
  if (colon >= 0 && !/^:\d*$/.test(host.slice(colon))) return `invalid port ${quote(host.slice(colon))} after host`;
  return undefined;
}

function escapePath(path: string): string {
  let escaped = '';
  for (const byte of utf8(path)) {
    const char = String.fromCharCode(byte);
    escaped += /[\w\-.~$&+,/:;=@%!'()*[\]]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

function removeDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/');
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  const last = segments.at(-1);
  if (last === '.' || last === '..') kept.push('');
  const joined = kept.join('/');
  return joined.startsWith('/') ? joined : `/${joined}`;
}

function unescapeQuery(text: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined;
  const bytes: number[] = [];
  for (const part of text.replace(/\+/g, ' ').match(/%[0-9a-f]{2}|[^%]+/gi) ?? []) {
    if (part.startsWith('%') && part.length === 3) bytes.push(parseInt(part.slice(1), 16));
    else bytes.push(...utf8(part));
  }
  return fromUtf8(bytes);
}
