/** time.Time.UnmarshalJSON: what is wrong with a time of RFC 3339, in the words of time.Parse. */
import { quote } from './quote';

const layout = '2006-01-02T15:04:05Z07:00';
/** The layout's elements, what each takes, and the largest number it may stand for. */
const elements: readonly (readonly [element: string, pattern: RegExp, range?: readonly [name: string, from: number, to: number]])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d{2}/, ['month', 1, 12]],
  ['-', /^-/],
  ['02', /^\d{2}/, ['day', 1, 31]],
  ['T', /^T/],
  ['15', /^\d{2}/, ['hour', 0, 23]],
  [':', /^:/],
  ['04', /^\d{2}/, ['minute', 0, 59]],
  [':', /^:/],
  ['05', /^\d{2}(?:[.,]\d+)?/, ['second', 0, 59]],
  ['Z07:00', /^(?:Z|[+-]\d{2}:\d{2})/],
];

/** `goMinor`: 24 of Go 1.24. Before 1.20 the quotes of JSON were part of what was parsed, and of the layout. */
export function timeProblem(value: unknown, goMinor: number): string | undefined {
  if (goMinor >= 20) return typeof value === 'string' ? parseProblem(value, '') : 'Time.UnmarshalJSON: input is not a JSON string';
  return parseProblem(JSON.stringify(value), '"');
}

function parseProblem(text: string, mark: string): string | undefined {
  const words = `parsing time ${quote(text)} as ${quote(`${mark}${layout}${mark}`)}: `;
  const failed = (rest: string, element: string): string => `${words}cannot parse ${quote(rest)} as ${quote(element)}`;
  if (!text.startsWith(mark)) return failed(text, mark);
  let rest = text.slice(mark.length);
  for (const [element, pattern, range] of elements) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return failed(rest, element);
    if (range && (Number(found.slice(0, 2)) < range[1] || Number(found.slice(0, 2)) > range[2]))
      return `parsing time ${quote(text)}: ${range[0]} out of range`;
    rest = rest.slice(found.length);
  }
  if (mark !== '' && !rest.startsWith(mark)) return failed(rest, mark);
  const extra = rest.slice(mark.length);
  return extra === '' ? undefined : `parsing time ${quote(text)}: extra text: ${quote(extra)}`;
}
