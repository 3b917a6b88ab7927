import type { TextRange } from '../text/ranges';
import type { TomlDocument, TomlValue } from '../toml/document';

/** The value that stands exactly at a range. */
export function valueAtRange(document: TomlDocument, range: TextRange): TomlValue | undefined {
  for (const { value } of document.assignments) {
    if (value.range.start > range.start || value.range.end < range.end) continue;
    const found = within(value, range);
    if (found) return found;
  }
  return undefined;
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
