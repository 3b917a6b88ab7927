import { quote } from './quote';

/** What hosts.toml and references need of a URL: `host` with its port, and `path` unescaped, as the field Path of Go's url.URL. */
export interface PlainUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  /** `user` or `user:password` stood before the host: containerd drops it. */
  readonly hasUserInfo: boolean;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

export type PlainUrlResult = { readonly ok: true; readonly url: PlainUrl } | { readonly ok: false; readonly error: string };

/** Thrown and caught inside this file only. */
class UrlError extends Error {}

/** Go net/url Parse, to the word of its errors: `parse "https://a b": invalid character " " in host name`. */
export function parsePlainUrl(raw: string): PlainUrlResult {
  const hash = raw.indexOf('#');
  const address = hash < 0 ? raw : raw.slice(0, hash);
  const fragment = hash < 0 ? undefined : raw.slice(hash + 1);
  try {
    const url = parseAddress(address);
    if (fragment !== undefined) unescape(fragment, 'fragment');
    return { ok: true, url: { ...url, fragment } };
  } catch (error) {
    if (error instanceof UrlError) return { ok: false, error: `parse ${quote(address)}: ${error.message}` };
    throw error;
  }
}

function parseAddress(address: string): Omit<PlainUrl, 'fragment'> {
  if (hasControl(address)) throw new UrlError('net/url: invalid control character in URL');
  const { scheme, rest } = splitScheme(address);
  const question = rest.indexOf('?');
  const query = question < 0 ? undefined : rest.slice(question + 1);
  const hierarchy = question < 0 ? rest : rest.slice(0, question);
  if (!hierarchy.startsWith('/')) {
    if (scheme !== '') return { scheme, host: '', path: '', hasUserInfo: false, query };
    const colon = hierarchy.indexOf(':');
    const slash = hierarchy.indexOf('/');
    if (colon >= 0 && (slash < 0 || colon < slash)) throw new UrlError('first path segment in URL cannot contain colon');
  }
  if (!hierarchy.startsWith('//') || (scheme === '' && hierarchy.startsWith('///'))) {
    return { scheme, host: '', path: unescape(hierarchy, 'path'), hasUserInfo: false, query };
  }
  const slash = hierarchy.indexOf('/', 2);
  const authority = slash < 0 ? hierarchy.slice(2) : hierarchy.slice(2, slash);
  return { scheme, ...parseAuthority(authority), path: slash < 0 ? '' : unescape(hierarchy.slice(slash), 'path'), query };
}

/** Go net/url getScheme. */
function splitScheme(address: string): { readonly scheme: string; readonly rest: string } {
  const match = /^[A-Z][\w+.-]*/i.exec(address);
  const letters = match?.[0].includes('_') ? undefined : match?.[0];
  if (letters !== undefined && address[letters.length] === ':') {
    return { scheme: letters.toLowerCase(), rest: address.slice(letters.length + 1) };
  }
  if (address.startsWith(':')) throw new UrlError('missing protocol scheme');
  return { scheme: '', rest: address };
}

/** Go net/url parseAuthority: user information is checked, then dropped. */
function parseAuthority(authority: string): { readonly host: string; readonly hasUserInfo: boolean } {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1));
  if (at < 0) return { host, hasUserInfo: false };
  const user = authority.slice(0, at);
  if (!/^[\w.~!$&'()*+,;=:@%-]*$/.test(user)) throw new UrlError('net/url: invalid userinfo');
  unescape(user, 'path');
  return { host, hasUserInfo: true };
}

/** Go net/url parseHost, without the zones of IPv6 addresses. */
function parseHost(host: string): string {
  if (host.startsWith('[')) {
    const end = host.lastIndexOf(']');
    if (end < 0) throw new UrlError("missing ']' in host");
    checkPort(host.slice(end + 1));
  } else {
    const colon = host.lastIndexOf(':');
    if (colon >= 0) checkPort(host.slice(colon));
  }
  return unescape(host, 'host');
}

function checkPort(port: string): void {
  if (!/^(?::\d*)?$/.test(port)) throw new UrlError(`invalid port ${quote(port)} after host`);
}

/** Go net/url unescape: `%` needs two hex digits; in a host it may stand for bytes beyond ASCII only, and few signs may stand bare. */
function unescape(text: string, mode: 'path' | 'host' | 'fragment'): string {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 3)) {
    const escape = text.slice(at, at + 3);
    const isHex = /^%[\da-f]{2}$/i.test(escape);
    if (!isHex || (mode === 'host' && Number.parseInt(escape.charAt(1), 16) < 8 && escape !== '%25')) {
      throw new UrlError(`invalid URL escape ${quote(escape)}`);
    }
  }
  const bad = mode === 'host' ? /[ #%/?@\\^`{|}]/.exec(text.replaceAll(/%[\da-f]{2}/gi, '')) : null;
  if (bad) throw new UrlError(`invalid character ${quote(bad[0])} in host name`);
  return text.includes('%') ? decoded(text) : text;
}

/** Percent escapes as text; bytes that are no UTF-8 stay escaped, since a Go string could hold them and ours cannot. */
function decoded(text: string): string {
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
