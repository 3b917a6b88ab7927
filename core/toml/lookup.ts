import type { TextRange } from '../text/ranges';
import { contains } from '../text/ranges';
import type { TomlAssignment, TomlDocument, TomlEntry, TomlHeader, TomlKey, TomlTable, TomlValue } from './document';
import { skipBareKey } from './statements';

/** The value at `path` below `table`; undefined where a part is missing or no table. Arrays are not entered. */
export function valueAt(table: TomlTable, path: readonly string[]): TomlValue | undefined {
  let value: TomlValue = table;
  for (const name of path) {
    const next: TomlValue | undefined = value.kind === 'table' ? value.entries.get(name)?.value : undefined;
    if (!next) return undefined;
    value = next;
  }
  return value;
}

/** The entry (key and value) at `path`. */
export function entryAt(table: TomlTable, path: readonly string[]): TomlEntry | undefined {
  const name = path.at(-1);
  const parent = name === undefined ? undefined : valueAt(table, path.slice(0, -1));
  return name !== undefined && parent?.kind === 'table' ? parent.entries.get(name) : undefined;
}

/** The assignment that an offset stands in or behind. */
export function assignmentBefore({ assignments }: TomlDocument, offset: number): TomlAssignment | undefined {
  return lastStarting(assignments, offset);
}

/** The header that an offset stands in or below. */
export function headerBefore({ headers }: TomlDocument, offset: number): TomlHeader | undefined {
  return lastStarting(headers, offset);
}

/** What the cursor is on. `header` is the section it is in, `path` leads there from the root: the header's keys, then the key's. */
export interface TomlNode {
  readonly where: 'header' | 'key' | 'value' | 'comment' | 'blank';
  readonly path: readonly string[];
  readonly header: TomlHeader | undefined;
  readonly assignment: TomlAssignment | undefined;
  /** The key under the cursor, in a header, before `=` or in an inline table. */
  readonly key: TomlKey | undefined;
  /** The innermost value under the cursor: an item of an array, a value in an inline table. */
  readonly value: TomlValue | undefined;
}

/** A cursor touches what it stands directly before or behind. */
export function nodeAtOffset(document: TomlDocument, offset: number): TomlNode {
  const header = lastStarting(document.headers, offset);
  const comment = lastWhere(document.comments, ({ start }) => start < offset);
  return comment && contains(comment, offset) ? blank('comment', header) : atStatement(document, header, offset);
}

function atStatement(document: TomlDocument, header: TomlHeader | undefined, offset: number): TomlNode {
  if (header && contains(header.range, offset)) return inHeader(header, offset);
  const assignment = lastStarting(document.assignments, offset);
  return assignment && contains(assignment.range, offset) ? inAssignment(assignment, offset) : blank('blank', header);
}

function blank(where: 'comment' | 'blank', header: TomlHeader | undefined): TomlNode {
  return { where, path: namesOf(header?.path ?? []), header, assignment: undefined, key: undefined, value: undefined };
}

function inHeader(header: TomlHeader, offset: number): TomlNode {
  const at = header.path.findIndex(({ range }) => contains(range, offset));
  const path = namesOf(at < 0 ? header.path : header.path.slice(0, at + 1));
  return { where: 'header', path, header, assignment: undefined, key: header.path[at], value: undefined };
}

function inAssignment(assignment: TomlAssignment, offset: number): TomlNode {
  const { header } = assignment;
  const before = namesOf(header?.path ?? []);
  const at = assignment.path.findIndex(({ range }) => contains(range, offset));
  if (at >= 0 || offset < assignment.value.range.start) {
    const path = [...before, ...namesOf(at < 0 ? assignment.path : assignment.path.slice(0, at + 1))];
    return { where: 'key', path, header, assignment, key: assignment.path[at], value: undefined };
  }
  return { ...innermost(assignment.value, [...before, ...namesOf(assignment.path)], offset), header, assignment };
}

type InValue = Pick<TomlNode, 'where' | 'path' | 'key' | 'value'>;

function innermost(value: TomlValue, path: readonly string[], offset: number): InValue {
  if (value.kind === 'array') {
    const item = value.items.find(({ range }) => contains(range, offset));
    return item ? innermost(item, path, offset) : { where: 'value', path, key: undefined, value };
  }
  return (value.kind === 'table' ? inTable(value, path, offset) : undefined) ?? { where: 'value', path, key: undefined, value };
}

function inTable(table: TomlTable, path: readonly string[], offset: number): InValue | undefined {
  for (const [name, entry] of table.entries) {
    const below = [...path, name];
    const key = entry.keys.find(({ range }) => contains(range, offset));
    if (key) return { where: 'key', path: below, key, value: undefined };
    const dotted = entry.value.kind === 'table' && entry.value.form === 'dotted';
    const found = dotted
      ? inDotted(entry.value, below, offset)
      : contains(entry.value.range, offset) && innermost(entry.value, below, offset);
    if (found) return found;
  }
  return undefined;
}

/** A table made by dotted keys has no span of its own: its entries lie about in the table around it. */
function inDotted(value: TomlValue, path: readonly string[], offset: number): InValue | undefined {
  return value.kind === 'table' ? inTable(value, path, offset) : undefined;
}

function lastStarting<T extends { readonly range: TextRange }>(list: readonly T[], offset: number): T | undefined {
  return lastWhere(list, ({ range }) => range.start <= offset);
}

/** Lines stand in file order, so a bisection finds the last one that begins before an offset. */
function lastWhere<T>(list: readonly T[], isBefore: (item: T) => boolean): T | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = list[middle];
    if (item !== undefined && isBefore(item)) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}

function namesOf(keys: readonly TomlKey[]): string[] {
  return keys.map(({ name }) => name);
}

/** A path as TOML writes it: `host."https://m.example".ca`. */
export function printKeyPath(path: readonly string[]): string {
  return path.map(printKey).join('.');
}

/** A key, in double quotes unless it can be bare. */
export function printKey(name: string): string {
  return name !== '' && skipBareKey(name, 0) === name.length ? name : printString(name);
}

/** A basic string. */
export function printString(text: string): string {
  return `"${text.replaceAll(toEscape, escaped)}"`;
}

/** Quotes, backslashes and control characters. */
const toEscape = /["\\\p{Cc}]/gu;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const control = code < 32 || code === 127;
  return shortEscapes.get(character) ?? (control ? `\\u${code.toString(16).padStart(4, '0')}` : character);
}

export type PlainValue = string | bigint | number | boolean | PlainDateTime | readonly PlainValue[] | PlainTable;
export interface PlainDateTime {
  readonly datetime: string;
}
export type PlainTable = { readonly [key: string]: PlainValue };

/** The values alone, as objects without a prototype. What could not be read is left out. */
export function toPlain(table: TomlTable): PlainTable {
  const plain: Record<string, PlainValue> = Object.create(null) as Record<string, PlainValue>;
  for (const [name, { value }] of table.entries) {
    const item = plainValue(value);
    if (item !== undefined) plain[name] = item;
  }
  return plain;
}

function plainValue(value: TomlValue): PlainValue | undefined {
  switch (value.kind) {
    case 'table':
      return toPlain(value);
    case 'array':
      return value.items.map(plainValue).filter((item) => item !== undefined);
    case 'datetime':
      return { datetime: value.value };
    case 'invalid':
      return undefined;
    default:
      return value.value;
  }
}
