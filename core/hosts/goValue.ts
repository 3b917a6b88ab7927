/** Values of TOML as Go prints them with `%v` and `%T` once a decoder has put them into an interface. */
import type { TomlArray, TomlTable, TomlValue } from '../toml/document';

/** `%v`; undefined where the print depends on more than the value (dates). */
export function goValue(value: TomlValue): string | undefined {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'integer':
    case 'boolean':
      return String(value.value);
    case 'float':
      return goFloat(value.value);
    case 'array':
      return goSlice(value);
    case 'table':
      return goMap(value);
    default:
      return undefined;
  }
}

/** `%T` of a value inside an interface; undefined where it depends on the library. */
export function goType(value: TomlValue): string | undefined {
  switch (value.kind) {
    case 'string':
      return 'string';
    case 'integer':
      return 'int64';
    case 'boolean':
      return 'bool';
    case 'float':
      return 'float64';
    case 'array':
      return value.ofTables ? undefined : '[]interface {}';
    case 'table':
      return 'map[string]interface {}';
    default:
      return undefined;
  }
}

/** `%v` of a float64 is `%g` with the shortest digits that tell the number. */
function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function goSlice(array: TomlArray): string | undefined {
  const items = array.items.map(goValue);
  return items.includes(undefined) ? undefined : `[${items.join(' ')}]`;
}

function goMap(table: TomlTable): string | undefined {
  const items = [...table.entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, { value }]) => [key, goValue(value)] as const);
  return items.some(([, value]) => value === undefined)
    ? undefined
    : `map[${items.map(([key, value]) => `${key}:${value ?? ''}`).join(' ')}]`;
}
