/** How go-toml v2 reads keys and values (unstable/parser.go): strictly TOML 1.0 but for numbers, dates and the escape `\e`. */
import type { TextRange } from '../text/ranges';
import type { TomlError, TomlErrorCode } from './document';
import type { Tracker } from './goTomlV2Seen';
import { scanScalar } from './goTomlV2Values';
import { depthLimit } from './keys';
import type { Scanner } from './scanner';
import { isControl, skipSpace } from './scanner';
import { skipBareKey } from './statements';
import { singleLine, stringValue } from './strings';

/** v2.2.3 and v2.2.4, v2.3.0, and v2.4.3, which reads TOML 1.1. */
export type V2Dialect = 'v2.2' | 'v2.3' | 'v2.4';

export interface V2Refusal {
  readonly range: TextRange;
  readonly code: TomlErrorCode;
  /** The words of Go's error; undefined where we do not know them. */
  readonly text: string | undefined;
}

export interface Reader {
  readonly s: Scanner;
  readonly dialect: V2Dialect;
  readonly seen: Tracker;
  readonly decodes: (path: readonly string[]) => boolean;
  section: readonly string[];
  /** Since a header that the struct does not know (skipUntilTable). */
  skipping: boolean;
  depth: number;
  refusal: V2Refusal | undefined;
}

export interface Key {
  readonly name: string;
  readonly range: TextRange;
}

export function refuse(r: Reader, code: TomlErrorCode, text?: string, range: TextRange = here(r)): false {
  r.refusal ??= { range, code, text };
  return false;
}

function here({ s }: Reader): TextRange {
  return { start: s.pos, end: Math.min(s.pos + 1, s.text.length) };
}

export function at(r: Reader, character: string): boolean {
  return r.s.text.startsWith(character, r.s.pos);
}

export function atBreak(r: Reader): boolean {
  return at(r, '\n') || at(r, '\r');
}

export function lineBreak(r: Reader): boolean {
  if (at(r, '\r\n')) r.s.pos += 2;
  else if (at(r, '\n')) r.s.pos++;
  else if (at(r, '\r')) {
    const last = r.s.pos + 1 >= r.s.text.length;
    return refuse(r, 'bare-carriage-return', last ? 'windows new line expected' : 'windows new line should be \\r\\n');
  } else return refuse(r, 'expected-newline', `expected newline but got ${unicodeName(firstByte(r))}`);
  return true;
}

export function comment(r: Reader): boolean {
  const { s } = r;
  if (!at(r, '#')) return true;
  for (let c = s.text.charCodeAt(s.pos); s.pos < s.text.length; c = s.text.charCodeAt(++s.pos)) {
    if (c === 10 || (c === 13 && s.text[s.pos + 1] === '\n')) return true;
    if (isControl(c)) return refuse(r, c === 13 ? 'bare-carriage-return' : 'control-character', 'invalid character in comment');
  }
  return true;
}

export function expectCharacter(r: Reader, character: string, code: TomlErrorCode): boolean {
  if (!at(r, character)) {
    const ended = r.s.pos >= r.s.text.length;
    return refuse(r, code, `expected character ${character}${ended ? ' but the document ended here' : ''}`);
  }
  r.s.pos++;
  return true;
}

export function keyPath(r: Reader): readonly Key[] | undefined {
  const keys: Key[] = [];
  do {
    if (keys.length > 0) r.s.pos++;
    skipSpace(r.s);
    const key = simpleKey(r);
    if (!key) return undefined;
    keys.push(key);
    skipSpace(r.s);
  } while (at(r, '.'));
  if (keys.length <= depthLimit) return keys;
  refuse(r, 'too-deep');
  return undefined;
}

function simpleKey(r: Reader): Key | undefined {
  const { s } = r;
  const start = s.pos;
  if (at(r, '"') || at(r, "'")) {
    const { value } = singleLine(s, at(r, '"') ? 'basic' : 'literal');
    return stringRefused(r, start) ? undefined : { name: value, range: { start, end: s.pos } };
  }
  const end = skipBareKey(s.text, start);
  s.pos = end;
  if (end > start) return { name: s.text.slice(start, end), range: { start, end } };
  const none = start >= s.text.length;
  refuse(
    r,
    'expected-key',
    none ? 'expected key but found none' : `invalid character at start of key: ${String.fromCharCode(firstByte(r))}`,
  );
  return undefined;
}

export interface Entry {
  readonly keys: readonly Key[];
  readonly value: Value;
}

export type Value =
  | { readonly kind: 'text' }
  | { readonly kind: 'scalar'; readonly range: TextRange }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  | { readonly kind: 'inline'; readonly entries: readonly Entry[] };

export function keyValue(r: Reader): Entry | undefined {
  const keys = keyPath(r);
  if (!keys) return undefined;
  if (r.s.pos >= r.s.text.length) refuse(r, 'expected-equals', 'expected = after a key, but the document ends there');
  else if (expectCharacter(r, '=', 'expected-equals')) {
    skipSpace(r.s);
    const read = value(r);
    return read && { keys, value: read };
  }
  return undefined;
}

function value(r: Reader): Value | undefined {
  const { s } = r;
  const start = s.pos;
  if (start >= s.text.length) refuse(r, 'expected-value', 'expected value, not eof');
  else if (at(r, '"') || at(r, "'")) {
    stringValue(s);
    if (!stringRefused(r, start)) return { kind: 'text' };
  } else if (at(r, '[') || at(r, '{')) return nested(r);
  else {
    const end = scanScalar(s.text, start);
    if (typeof end === 'number') {
      s.pos = end;
      return { kind: 'scalar', range: { start, end } };
    }
    refuse(r, 'expected-value', end);
  }
  return undefined;
}

/** Go has no limit here; ours keeps a hostile text from exhausting the stack. */
function nested(r: Reader): Value | undefined {
  if (r.depth >= depthLimit) {
    refuse(r, 'too-deep');
    return undefined;
  }
  r.depth++;
  const read = at(r, '[') ? array(r) : inlineTable(r);
  r.depth--;
  return read;
}

function array(r: Reader): Value | undefined {
  const items: Value[] = [];
  const start = here(r);
  r.s.pos++;
  for (let after = r.s.pos; blanksAndBreaks(r); after = r.s.pos) {
    if (r.s.pos >= r.s.text.length) {
      unclosedArray(r, start, items.length === 0 && r.s.pos > after);
      return;
    }
    if (at(r, ']')) {
      r.s.pos++;
      return { kind: 'array', items };
    }
    if (!betweenItems(r, items.length)) return undefined;
    // A comma may be the last thing.
    if (at(r, ']')) continue;
    const item = value(r);
    if (!item) return undefined;
    items.push(item);
  }
  return undefined;
}

function unclosedArray(r: Reader, start: TextRange, blanks: boolean): undefined {
  refuse(r, 'unterminated-array', blanks ? 'array is incomplete' : 'expected character ] but the document ended here', start);
}

function betweenItems(r: Reader, items: number): boolean {
  if (!at(r, ',')) return items === 0 || refuse(r, 'expected-comma', 'array elements must be separated by commas');
  if (items === 0) return refuse(r, 'expected-value', 'array cannot start with comma');
  r.s.pos++;
  return blanksAndBreaks(r);
}

function blanksAndBreaks(r: Reader): boolean {
  for (;;) {
    skipSpace(r.s);
    if (!comment(r)) return false;
    if (!atBreak(r)) return true;
    if (!lineBreak(r)) return false;
  }
}

function inlineTable(r: Reader): Value | undefined {
  const entries: Entry[] = [];
  const start = here(r);
  r.s.pos++;
  for (;;) {
    const blanks = at(r, ' ') || at(r, '\t');
    if (!betweenEntries(r)) return undefined;
    if (r.s.pos >= r.s.text.length) {
      const text = blanks ? 'inline table is incomplete' : 'expected character } but the document ended here';
      refuse(r, 'unterminated-inline-table', text, start);
      return undefined;
    }
    if (at(r, '}')) break;
    if (entries.length > 0 && !expectCharacter(r, ',', atBreak(r) ? 'newline-in-inline-table' : 'expected-comma')) return undefined;
    if (entries.length > 0 && !betweenEntries(r)) return undefined;
    if (entries.length > 0 && r.dialect === 'v2.4' && at(r, '}')) break;
    const entry = keyValue(r);
    if (!entry) return undefined;
    entries.push(entry);
  }
  r.s.pos++;
  return { kind: 'inline', entries };
}

/** TOML 1.1 allows line breaks and comments between the entries of an inline table. */
function betweenEntries(r: Reader): boolean {
  if (r.dialect === 'v2.4') return blanksAndBreaks(r);
  skipSpace(r.s);
  return true;
}

/** The string reader of our own parser says what is wrong; go-toml has escapes that TOML 1.0 has not: `\e`, from v2.4 `\x41`. */
function stringRefused(r: Reader, start: number): boolean {
  const error = r.s.errors.find(({ code, args, range }) => code !== 'bad-escape' || !takesEscape(r, String(args['escape']), range.start));
  if (error) refuse(r, error.code, stringProblem(r, error, start), error.range);
  return error !== undefined;
}

function takesEscape({ s, dialect }: Reader, escape: string, start: number): boolean {
  return escape === '\\e' || (dialect === 'v2.4' && /^\\x[\da-f]{2}/i.test(s.text.slice(start, start + 4)));
}

function stringProblem({ s }: Reader, { code, range }: TomlError, start: number): string | undefined {
  if (code === 'bad-escape') return badEscape(s.text.slice(range.start, range.end));
  if (code === 'control-character') return undefined;
  if (code === 'bare-carriage-return') return 'need a \\n after \\r';
  if (s.text.startsWith('"""', start)) return 'multiline basic string not terminated by """';
  if (s.text.startsWith("'''", start)) return "multiline literal string not terminated by '''";
  const basic = s.text.startsWith('"', start);
  if (range.end >= s.text.length) return basic ? 'basic string not terminated by "' : 'unterminated literal string';
  return `${basic ? 'basic' : 'literal'} strings cannot have new lines`;
}

/** The words for a letter that is no escape; those for a broken `\u` say which digit. */
function badEscape(written: string): string | undefined {
  return /^\\[^u]$/i.test(written) ? `invalid escaped character ${unicodeName(firstByteOf(written.slice(1)))}` : undefined;
}

/** Go prints the first byte of a character, not the character: a byte order mark shows as \u00ef. */
function firstByte({ s }: Reader): number {
  return firstByteOf(s.text.slice(s.pos, s.pos + 2));
}

function firstByteOf(text: string): number {
  const code = text.codePointAt(0) ?? 0;
  if (code < 0x80) return code;
  return code < 0x800 ? 0xc0 | (code >> 6) : code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
}

/** `%#U` of a byte. */
function unicodeName(byte: number): string {
  const shown = byte >= 0xa1 || (byte >= 0x20 && byte < 0x7f) ? ` '${String.fromCharCode(byte)}'` : '';
  return `U+${byte.toString(16).toUpperCase().padStart(4, '0')}${shown}`;
}
