import { trimmedEnd } from '../errors/captures';
import { encodeQuery, parseQuery, parseUrl, redacted } from '../go/url';

/** Query parameters of registries and token servers that hold no secret. */
const plain: ReadonlySet<string> = new Set([
  'ns',
  'service',
  'scope',
  'account',
  'client_id',
  'offline_token',
  'digest',
  'n',
  'last',
  'tag',
]);

/** A URL for people and files: without its password, and without values of other parameters, which may be signatures that open content. */
export function hideSecrets(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed.ok) return hidePasswords(url.split(/[?#]/, 1)[0] ?? '');
  const { query, user } = parsed.url;
  const shown = query === undefined ? undefined : shownQuery(query);
  return shown === query && user?.includes(':') !== true ? url : redacted({ ...parsed.url, query: shown });
}

function shownQuery(query: string): string {
  const values = parseQuery(query);
  const isShown = ([key, value]: readonly [string, string]): boolean => plain.has(key) || value === '';
  if (values.every(isShown)) return query;
  return encodeQuery(values.map((pair) => (isShown(pair) ? pair : [pair[0], 'REDACTED'])));
}

/**
 * A text whose addresses show `xxxxx` for a password, as URL.Redacted does; the `***` of net/http stays. Where there is one, the query may
 * be signed as well. All else is as it was said.
 */
export function hidePasswords(text: string): string {
  if (!text.includes('@')) return text;
  const hidden = text.replace(afterSlashes, withoutPassword).replace(withoutScheme, '$1:xxxxx@');
  // Of a password with a slash in it Go takes the beginning for a port, and names that.
  return hidden.replace(/(invalid port ":)([^"]{1,500})/g, (all, words: string, port: string) =>
    text.includes(`:${port}/`) && !hidden.includes(`:${port}/`) ? `${words}xxxxx` : all,
  );
}

/** Up to where the next address of a list begins. */
const afterSlashes = /(?<=(?:^|[\s"'`<>(=,;:])\/\/)(?:(?![,;|][a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"'<>`])+/gi;

/** `name:password@host/…`, as a reference that was typed with them. A digest is followed by no slash. */
const withoutScheme = /(?<![^\s"'<>`(=])([^\s"'<>`/@:]{1,100}):[^\s"'<>`/@]{1,200}@(?=[\w.-]{1,255}(?::\d{1,5})?\/)/g;

function withoutPassword(rest: string): string {
  const user = rest.slice(0, Math.max(0, userEnd(rest)));
  const colon = user.indexOf(':');
  if (colon < 0) return rest;
  // What closes a URL in a sentence belongs to the sentence.
  const kept = trimmedEnd(rest, '\\)],;:.');
  const question = kept.indexOf('?', user.length);
  const address = kept.slice(user.length, question < 0 ? kept.length : question);
  const query = question < 0 ? '' : `?${shownQuery(kept.slice(question + 1))}`;
  const password = user.endsWith(':***') ? '***' : 'xxxxx';
  return `${user.slice(0, colon)}:${password}${address}${query}${rest.slice(kept.length)}`;
}

/** Where the user of what stands behind `//` ends; -1 where none is named. */
export function userEnd(rest: string): number {
  const slash = rest.search(/[/?#]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf('@');
  // A password with a bare slash in it: what stands before the slash has a port that is none.
  return at < 0 && slash > 0 && /^[^[]*:(?!\d*$)/.test(authority) ? rest.lastIndexOf('@') : at;
}
