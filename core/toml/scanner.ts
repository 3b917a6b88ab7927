import type { TextRange } from '../text/ranges';
import type { TomlError, TomlErrorCode } from './document';

/** Where the parser is in the text and what it has noticed so far. `pos` never goes back but once, in an unclosed inline table. */
export interface Scanner {
  readonly text: string;
  pos: number;
  readonly errors: TomlError[];
  readonly comments: TextRange[];
  /** Set where a value was cut off because a new statement (or the end of the text) was found; every open bracket ends there. */
  cutOffAt: number;
  /** Inline tables that start before this offset end with their line: one that went on was already found to have no end. */
  unclosedUntil: number;
  /** Multi-line quotes that were found to have no closing partner in the rest of the text. */
  readonly neverClosed: Set<string>;
  /** Read as go-toml v1 does (ParseOptions of parse.ts). */
  readonly merging: boolean;
  /** Characters looked at, so that a test can hold the parser to linear work. */
  steps: number;
}

/** More errors than this help nobody, and a binary file has millions. */
const errorLimit = 1000;

export const tab = 9;
export const lineFeed = 10;
export const carriageReturn = 13;
export const space = 32;

export function scannerOf(text: string, merging = false): Scanner {
  return { text, merging, pos: 0, errors: [], comments: [], cutOffAt: -1, unclosedUntil: -1, neverClosed: new Set(), steps: 0 };
}

export function report(s: Scanner, code: TomlErrorCode, start: number, end: number, args: TomlError['args'] = {}): void {
  if (s.errors.length < errorLimit) s.errors.push({ code, range: { start, end }, args });
}

/** The code unit at the scanner's position (or some way on); -1 at the end of the text. */
export function peek(s: Scanner, ahead = 0): number {
  const at = s.pos + ahead;
  return at < s.text.length ? s.text.charCodeAt(at) : -1;
}

export function startsWith(s: Scanner, word: string): boolean {
  return s.text.startsWith(word, s.pos);
}

export function atLineEnd(s: Scanner): boolean {
  return isLineEnd(peek(s));
}

/** End of text, LF or CR: a lone CR is an error, but every editor shows it as a line break. */
export function isLineEnd(c: number): boolean {
  return c === -1 || c === lineFeed || c === carriageReturn;
}

/** Whether TOML forbids the character in comments and strings; line breaks are for the caller. */
export function isControl(c: number): boolean {
  return (c >= 0 && c < space && c !== tab) || c === 127;
}

export function skipSpace(s: Scanner): void {
  let c = peek(s);
  while (c === space || c === tab) {
    s.pos++;
    s.steps++;
    c = peek(s);
  }
}

/** Over one LF, CRLF or (with an error) lone CR. */
export function skipLineBreak(s: Scanner): void {
  if (peek(s) === carriageReturn) {
    if (peek(s, 1) !== lineFeed) report(s, 'bare-carriage-return', s.pos, s.pos + 1);
    else s.pos++;
  }
  if (s.pos < s.text.length) s.pos++;
}

/** From `#` to the end of the line. */
export function skipComment(s: Scanner): void {
  const start = s.pos;
  skipToLineEnd(s, true);
  s.comments.push({ start, end: s.pos });
}

/** Forward to the end of the line, which stays unread. Runs of control characters count as one error. */
export function skipToLineEnd(s: Scanner, reportControls = false): void {
  let controls = -1;
  for (let c = peek(s); !isLineEnd(c); c = peek(s)) {
    if (isControl(c) && controls < 0) controls = s.pos;
    if (!isControl(c) && controls >= 0) controls = closeRun(s, controls, reportControls);
    s.pos++;
    s.steps++;
  }
  if (controls >= 0) closeRun(s, controls, reportControls);
}

function closeRun(s: Scanner, start: number, wanted: boolean): number {
  if (wanted) report(s, 'control-character', start, s.pos);
  return -1;
}

/** Ends every open bracket here; the innermost one says so. */
export function cutOff(s: Scanner): void {
  s.cutOffAt = s.pos;
}

export function isCutOff(s: Scanner): boolean {
  return s.cutOffAt === s.pos;
}
