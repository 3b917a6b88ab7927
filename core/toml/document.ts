import type { TextRange } from '../text/ranges';

/**
 * What a TOML text says, twice over: `root` is the value as a decoder sees it (tables merged), `headers` and `assignments` are the
 * lines in file order. Both hold the same nodes. The tree is there for any text; what could not be read is missing from it and
 * stands in `errors`.
 */
export interface ParsedToml {
  readonly document: TomlDocument;
  readonly errors: readonly TomlError[];
}

export interface TomlDocument {
  readonly text: string;
  readonly root: TomlTable;
  /** `[a.b]` and `[[a]]` lines in file order, also those that could not be merged (duplicates). */
  readonly headers: readonly TomlHeader[];
  /** `key = value` lines in file order (not those inside inline tables), also duplicates. */
  readonly assignments: readonly TomlAssignment[];
  readonly comments: readonly TextRange[];
}

export interface TomlHeader {
  /** `[` to `]` inclusive (as far as it was read). */
  readonly range: TextRange;
  readonly array: boolean;
  readonly path: readonly TomlKey[];
  /** The table that the lines below belong to. For a duplicate header: a table of its own, outside the tree. */
  readonly table: TomlTable;
  /** From the header to the end of its last line. */
  readonly section: TextRange;
}

export interface TomlAssignment {
  /** Key to end of value. */
  readonly range: TextRange;
  /** `a.b.c` of `a.b.c = 1`. */
  readonly path: readonly TomlKey[];
  readonly value: TomlValue;
  /** The table of the header above (or the root). */
  readonly table: TomlTable;
  readonly header: TomlHeader | undefined;
}

/** One part of a key as written. `range` includes the quotes. */
export interface TomlKey {
  readonly name: string;
  readonly range: TextRange;
  readonly style: 'bare' | 'basic' | 'literal';
}

export type TomlValue = TomlString | TomlInteger | TomlFloat | TomlBoolean | TomlDateTime | TomlArray | TomlTable | TomlInvalid;

export interface TomlString {
  readonly kind: 'string';
  readonly value: string;
  readonly style: 'basic' | 'literal' | 'multiline-basic' | 'multiline-literal';
  readonly range: TextRange;
}
/** `value` is exact: a bigint, since TOML integers have 64 bits. */
export interface TomlInteger {
  readonly kind: 'integer';
  readonly value: bigint;
  readonly range: TextRange;
}
export interface TomlFloat {
  readonly kind: 'float';
  readonly value: number;
  readonly range: TextRange;
}
export interface TomlBoolean {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly range: TextRange;
}
export interface TomlDateTime {
  readonly kind: 'datetime';
  readonly form: 'offset' | 'local' | 'date' | 'time';
  /** As written. */
  readonly value: string;
  readonly range: TextRange;
}
export interface TomlArray {
  readonly kind: 'array';
  readonly items: readonly TomlValue[];
  /** Whether it was built from `[[header]]` lines. */
  readonly ofTables: boolean;
  readonly range: TextRange;
}
export interface TomlTable {
  readonly kind: 'table';
  /** How it came to be: its own header, a header or key that only passes through it, a dotted key, `{ … }`, one `[[…]]`. */
  readonly form: 'root' | 'header' | 'implicit' | 'dotted' | 'inline' | 'element';
  readonly entries: ReadonlyMap<string, TomlEntry>;
  readonly range: TextRange;
}
/** Stands for a value that could not be read. */
export interface TomlInvalid {
  readonly kind: 'invalid';
  readonly range: TextRange;
}

export interface TomlEntry {
  /** The key where it was first written. */
  readonly key: TomlKey;
  readonly value: TomlValue;
  /** Every place where this key is written: headers that pass through it, dotted keys. */
  readonly keys: readonly TomlKey[];
}

/** `code` is an id of tomlErrorTexts; `args` go into its text. */
export interface TomlError {
  readonly code: TomlErrorCode;
  readonly range: TextRange;
  readonly args: Readonly<Record<string, string | number>>;
}

export type TomlErrorCode =
  | 'byte-order-mark'
  | 'control-character'
  | 'not-utf8'
  | 'expected-key'
  | 'expected-equals'
  | 'expected-value'
  | 'expected-newline'
  | 'expected-closing-bracket'
  | 'expected-comma'
  | 'unterminated-string'
  | 'unterminated-array'
  | 'unterminated-inline-table'
  | 'newline-in-inline-table'
  | 'trailing-comma-in-inline-table'
  | 'bad-escape'
  | 'bad-number'
  | 'bad-date'
  | 'integer-out-of-range'
  | 'bare-carriage-return'
  | 'multiline-key'
  | 'duplicate-key'
  | 'duplicate-table'
  | 'not-a-table'
  | 'extends-inline-table'
  | 'extends-static-array'
  | 'too-deep';
