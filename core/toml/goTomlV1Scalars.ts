import type { TomlErrorCode } from './document';
import type { Lexer } from './goTomlV1Lexer';
import { characterAt, emit, fail, isDigit, printed } from './goTomlV1Lexer';

interface Refusal {
  readonly code: TomlErrorCode;
  readonly problem: string;
}

/** Strings, words, dates and numbers (lexRvalue of lexer.go). They end where they end: what follows need not be a blank. */
export function lexScalar(l: Lexer, c: string): void {
  const start = l.pos;
  if (c === '"' || c === "'") {
    lexString(l, c);
    return;
  }
  for (const word of ['true', 'false', 'inf', 'nan'] as const) {
    if (!l.text.startsWith(word, start)) continue;
    l.pos += word.length;
    emit(l, word === 'true' || word === 'false' ? 'bool' : 'infinite', start);
    return;
  }
  if (c === '.') {
    fail(l, start, 'bad-number', 'cannot start float with a dot');
    return;
  }
  if (c !== '+' && c !== '-' && !isDigit(c)) {
    if (!(l.dialect === 'regexp' && lexDateByRegexp(l))) fail(l, start, 'expected-value', `no value can start with ${c}`);
    return;
  }
  if (l.dialect === 'regexp') {
    if (!lexDateByRegexp(l)) lexNumber(l);
  } else if (isDigit(c)) lexDateOrNumber(l);
  else lexNumber(l);
}

function lexString(l: Lexer, quote: string): void {
  const multiline = l.text.startsWith(quote.repeat(3), l.pos);
  l.pos += multiline ? 3 : 1;
  if (multiline && l.text.startsWith('\r\n', l.pos)) l.pos += 2;
  else if (multiline && l.text[l.pos] === '\n') l.pos++;
  const start = l.pos;
  const text = quotedText(l, multiline ? quote.repeat(3) : quote, multiline);
  if (typeof text !== 'string') {
    fail(l, start, text.code, text.problem);
    return;
  }
  l.pos += multiline ? 3 : 1;
  emit(l, 'string', start, text);
}

/**
 * Up to the closing quotes, which stay unread. Text in single quotes may go over line breaks and hold anything; in double quotes, `\` swallows
 * the blanks and breaks behind it even on one line, and `\/` is an escape.
 */
export function quotedText(l: Lexer, closing: string, lineBreaks: boolean): string | Refusal {
  const start = l.pos;
  if (closing.startsWith("'")) return literalText(l, closing);
  const parts: string[] = [];
  let from = start;
  while (l.pos < l.text.length) {
    if (l.text.startsWith(closing, l.pos)) {
      parts.push(l.text.slice(from, l.pos));
      return parts.join('');
    }
    if (l.text[l.pos] === '\\') {
      parts.push(l.text.slice(from, l.pos));
      const escaped = escape(l);
      if (typeof escaped !== 'string') return escaped;
      parts.push(escaped);
      from = l.pos;
    } else {
      const refused = refusedCharacter(l.text.charCodeAt(l.pos), lineBreaks);
      if (refused) return refused;
      l.pos++;
    }
  }
  return { code: 'unterminated-string', problem: 'unclosed string' };
}

function literalText(l: Lexer, closing: string): string | Refusal {
  const end = l.text.indexOf(closing, l.pos);
  const start = l.pos;
  if (end < 0) return { code: 'unterminated-string', problem: 'unclosed string' };
  l.pos = end;
  return l.text.slice(start, end);
}

function refusedCharacter(c: number, lineBreaks: boolean): Refusal | undefined {
  const isBreak = c === 10 || c === 13;
  if (c > 0x1f || c === 9 || (isBreak && lineBreaks)) return undefined;
  const problem = `unescaped control character U+${c.toString(16).toUpperCase().padStart(4, '0')}`;
  return { code: isBreak ? 'unterminated-string' : 'control-character', problem };
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['n', '\n'],
  ['b', '\b'],
  ['f', '\f'],
  ['/', '/'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
]);

function escape(l: Lexer): string | Refusal {
  l.pos++;
  const c = characterAt(l);
  const simple = escapes.get(c);
  if (simple !== undefined) {
    l.pos++;
    return simple;
  }
  if (c === 'u' || c === 'U') return unicodeEscape(l, c === 'u' ? 4 : 8);
  if (c === '' || !'\r\n\t '.includes(c)) return { code: 'bad-escape', problem: `invalid escape sequence: \\${printed(c)}` };
  while (l.pos < l.text.length && '\r\n\t '.includes(characterAt(l))) l.pos++;
  return '';
}

/** Any number will do: what is no character becomes U+FFFD. */
function unicodeEscape(l: Lexer, length: number): string | Refusal {
  const digits = l.text.slice(l.pos + 1, l.pos + 1 + length);
  if (digits.length < length || !/^[0-9A-F]+$/i.test(digits)) return { code: 'bad-escape', problem: 'unfinished unicode escape' };
  l.pos += 1 + length;
  const code = parseInt(digits, 16);
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code);
}

/** `12:` and `1234-` begin a time and a date, anything else a number (lexDateTimeOrNumber). */
function lexDateOrNumber(l: Lexer): void {
  const ahead = l.text.slice(l.pos, l.pos + 5);
  if (/^\d\d:/.test(ahead)) lexTime(l);
  else if (/^\d{4}-/.test(ahead)) lexDate(l);
  else lexNumber(l);
}

function lexDate(l: Lexer): void {
  const start = l.pos;
  if (!/^\d{4}-\d\d-\d\d/.test(l.text.slice(start, start + 10))) {
    fail(l, start, 'bad-date', dateProblem(l));
    return;
  }
  l.pos += 10;
  emit(l, 'date', start);
  const separator = characterAt(l);
  if (separator === '') return;
  if (separator !== ' ' && separator !== 'T') {
    fail(l, l.pos, 'bad-date', `incorrect date/time separation character: ${separator}`);
    return;
  }
  // A blank and two characters that are no digits: the value was a date and something else follows.
  if (separator === ' ' && !/^\d\d$/.test(l.text.slice(l.pos + 1, l.pos + 3))) return;
  l.pos++;
  if (lexTime(l)) lexOffset(l);
}

function dateProblem(l: Lexer): string {
  for (const at of [5, 6])
    if (!isDigit(characterAt(l, l.pos + at))) return `invalid month digit in date: ${printed(characterAt(l, l.pos + at))}`;
  const separator = characterAt(l, l.pos + 7);
  if (separator !== '-') return `expected - to separate month of a date, not ${printed(separator)}`;
  const at = isDigit(characterAt(l, l.pos + 8)) ? 9 : 8;
  return `invalid day digit in date: ${printed(characterAt(l, l.pos + at))}`;
}

function lexTime(l: Lexer): boolean {
  const start = l.pos;
  const shape = /^\d\d:\d\d:\d\d/.test(l.text.slice(start, start + 8));
  if (!shape) {
    fail(l, start, 'bad-date', timeProblem(l));
    return false;
  }
  l.pos += 8;
  if (characterAt(l) === '.') {
    l.pos++;
    if (!isDigit(characterAt(l))) {
      fail(l, start, 'bad-date', `expected at least one digit in time's fraction, not ${printed(characterAt(l))}`);
      return false;
    }
    while (isDigit(characterAt(l))) l.pos++;
  }
  emit(l, 'time', start);
  return true;
}

function timeProblem(l: Lexer): string {
  const parts = ['hour', 'hour', 'hour/minute', 'minute', 'minute', 'minute/second', 'second', 'second'];
  const at = parts.findIndex((part, i) => (part.includes('/') ? characterAt(l, l.pos + i) !== ':' : !isDigit(characterAt(l, l.pos + i))));
  const [part, found] = [parts[at] ?? '', printed(characterAt(l, l.pos + at))];
  return part.includes('/') ? `time ${part} separator should be :, not ${found}` : `invalid ${part} digit in time: ${found}`;
}

function lexOffset(l: Lexer): void {
  const start = l.pos;
  const c = characterAt(l);
  if (c === 'Z') l.pos++;
  else if (c === '+' || c === '-') {
    if (!/^.\d\d:\d\d$/.test(l.text.slice(start, start + 6))) {
      fail(l, start, 'bad-date', offsetProblem(l));
      return;
    }
    l.pos += 6;
  } else return;
  emit(l, 'offset', start);
}

function offsetProblem(l: Lexer): string {
  const parts = ['hour', 'hour', ':', 'minute', 'minute'];
  const at = parts.findIndex((part, i) => (part === ':' ? characterAt(l, l.pos + 1 + i) !== ':' : !isDigit(characterAt(l, l.pos + 1 + i))));
  const [part, found] = [parts[at] ?? '', printed(characterAt(l, l.pos + 1 + at))];
  return part === ':' ? `time offset hour/minute separator should be :, not ${found}` : `invalid ${part} digit in time offset: ${found}`;
}

/** v1.8.1: one expression for all dates and times; it looks at 35 characters and may end in the middle of them. */
function lexDateByRegexp(l: Lexer): boolean {
  const start = l.pos;
  const match = /^(?:\d{1,4}-\d\d-\d\d)?(?:[T ]?\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?)?/.exec(l.text.slice(start, start + 35));
  if (!match || match[0] === '') return false;
  l.pos += match[0].length;
  // One token for all of it, while v1.9 has up to three: temporal in goTomlV1.ts takes both.
  emit(l, 'date', start);
  return true;
}

/** lexNumber: rough; what it lets through is checked when the token is turned into a number. */
function lexNumber(l: Lexer): void {
  const start = l.pos;
  const prefix = /^0([A-Z])/i.exec(l.text.slice(start, start + 2));
  if (prefix) {
    lexBased(l, prefix[1] ?? '');
    return;
  }
  if (/^[+-]/.test(characterAt(l))) {
    l.pos++;
    if (l.text.startsWith('inf', l.pos) || l.text.startsWith('nan', l.pos)) {
      l.pos += 3;
      emit(l, 'infinite', start);
      return;
    }
  }
  const seen = { dot: false, exponent: false, digit: false };
  const problem = lexDigits(l, seen) ?? (seen.digit ? undefined : 'no digit in that number');
  if (problem !== undefined) {
    fail(l, start, 'bad-number', problem);
    return;
  }
  emit(l, seen.dot || seen.exponent ? 'float' : 'integer', start);
}

function lexBased(l: Lexer, letter: string): void {
  const start = l.pos;
  const digits = new Map([
    ['x', /[0-9A-F_]/i],
    ['o', /[0-7_]/],
    ['b', /[01_]/],
  ]).get(letter);
  if (!digits) {
    fail(l, start, 'bad-number', `unknown number base: ${letter}. possible options are x (hex) o (octal) b (binary)`);
    return;
  }
  l.pos += 2;
  while (digits.test(characterAt(l))) l.pos++;
  if (l.pos === start + 2) {
    fail(l, start, 'bad-number', 'number needs at least one digit');
    return;
  }
  emit(l, 'integer', start);
}

function lexDigits(l: Lexer, seen: { dot: boolean; exponent: boolean; digit: boolean }): string | undefined {
  for (;;) {
    const c = characterAt(l);
    if (c === '.') {
      if (seen.dot) return 'cannot have two dots in one float';
      if (!isDigit(characterAt(l, ++l.pos))) return 'float cannot end with a dot';
      if (!seen.digit) return 'cannot start float with a dot';
      seen.dot = true;
    } else if (c === 'e' || c === 'E') {
      seen.exponent = true;
      if (/^[+-]/.test(characterAt(l, ++l.pos))) l.pos++;
    } else if (isDigit(c) || c === '_') {
      seen.digit ||= c !== '_';
      l.pos++;
    } else return undefined;
  }
}
