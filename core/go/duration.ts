import { utf8 } from './bytes';

export type ParsedDuration = { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly error: string };

const nanoseconds: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 6e10],
  ['h', 3.6e12],
]);

/** A time.Duration goes from -2^63 to 2^63-1 nanoseconds. */
const limit = 1n << 63n;

/** Go time.ParseDuration. */
export function parseDuration(text: string): ParsedDuration {
  const negative = text.startsWith('-');
  const start = /^[+-]/.test(text) ? 1 : 0;
  if (text.slice(start) === '0') return { ok: true, ms: 0 };
  const part = /(\d*)(?:\.(\d*))?([^\d.]*)/y;
  let total = 0n;
  for (let at = start; at < text.length || at === start;) {
    part.lastIndex = at;
    const [whole = '', digits = '', fraction = '', unit = ''] = part.exec(text) ?? [];
    const integer = upToLimit(digits);
    if (integer === undefined || (digits === '' && fraction === '')) return invalid(text);
    if (unit === '') return { ok: false, error: `time: missing unit in duration ${timeQuote(text)}` };
    const factor = nanoseconds.get(unit);
    if (factor === undefined) return { ok: false, error: `time: unknown unit ${timeQuote(unit)} in duration ${timeQuote(text)}` };
    total += integer * BigInt(factor) + BigInt(Math.trunc(Number(`0.${fraction}`) * factor));
    if (total > limit) return invalid(text);
    at += whole.length;
  }
  if (total === limit && !negative) return invalid(text);
  return { ok: true, ms: (negative ? -1 : 1) * (Number(total) / 1e6) };
}

/** leadingInt: undefined for a number beyond 2^63. */
function upToLimit(digits: string): bigint | undefined {
  const significant = digits.replace(/^0+/, '');
  if (significant.length > 19) return undefined;
  const value = BigInt(significant === '' ? '0' : significant);
  return value > limit ? undefined : value;
}

function invalid(text: string): ParsedDuration {
  return { ok: false, error: `time: invalid duration ${timeQuote(text)}` };
}

/** The package time quotes in its own way: bytes beyond ASCII as `\xc2`. */
function timeQuote(text: string): string {
  let quoted = '';
  for (const char of text) {
    if (char < ' ' || char > '\x7f') for (const byte of utf8(char)) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
    else quoted += char === '"' || char === '\\' ? `\\${char}` : char;
  }
  return `"${quoted}"`;
}
