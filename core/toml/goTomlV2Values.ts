/** How go-toml v2 finds the end of a number or date, and what it then refuses (parser.go and decode.go, v2.2.3 to v2.3.0). */
import type { TomlErrorCode } from './document';
import { scalarOf } from './scalars';

/** The end of a scalar without quotes, or the words of the refusal. What lies before the end is only checked when it is decoded. */
export function scanScalar(text: string, start: number): number | string {
  for (const [first, word] of [
    ['t', 'true'],
    ['f', 'false'],
    ['i', 'inf'],
    ['n', 'nan'],
  ] as const) {
    if (text[start] === first) return text.startsWith(word, start) ? start + word.length : `expected '${word}'`;
  }
  const ahead = text.slice(start, start + 5);
  if (ahead.length >= 3 && (/^\d\d:/.test(ahead) || /^\d{4}-/.test(ahead))) return scanDateTime(text, start);
  return scanNumber(text, start);
}

/** scanDateTime: a blank before a digit belongs to it, together with the digit and whatever comes next. */
function scanDateTime(text: string, start: number): number {
  let blank = false;
  let at = start;
  for (; at < text.length; at++) {
    if (/[\dTZ:.+-]/i.test(text[at] ?? '')) continue;
    if (text[at] !== ' ' || blank || !/^\d/.test(text.slice(at + 1, at + 2))) break;
    at = Math.min(at + 2, text.length - 1);
    blank = true;
  }
  return at;
}

/** scanIntOrFloat: any mix of digits, signs, underscores, dots and exponents. */
function scanNumber(text: string, start: number): number | string {
  const prefix = /^0([^.e])/i.exec(text.slice(start, start + 3));
  if (prefix && start + 2 < text.length) return scanBased(text, start, prefix[1] ?? '');
  let at = start;
  while (/[\d+\-_.e]/i.test(text[at] ?? '')) at++;
  const next = text[at] ?? '';
  if (next === 'i' || next === 'n') {
    if (text.startsWith('inf', at) || text.startsWith('nan', at)) return at + 3;
    return `unexpected character '${next}' while scanning for a number`;
  }
  return at === start ? 'incomplete number' : at;
}

/** `0` followed by something else than x, o, b ends right there. */
function scanBased(text: string, start: number, letter: string): number {
  const digits = new Map([
    ['x', /[\da-f_]/i],
    ['o', /[0-7_]/],
    ['b', /[01_]/],
  ]).get(letter);
  if (!digits) return start + 1;
  let at = start + 2;
  while (digits.test(text[at] ?? '')) at++;
  return at;
}

/** What decoding refuses: what TOML does, a float that is not finite unless it is written as inf, and from v2.3.0 the leap second. */
export function decodeProblem(text: string, leapSecond: boolean): TomlErrorCode | undefined {
  if (text === 'true' || text === 'false') return undefined;
  if (!leapSecond && /^(?:.{11})?\d\d:\d\d:60/.test(text)) return 'bad-date';
  const scalar = scalarOf(text);
  if (typeof scalar === 'object' && 'problem' in scalar) return scalar.problem;
  if (scalar === undefined) return 'bad-number';
  return typeof scalar === 'number' && !Number.isFinite(scalar) && !/inf|nan/.test(text) ? 'bad-number' : undefined;
}
