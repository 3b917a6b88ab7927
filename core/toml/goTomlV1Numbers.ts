import type { V1Dialect } from './goTomlV1Lexer';
import { isDate } from './scalars';

/** Why a number token is no number (parseRvalue of parser.go): Go's text, or empty where it is not worth repeating. */
export function numberProblem(text: string, kind: 'integer' | 'float', dialect: V1Dialect): string | undefined {
  const clean = text.replace(/_/g, '');
  const based = kind === 'integer' && clean.length >= 3 && clean.startsWith('0');
  const base = based ? { x: 16, o: 8, b: 2 }[clean[1] ?? ''] : 10;
  if (base === undefined) return 'invalid base';
  if (!underscoresFit(text, base === 16, dialect)) return `invalid use of _ in ${base === 16 ? 'hex ' : ''}number`;
  if (kind === 'float') return isFloat(clean) ? undefined : '';
  return isInteger(based ? clean.slice(2) : clean, base, dialect) ? undefined : '';
}

/** An underscore needs a digit before it; what comes behind was only checked by v1.8.1. */
function underscoresFit(text: string, hex: boolean, dialect: V1Dialect): boolean {
  const digit = hex ? '[0-9A-Fa-f]' : '\\d';
  const before = new RegExp(`^_|(?!${digit})._|_$`, 's');
  return !before.test(text) && !(dialect === 'regexp' && new RegExp(`_(?!${hex ? '[0-9a-f]' : '\\d'})`).test(text));
}

function isFloat(text: string): boolean {
  return /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}

/** strconv.ParseInt; v1.9.5 takes what only fits without a sign, too. */
function isInteger(digits: string, base: number, dialect: V1Dialect): boolean {
  const sign = /^[+-]/.exec(digits)?.[0] ?? '';
  const number = digits.slice(sign.length).replace(/^0+(?=.)/, '');
  if (number === '' || number.length > 64) return false;
  const value = BigInt(
    { 16: '0x', 8: '0o', 2: '0b' }[base] === undefined ? number : `${{ 16: '0x', 8: '0o', 2: '0b' }[base] ?? ''}${number}`,
  );
  if (sign === '-') return value <= 2n ** 63n;
  return value < (sign === '' && dialect === 'current' ? 2n ** 64n : 2n ** 63n);
}

/** The calendar and the clock, as Go's time.Parse checks them: no leap second, offsets up to 24:60. */
export function temporalProblem(date: string | undefined, time: string | undefined, offset: string | undefined): string | undefined {
  if ((date !== undefined && !/^\d{4}-/.test(date)) || (date === undefined && offset !== undefined)) return '';
  const [year, month, day] = (date ?? '2000-01-01').split('-').map(Number);
  if (!isDate(year ?? 0, month ?? 0, day ?? 0)) return '';
  const [hour, minute, second] = (time ?? '00:00:00').split(':').map((part) => Number(part.slice(0, 2)));
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return '';
  const [hours, minutes] = /^[+-]/.test(offset ?? '') ? [Number(offset?.slice(1, 3)), Number(offset?.slice(4, 6))] : [0, 0];
  return hours > 24 || minutes > 60 ? '' : undefined;
}
