import type { TomlInvalid, TomlString } from './document';
import type { Scanner } from './scanner';
import { carriageReturn, isControl, isLineEnd, lineFeed, peek, report, skipLineBreak, skipSpace, startsWith } from './scanner';

const backslash = 92;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** Any of the four kinds; the scanner stands on the opening quote. */
export function stringValue(s: Scanner): TomlString | TomlInvalid {
  const start = s.pos;
  if (startsWith(s, '"""')) return multiline(s, '"""', start);
  if (startsWith(s, "'''")) return multiline(s, "'''", start);
  const style = startsWith(s, '"') ? 'basic' : 'literal';
  const { value, closed } = singleLine(s, style);
  const range = { start, end: s.pos };
  return closed ? { kind: 'string', value, style, range } : { kind: 'invalid', range };
}

/** One-line text in quotes, also a quoted key. Without a closing quote it ends with its line. */
export function singleLine(s: Scanner, style: 'basic' | 'literal'): { readonly value: string; readonly closed: boolean } {
  const start = s.pos;
  const quote = style === 'basic' ? 34 : 39;
  const text = collector(s, start + 1);
  s.pos++;
  for (let c = peek(s); !isLineEnd(c); c = peek(s)) {
    s.steps++;
    if (c === quote) return { value: text.upTo(s.pos++), closed: true };
    if (c === backslash && style === 'basic') text.replace(escape);
    else skipCharacter(s, c);
  }
  report(s, 'unterminated-string', start, s.pos);
  return { value: text.upTo(s.pos), closed: false };
}

function multiline(s: Scanner, quotes: '"""' | "'''", start: number): TomlString | TomlInvalid {
  s.pos += 3;
  const style = quotes === '"""' ? 'multiline-basic' : 'multiline-literal';
  const value = s.neverClosed.has(quotes) ? undefined : multilineText(s, quotes);
  if (value !== undefined) return { kind: 'string', value, style, range: { start, end: s.pos } };
  // Without an end it stands for its first line only, so that the headers below are still seen.
  s.neverClosed.add(quotes);
  s.pos = start + 3;
  while (!isLineEnd(peek(s))) s.pos++;
  report(s, 'unterminated-string', start, s.pos);
  return { kind: 'invalid', range: { start, end: s.pos } };
}

/** Undefined where the text ends before the quotes do; what was reported on the way there is taken back. */
function multilineText(s: Scanner, quotes: '"""' | "'''"): string | undefined {
  const reported = s.errors.length;
  if (peek(s) === lineFeed || (peek(s) === carriageReturn && peek(s, 1) === lineFeed)) skipLineBreak(s);
  const text = collector(s, s.pos);
  for (let c = peek(s); c !== -1; c = peek(s)) {
    s.steps++;
    if (startsWith(s, quotes)) return text.upTo(closeMultiline(s, quotes));
    if (c === backslash && quotes === '"""') text.replace(escapeOrLineEnd);
    else if (c === carriageReturn || c === lineFeed) skipLineBreak(s);
    else skipCharacter(s, c);
  }
  s.errors.length = reported;
  return undefined;
}

/** Up to two quotes may stand directly before the closing three and belong to the text. Gives the end of the text. */
function closeMultiline(s: Scanner, quotes: string): number {
  let extra = 0;
  while (extra < 2 && s.text[s.pos + 3 + extra] === quotes[0]) extra++;
  s.pos += 3 + extra;
  return s.pos - 3;
}

function skipCharacter(s: Scanner, c: number): void {
  if (isControl(c)) report(s, 'control-character', s.pos, s.pos + 1);
  s.pos++;
}

/** Gathers text in slices: everything as written but for what `replace` reads and translates. */
function collector(s: Scanner, start: number): { upTo(end: number): string; replace(read: (s: Scanner) => string): void } {
  const parts: string[] = [];
  let from = start;
  return {
    upTo: (end) => (parts.length === 0 ? s.text.slice(from, end) : parts.join('') + s.text.slice(from, end)),
    replace: (read) => {
      parts.push(s.text.slice(from, s.pos), read(s));
      from = s.pos;
    },
  };
}

/** A backslash at the end of a line swallows the line break and all blanks after it. */
function escapeOrLineEnd(s: Scanner): string {
  const start = s.pos++;
  skipSpace(s);
  const c = peek(s);
  if (c !== lineFeed && !(c === carriageReturn && peek(s, 1) === lineFeed)) {
    s.pos = start;
    return escape(s);
  }
  while (peek(s) === lineFeed || (peek(s) === carriageReturn && peek(s, 1) === lineFeed)) {
    skipLineBreak(s);
    skipSpace(s);
  }
  return '';
}

function escape(s: Scanner): string {
  const start = s.pos++;
  const letter = s.text[s.pos] ?? '';
  const short = shortEscapes.get(letter);
  if (short !== undefined) {
    s.pos++;
    return short;
  }
  const digits = letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  const hex = s.text.slice(s.pos + 1, s.pos + 1 + digits);
  if (digits > 0 && hex.length === digits && /^[0-9A-F]+$/i.test(hex) && isScalar(parseInt(hex, 16))) {
    s.pos += 1 + digits;
    return String.fromCodePoint(parseInt(hex, 16));
  }
  return badEscape(s, start, letter);
}

/** The backslash and what follows stay in the text as written. */
function badEscape(s: Scanner, start: number, letter: string): string {
  if (!isLineEnd(peek(s))) s.pos += isControl(peek(s)) ? 0 : 1;
  const digits = /^u$/i.test(letter) ? (/^[0-9A-F]{0,8}/i.exec(s.text.slice(s.pos, s.pos + (letter === 'u' ? 4 : 8)))?.[0] ?? '') : '';
  s.pos += digits.length;
  const written = s.text.slice(start, s.pos);
  report(s, 'bad-escape', start, s.pos, { escape: written });
  return written;
}

function isScalar(code: number): boolean {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}
