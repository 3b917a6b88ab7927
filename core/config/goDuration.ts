/** Go's time.ParseDuration, as far as whether it takes a text, and its words when it does not. */
const units: ReadonlySet<string> = new Set(['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h']);

/** What time.ParseDuration says; undefined when it takes the text. */
export function goDurationError(text: string): string | undefined {
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return undefined;
  const invalid = `time: invalid duration ${goQuote(text)}`;
  if (unsigned === '') return invalid;
  for (let rest = unsigned; rest !== '';) {
    const number = /^\d*(?:\.\d*)?/.exec(rest)?.[0] ?? '';
    if (!/\d/.test(number)) return invalid;
    rest = rest.slice(number.length);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? '';
    if (unit === '') return `time: missing unit in duration ${goQuote(text)}`;
    if (!units.has(unit)) return `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`;
    rest = rest.slice(unit.length);
  }
  return undefined;
}

function goQuote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
