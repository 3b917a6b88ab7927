import type { TextRange } from '../text/ranges';
import type { TomlDocument, TomlValue } from '../toml/document';

/** The value that stands exactly at a range. Assignments are in file order. */
export function valueAtRange({ assignments }: TomlDocument, range: TextRange): TomlValue | undefined {
  let [low, high] = [0, assignments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((assignments[middle]?.range.start ?? 0) <= range.start) low = middle + 1;
    else high = middle;
  }
  const value = assignments[low - 1]?.value;
  return value && value.range.end >= range.end ? within(value, range) : undefined;
}

function within(value: TomlValue, range: TextRange): TomlValue | undefined {
  if (value.range.start === range.start && value.range.end === range.end) return value;
  const inside =
    value.kind === 'array' ? value.items : value.kind === 'table' ? [...value.entries.values()].map((entry) => entry.value) : [];
  for (const one of inside) {
    const found = one.range.start <= range.start && range.end <= one.range.end ? within(one, range) : undefined;
    if (found) return found;
  }
  return undefined;
}
