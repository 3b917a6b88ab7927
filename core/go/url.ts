/** net/url, as far as a pull can tell: parsing with Go's errors, printing, resolving a Location, and query strings. */
import { fromUtf8, utf8 } from './bytes';
import { quote } from './quote';

export interface GoUrl {
  readonly scheme: string;
  /** As written: what stands before the last `@`. */
  readonly user: string | undefined;
  /** With port; empty for a reference without authority. */
  readonly host: string;
  /** URL.EscapedPath: as it will be sent. What follows the scheme in an address without slashes, as in `mailto:me`. */
  readonly path: string;
  /** The field Path: unescaped. Bytes that are no UTF-8 stay escaped, since a Go string can hold them and ours cannot. */
  readonly plainPath: string;
  /** Without `?`; undefined when there is none. */
  readonly query: string | undefined;
  readonly fragment: string | undefined;
  /** OmitHost, and Opaque: after the scheme no `//` was written, so none is printed. */
  readonly omitHost?: boolean;
}

export type ParsedUrl = { readonly ok: true; readonly url: GoUrl } | { readonly ok: false; readonly error: string };

/** Thrown and caught inside this file only. */
class UrlError extends Error {}

/** url.Parse, to the word of its errors: `parse "https://a b": invalid character " " in host name`. */
export function parseUrl(text: string): ParsedUrl {
  const [address, fragment] = cut(text, '#');
  let subject = address;
  try {
    const url = parseAddress(address);
    subject = text;
    if (fragment !== undefined) checkEscapes(fragment);
    return { ok: true, url: { ...url, fragment } };
  } catch (error) {
    if (error instanceof UrlError) return { ok: false, error: `parse ${quote(subject)}: ${error.message}` };
    throw error;
  }
}

/** URL.String. */
export function formatUrl({ scheme, user, host, path, query, fragment, omitHost = false }: GoUrl): string {
  const hasAuthority = host !== '' || user !== undefined || (scheme !== '' && path !== '' && !omitHost);
  const authority = hasAuthority ? `//${user === undefined ? '' : `${userinfo(user)}@`}${host}` : '';
  return `${scheme === '' ? '' : `${scheme}:`}${authority}${path}${query === undefined ? '' : `?${query}`}${fragment === undefined ? '' : `#${fragment}`}`;
}

/** Userinfo.Username and Userinfo.Password. */
export function userOf({ user }: GoUrl): { readonly name: string; readonly password: string | undefined } | undefined {
  if (user === undefined) return undefined;
  const [name, password] = cut(user, ':');
  return { name: plain(name), password: password === undefined ? undefined : plain(password) };
}

/** URL.Redacted. */
export function redacted(url: GoUrl): string {
  const [name, password] = cut(url.user ?? '', ':');
  return formatUrl(password === undefined ? url : { ...url, user: `${name}:xxxxx` });
}

/** net/http stripPassword: how errors show an address. */
export function stripPassword(url: GoUrl): string {
  const user = userOf(url);
  if (url.user === undefined || user?.password === undefined) return formatUrl(url);
  return formatUrl(url).replace(`${userinfo(url.user)}@`, () => `${user.name}:***@`);
}

/** Userinfo.String: each part escaped anew, whatever was written. */
function userinfo(user: string): string {
  const [name, password] = cut(user, ':');
  const escaped = (text: string): string => escapeBytes(unescapedBytes(text), /[\w\-.~$&+,;=]/);
  return password === undefined ? escaped(name) : `${escaped(name)}:${escaped(password)}`;
}

function plain(text: string): string {
  return fromUtf8(unescapedBytes(text));
}

/** URL.ResolveReference: where a Location leads. */
export function resolveUrl(base: GoUrl, ref: GoUrl): GoUrl {
  if (ref.scheme !== '') return ref.host === '' ? ref : { ...ref, ...withoutDots(ref.path) };
  if (ref.host !== '') return { ...ref, scheme: base.scheme, ...withoutDots(ref.path) };
  const place = { scheme: base.scheme, user: base.user, host: base.host, fragment: ref.fragment };
  if (ref.path === '') return { ...place, path: base.path, plainPath: base.plainPath, query: ref.query ?? base.query };
  const path = ref.path.startsWith('/') ? ref.path : base.path.slice(0, base.path.lastIndexOf('/') + 1) + ref.path;
  return { ...place, ...withoutDots(path), query: ref.query };
}

/** url.QueryEscape. */
export function queryEscape(text: string): string {
  return escapeBytes(utf8(text), /[\w\-.~ ]/).replaceAll(' ', '+');
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

/** The function parse behind url.Parse. */
function parseAddress(address: string): Omit<GoUrl, 'fragment'> {
  if (hasControl(address)) throw new UrlError('net/url: invalid control character in URL');
  const { scheme, rest } = splitScheme(address);
  const [hierarchy, query] = cut(rest, '?');
  const nothing = { user: undefined, host: '', query };
  if (!hierarchy.startsWith('/')) {
    if (scheme !== '') return { ...nothing, scheme, path: hierarchy, plainPath: '', omitHost: true };
    if ((hierarchy.split('/', 1)[0] ?? '').includes(':')) throw new UrlError('first path segment in URL cannot contain colon');
  }
  if (!hierarchy.startsWith('//') || (scheme === '' && hierarchy.startsWith('///'))) {
    return { ...nothing, scheme, ...pathOf(hierarchy), ...(scheme !== '' && { omitHost: true }) };
  }
  const slash = hierarchy.indexOf('/', 2);
  const authority = parseAuthority(slash < 0 ? hierarchy.slice(2) : hierarchy.slice(2, slash));
  return { scheme, ...authority, query, ...pathOf(slash < 0 ? '' : hierarchy.slice(slash)) };
}

/** getScheme. */
function splitScheme(address: string): { readonly scheme: string; readonly rest: string } {
  if (address.startsWith(':')) throw new UrlError('missing protocol scheme');
  const scheme = /^[A-Z][A-Z0-9+.-]*(?=:)/i.exec(address)?.[0] ?? '';
  return { scheme: scheme.toLowerCase(), rest: scheme === '' ? address : address.slice(scheme.length + 1) };
}

/** parseAuthority. The user information is checked, and nothing else is made of it. */
function parseAuthority(authority: string): { readonly host: string; readonly user: string | undefined } {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1));
  if (at < 0) return { host, user: undefined };
  const user = authority.slice(0, at);
  if (!/^[\w.~!$&'()*+,;=:@%-]*$/.test(user)) throw new UrlError('net/url: invalid userinfo');
  checkEscapes(user);
  return { host, user };
}

/** parseHost, without the zones of IPv6 addresses. */
function parseHost(host: string): string {
  const bracket = host.startsWith('[') ? host.lastIndexOf(']') : undefined;
  if (bracket === -1) throw new UrlError("missing ']' in host");
  const colon = host.lastIndexOf(':');
  const port = bracket === undefined ? (colon < 0 ? '' : host.slice(colon)) : host.slice(bracket + 1);
  if (!/^(?::\d*)?$/.test(port)) throw new UrlError(`invalid port ${quote(port)} after host`);
  checkEscapes(host, true);
  const bad = /[ #%/?@\\^`{|}]/.exec(host.replaceAll(/%[\da-f]{2}/gi, ''));
  if (bad) throw new UrlError(`invalid character ${quote(bad[0])} in host name`);
  return decoded(host);
}

/** The errors of unescape: `%` needs two hex digits, and in a host it may stand for bytes beyond ASCII only. */
function checkEscapes(text: string, inHost = false): void {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 3)) {
    const escape = text.slice(at, at + 3);
    const isHex = /^%[\da-f]{2}$/i.test(escape);
    if (!isHex || (inHost && Number.parseInt(escape.charAt(1), 16) < 8 && escape !== '%25')) {
      throw new UrlError(`invalid URL escape ${quote(escape)}`);
    }
  }
}

/** setPath and EscapedPath: a path that is well escaped is sent as written, any other is escaped anew. */
function pathOf(written: string): { readonly path: string; readonly plainPath: string } {
  checkEscapes(written);
  const isValid = /^[\w\-.~$&+,/:;=@%!'()*[\]]*$/.test(written);
  return { path: isValid ? written : escapeBytes(unescapedBytes(written), /[\w\-.~$&+,/:;=@]/), plainPath: decoded(written) };
}

/** The function escape; `plain` is what its mode leaves as it is. */
function escapeBytes(bytes: Iterable<number>, plain: RegExp): string {
  let escaped = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    escaped += plain.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function withoutDots(escaped: string): { readonly path: string; readonly plainPath: string } {
  const path = removeDots(escaped);
  return { path, plainPath: decoded(path) };
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
  return /%(?![0-9a-f]{2})/i.test(text) ? undefined : fromUtf8(unescapedBytes(text.replace(/\+/g, ' ')));
}

function unescapedBytes(text: string): number[] {
  const bytes: number[] = [];
  for (const part of text.match(/%[0-9a-f]{2}|[^%]+/gi) ?? []) {
    if (part.startsWith('%')) bytes.push(parseInt(part.slice(1), 16));
    else for (const byte of utf8(part)) bytes.push(byte);
  }
  return bytes;
}
