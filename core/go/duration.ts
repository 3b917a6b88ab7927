import { quote } from './quote';

export type ParsedDuration = { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly error: string };

const milliseconds: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** The largest time.Duration: 2^63-1 nanoseconds. */
const longestMs = 9_223_372_036_854.775;

/** Go time.ParseDuration. */
export function parseDuration(text: string): ParsedDuration {
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return { ok: true, ms: 0 };
  let ms = 0;
  do {
    const number = /^\d*(?:\.\d*)?/.exec(rest)?.[0] ?? '';
    if (!/\d/.test(number)) return invalid(text);
    const unit = /^[^\d.]*/.exec(rest.slice(number.length))?.[0] ?? '';
    const factor = milliseconds.get(unit);
    if (unit === '') return { ok: false, error: `time: missing unit in duration ${quote(text)}` };
    if (factor === undefined) return { ok: false, error: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` };
    ms += Number(`0${number}`) * factor;
    rest = rest.slice(number.length + unit.length);
  } while (rest !== '');
  return ms > longestMs ? invalid(text) : { ok: true, ms: sign * ms };
}

function invalid(text: string): ParsedDuration {
  return { ok: false, error: `time: invalid duration ${quote(text)}` };
}
