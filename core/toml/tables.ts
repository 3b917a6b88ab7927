import type { TextRange } from '../text/ranges';
import type { TomlArray, TomlErrorCode, TomlKey, TomlTable, TomlValue } from './document';
import type { Scanner } from './scanner';
import { report } from './scanner';

/** The tree while it grows: the types of document.ts, not yet read-only. */
export type Node = Exclude<TomlValue, TomlTable | TomlArray> | TableNode | ArrayNode;

export interface TableNode {
  readonly kind: 'table';
  form: TomlTable['form'];
  readonly entries: Map<string, EntryNode>;
  range: TextRange;
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly items: Node[];
  readonly ofTables: boolean;
  range: TextRange;
}

interface EntryNode {
  readonly key: TomlKey;
  readonly value: Node;
  readonly keys: TomlKey[];
}

export function tableNode(form: TomlTable['form'], range: TextRange): TableNode {
  return { kind: 'table', form, entries: new Map(), range };
}

/** The table that `[path]` or `[[path]]` opens. Where it cannot be, the error is reported and the table stands outside the tree. */
export function openTable(s: Scanner, root: TableNode, path: readonly TomlKey[], array: boolean, range: TextRange): TableNode {
  const opened = array ? tableNode('element', range) : tableNode('header', range);
  const last = path.at(-1);
  const parent = last && walk(s, root, path.slice(0, -1), 'implicit');
  if (!last || !parent) return opened;
  const present = touch(parent, last);
  if (!present) {
    put(parent, last, array ? { kind: 'array', items: [opened], ofTables: true, range } : opened);
    return opened;
  }
  if (array) return addElement(s, present, last, opened);
  if (present.kind === 'table' && present.form === 'implicit') {
    present.form = 'header';
    present.range = range;
    return present;
  }
  if (s.merging && present.kind === 'table') return present;
  refuse(s, headerConflict(present), last);
  return opened;
}

/** Puts a value where a (dotted) key says, below `table`. The first of two stays; in go-toml v1 the last. */
export function assign(s: Scanner, table: TableNode, path: readonly TomlKey[], value: Node): void {
  const last = path.at(-1);
  const parent = last && walk(s, table, path.slice(0, -1), 'dotted');
  if (!last || !parent) return;
  if (touch(parent, last) && !s.merging) refuse(s, 'duplicate-key', last);
  else put(parent, last, value);
}

function walk(s: Scanner, from: TableNode, path: readonly TomlKey[], by: 'implicit' | 'dotted'): TableNode | undefined {
  let table = from;
  for (const key of path) {
    const present = touch(table, key);
    const next = present
      ? by === 'implicit' || s.merging
        ? throughHeader(present, s.merging)
        : throughDottedKey(present)
      : put(table, key, tableNode(by, key.range));
    if (typeof next === 'string') {
      refuse(s, next, key);
      return;
    }
    table = next;
  }
  return table;
}

/** A header passes through any table but `{ … }`, and into the newest element of an array of tables. */
function throughHeader(present: Node, merging: boolean): TableNode | TomlErrorCode {
  if (present.kind === 'table') return present.form === 'inline' && !merging ? 'extends-inline-table' : present;
  if (present.kind !== 'array') return 'not-a-table';
  const newest = present.ofTables ? present.items.at(-1) : undefined;
  return newest?.kind === 'table' ? newest : 'extends-static-array';
}

/** Dotted keys only add to tables that dotted keys made: a table with a header of its own is defined already. */
function throughDottedKey(present: Node): TableNode | TomlErrorCode {
  if (present.kind === 'array') return present.ofTables ? 'duplicate-table' : 'extends-static-array';
  if (present.kind !== 'table') return 'not-a-table';
  if (present.form === 'inline') return 'extends-inline-table';
  return present.form === 'dotted' ? present : 'duplicate-table';
}

function addElement(s: Scanner, present: Node, key: TomlKey, element: TableNode): TableNode {
  if (present.kind === 'array' && present.ofTables) present.items.push(element);
  else refuse(s, present.kind === 'array' ? 'extends-static-array' : headerConflict(present), key);
  return element;
}

function headerConflict(present: Node): TomlErrorCode {
  if (present.kind === 'table') return present.form === 'inline' ? 'extends-inline-table' : 'duplicate-table';
  if (present.kind === 'array') return present.ofTables ? 'duplicate-table' : 'extends-static-array';
  return 'not-a-table';
}

function refuse(s: Scanner, code: TomlErrorCode, key: TomlKey): void {
  report(s, code, key.range.start, key.range.end, { key: key.name.slice(0, 200) });
}

/** The value at `key`, which is noted as one more place where the key is written. */
function touch(table: TableNode, key: TomlKey): Node | undefined {
  const entry = table.entries.get(key.name);
  entry?.keys.push(key);
  return entry?.value;
}

function put<T extends Node>(table: TableNode, key: TomlKey, value: T): T {
  table.entries.set(key.name, { key, value, keys: [key] });
  return value;
}
