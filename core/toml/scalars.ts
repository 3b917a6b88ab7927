import type { TomlArray, TomlErrorCode, TomlTable, TomlValue } from './document';
import type { Scanner } from './scanner';
import { isControl, isLineEnd, peek, report, space } from './scanner';

const maxInteger = 2n ** 63n - 1n;

/** A value without quotes or brackets: everything up to a blank, comma, bracket, comment or line end. */
export function bareValue(s: Scanner): Exclude<TomlValue, TomlTable | TomlArray> {
  const start = s.pos;
  const text = bareText(s);
  const range = { start, end: s.pos };
  if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true', range };
  const scalar = scalarOf(text);
  if (typeof scalar === 'bigint') return { kind: 'integer', value: scalar, range };
  if (typeof scalar === 'number') return { kind: 'float', value: scalar, range };
  if (scalar !== undefined && 'form' in scalar) return { kind: 'datetime', form: scalar.form, value: text, range };
  report(s, scalar?.problem ?? problemOf(text), range.start, range.end);
  // go-toml v1 takes zeros in front, and then the type counts.
  const padded = /^([+-]?)0+(\d{1,18})$/.exec(text);
  return padded ? { kind: 'integer', value: BigInt(padded[2] ?? 0) * (padded[1] === '-' ? -1n : 1n), range } : { kind: 'invalid', range };
}

/** A number or date; undefined where the text looks like neither. */
export function scalarOf(text: string): bigint | number | DateForm | Problem | undefined {
  return integer(text) ?? float(text) ?? dateTime(text);
}

interface Problem {
  readonly problem: TomlErrorCode;
}

interface DateForm {
  readonly form: 'offset' | 'local' | 'date' | 'time';
}

function bareText(s: Scanner): string {
  const start = s.pos;
  skipRun(s);
  // A blank may stand for the T between date and time.
  if (s.pos - start === 10 && peek(s) === space && /^\d{4}-\d\d-\d\d \d\d:/.test(s.text.slice(start, start + 14))) {
    s.pos++;
    skipRun(s);
  }
  // Something that can start no value, as `}` or `=` in an array, is taken alone: the caller must get on.
  if (s.pos === start && !isLineEnd(peek(s))) s.pos++;
  return s.text.slice(start, s.pos);
}

function skipRun(s: Scanner): void {
  for (let c = peek(s); !isLineEnd(c) && !endsRun(c); c = peek(s)) {
    s.pos++;
    s.steps++;
  }
}

/** Blanks and controls, `"` `#` `'` `,` `=` `[` `]` `{` `}`. */
function endsRun(c: number): boolean {
  return (
    c === space ||
    isControl(c) ||
    c === 9 ||
    c === 34 ||
    c === 35 ||
    c === 39 ||
    c === 44 ||
    c === 61 ||
    c === 91 ||
    c === 93 ||
    c === 123 ||
    c === 125
  );
}

function problemOf(text: string): TomlErrorCode {
  if (/^\d{4}-|^\d\d:/.test(text)) return 'bad-date';
  return /^[+-]?(?:\d|\.\d|inf|nan)|^[+-]$/.test(text) ? 'bad-number' : 'expected-value';
}

function integer(text: string): bigint | Problem | undefined {
  if (/^[+-]?(?:0|[1-9](?:_?\d)*)$/.test(text)) return inRange(text.replace(/[+_]/g, ''), 20);
  const based = /^0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|o[0-7](?:_?[0-7])*|b[01](?:_?[01])*)$/.exec(text);
  if (!based) return undefined;
  return inRange(
    text.slice(0, 2) +
      text
        .slice(2)
        .replace(/_/g, '')
        .replace(/^0+(?=.)/, ''),
    66,
  );
}

/** Digits beyond `longest` are out of range anyway, and turning millions of them into a bigint takes long. */
function inRange(digits: string, longest: number): bigint | Problem {
  const value = digits.length > longest ? undefined : digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
  return value === undefined || value > maxInteger || value < -maxInteger - 1n ? { problem: 'integer-out-of-range' } : value;
}

function float(text: string): number | undefined {
  const special = /^([+-]?)(inf|nan)$/.exec(text);
  if (special) return special[2] === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  const isFloat = /^[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:e[+-]?\d(?:_?\d)*)?$/i.test(text);
  return isFloat ? Number(text.replace(/_/g, '')) : undefined;
}

/** RFC 3339 and its parts, with a calendar check. */
function dateTime(text: string): DateForm | Problem | undefined {
  const match = /^(?:(\d{4})-(\d\d)-(\d\d))?(?:([T ])?(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/i.exec(text);
  if (!match || text === '') return undefined;
  const [, year, month, day, separator, hour, minute, second, offset] = match;
  const hasDate = year !== undefined;
  const hasTime = hour !== undefined;
  const shaped = hasDate ? hasTime === (separator !== undefined) : separator === undefined && offset === undefined;
  if (!shaped || (hasDate && !isDate(Number(year), Number(month), Number(day)))) return { problem: 'bad-date' };
  if (hasTime && !isTime(Number(hour), Number(minute), Number(second))) return { problem: 'bad-date' };
  if (offset !== undefined && !isOffset(offset)) return { problem: 'bad-date' };
  return { form: !hasDate ? 'time' : !hasTime ? 'date' : offset === undefined ? 'local' : 'offset' };
}

export function isDate(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

/** A second 60 is a leap second, which RFC 3339 allows. */
function isTime(hour: number, minute: number, second: number): boolean {
  return hour <= 23 && minute <= 59 && second <= 60;
}

function isOffset(offset: string): boolean {
  return /^Z$/i.test(offset) || isTime(Number(offset.slice(1, 3)), Number(offset.slice(4, 6)), 0);
}
