import type { DefaultValue } from '../schema/schema';
import { printKey, printString } from '../toml/lookup';

/** A default as TOML writes it on one line. */
export function printDefault(value: DefaultValue): string {
  if (typeof value === 'string') return printString(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(printDefault).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${printKey(key)} = ${printDefault(inner)}`)
    .join(', ')} }`;
}

function isList(value: DefaultValue): value is readonly DefaultValue[] {
  return Array.isArray(value);
}
