import type { TextRange } from '../text/ranges';
import type { TomlDocument, TomlKey, TomlString, TomlTable, TomlValue } from '../toml/document';

/** One `key = value` with the whole path that leads to it, whether its tables are written as headers, dotted or inline. */
export interface KeyedValue {
  readonly path: readonly string[];
  readonly key: TomlKey;
  readonly value: TomlValue;
}

export function* keyedValues(document: TomlDocument): Iterable<KeyedValue> {
  for (const { header, path, value } of document.assignments) {
    const key = path.at(-1);
    if (key) yield* withInner([...(header?.path ?? []), ...path].map(nameOf), key, value);
  }
}

function* withInner(path: readonly string[], key: TomlKey, value: TomlValue): Iterable<KeyedValue> {
  yield { path, key, value };
  for (const table of tablesIn(value)) {
    for (const entry of table.entries.values()) yield* withInner([...path, entry.key.name], entry.key, entry.value);
  }
}

function tablesIn(value: TomlValue): readonly TomlTable[] {
  if (value.kind === 'table') return [value];
  return value.kind === 'array' ? value.items.flatMap(tablesIn) : [];
}

export function nameOf({ name }: TomlKey): string {
  return name;
}

/** The strings of a value: itself, or those of an array at any depth. */
export function stringsIn(value: TomlValue): readonly TomlString[] {
  if (value.kind === 'string') return [value];
  return value.kind === 'array' ? value.items.flatMap(stringsIn) : [];
}

/** Where the characters of a string stand; undefined when escapes or line breaks keep them from standing there one by one. */
export function contentRange(text: string, { range, value, style }: TomlString): TextRange | undefined {
  const quotes = style === 'basic' || style === 'literal' ? 1 : 3;
  const inner = { start: range.start + quotes, end: range.end - quotes };
  return text.slice(inner.start, inner.end) === value ? inner : undefined;
}
