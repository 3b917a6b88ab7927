import { isBare, isBlank } from './goTomlV1Lexer';

/**
 * Cuts a key into its parts as go-toml v1 does (parseKey of keysparsing.go). Quotes only have to pair up: `"a"b` and `"a""b"` are two parts,
 * `.a` is one, and a backslash in a header stays a backslash. A refusal is its text.
 */
export function cutKey(key: string): readonly string[] | string {
  const runes = Array.from(key);
  const parts: string[] = [];
  if (runes.length === 0) return 'empty key';
  for (let at = skipBlanks(runes, 0); at < runes.length; at = skipBlanks(runes, at)) {
    const next = cutPart(runes, at, parts);
    if (typeof next === 'string') return next;
    at = next;
  }
  return parts.length === 0 ? 'empty key' : parts;
}

function cutPart(runes: readonly string[], at: number, parts: string[]): number | string {
  const c = runes[at] ?? '';
  if (isBare(c)) return cutBare(runes, at, parts);
  if (c === '"' || c === "'") return cutQuoted(runes, at, c, parts);
  if (c !== '.') return `invalid key character: ${c}`;
  const after = runes[at + 1];
  if (after === undefined) return 'unexpected end of key';
  return isBare(after) || after === '"' || after === "'" || after === ' ' ? at + 1 : 'expecting key part after dot';
}

function cutBare(runes: readonly string[], start: number, parts: string[]): number | string {
  let end = start;
  while (isBare(runes[end] ?? '')) end++;
  parts.push(runes.slice(start, end).join(''));
  const at = skipBlanks(runes, end);
  const c = runes[at];
  if (c === undefined || c === '.') return at;
  return at > end ? `invalid key character after whitespace: ${c}` : `invalid bare key character: ${c}`;
}

function cutQuoted(runes: readonly string[], start: number, quote: string, parts: string[]): number | string {
  const end = runes.indexOf(quote, start + 1);
  if (end < 0) return `unclosed ${quote === '"' ? 'double' : 'single'}-quoted key`;
  parts.push(runes.slice(start + 1, end).join(''));
  return end + 1;
}

function skipBlanks(runes: readonly string[], from: number): number {
  let at = from;
  while (isBlank(runes[at] ?? '')) at++;
  return at;
}
