import type { TomlErrorCode } from './document';

export type TokenKind =
  | 'key'
  | 'headerKey'
  | 'arrayHeaderKey'
  | '='
  | ','
  | '['
  | ']'
  | '[['
  | ']]'
  | '{'
  | '}'
  | 'string'
  | 'bool'
  | 'infinite'
  | 'integer'
  | 'float'
  | 'date'
  | 'time'
  | 'offset'
  | 'eof'
  | 'error';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  /** As written; of a key: with its quotes but without escapes; of an error: its text. */
  readonly text: string;
  readonly code?: TomlErrorCode;
}

/** `regexp` is v1.8.1: dates found by one regular expression, and an underscore needs a digit on both sides. */
export type V1Dialect = 'regexp' | 'signed' | 'current';

export interface Lexer {
  readonly text: string;
  readonly dialect: V1Dialect;
  pos: number;
  mood: 'void' | 'value' | 'done';
  readonly open: ('[' | '{')[];
  readonly ready: Token[];
}

export function lexerOf(text: string, dialect: V1Dialect): Lexer {
  return { text, dialect, pos: text.startsWith('\ufeff') ? 1 : 0, mood: 'void', open: [], ready: [] };
}

export function emit(l: Lexer, kind: TokenKind, start: number, text = l.text.slice(start, l.pos)): void {
  l.ready.push({ kind, start, text });
}

export function fail(l: Lexer, start: number, code: TomlErrorCode, text: string): void {
  l.ready.push({ kind: 'error', start, text, code });
  l.mood = 'done';
}

export function characterAt(l: Lexer, at = l.pos): string {
  const code = l.text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** What Go prints for the character: an end of text is the rune -1, which `%c` shows as U+FFFD. */
export function printed(character: string): string {
  return character === '' ? '\ufffd' : character;
}

export const isBlank = (c: string): boolean => c === ' ' || c === '\t';
export const isDigit = (c: string): boolean => c >= '0' && c <= '9' && c !== '';
export const isBare = (c: string): boolean => /^[\w-]$/.test(c);
