import { encodeQuery, formatUrl, parseQuery, parseUrl } from '../go/url';

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

/** A URL for people and files: the values of other parameters may be signatures that open content, and user info is a password. */
export function hideSecrets(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed.ok) return url.split(/[?#]/, 1)[0] ?? '';
  const { query, user } = parsed.url;
  const values = parseQuery(query);
  const isPlain = values.every(([key, value]) => plain.has(key) || value === '');
  if (isPlain && user === undefined) return url;
  const hidden = values.map(([key, value]) => [key, plain.has(key) || value === '' ? value : 'REDACTED'] as const);
  return formatUrl({ ...parsed.url, user: undefined, query: query === undefined ? undefined : isPlain ? query : encodeQuery(hidden) });
}
