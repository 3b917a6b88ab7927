/** The shape of the rows in data/. */
import type { VersionRange } from '../versions/versions';

export type KeyType =
  | 'string'
  | 'integer'
  | 'float'
  | 'bool'
  | 'duration'
  | 'table'
  | 'array<string>'
  | 'array<table>'
  | 'map<string>'
  | 'map<any>'
  | 'map<table>'
  | 'map<array<string>>';

export type DefaultValue = string | number | boolean | readonly DefaultValue[] | { readonly [key: string]: DefaultValue };

/** One key as the data holds it. `key` is dotted from the plugin's table (or the file's top); `*` is any key of a map. */
export interface KeyData {
  readonly key: string;
  readonly type: KeyType;
  readonly releases: VersionRange;
  readonly default?: DefaultValue;
  readonly defaults?: readonly (readonly [VersionRange, DefaultValue])[];
  readonly deprecated?: { readonly releases: VersionRange; readonly id?: string; readonly use: string };
  /** All values it may have. */
  readonly values?: readonly string[];
  readonly secret?: boolean;
  /** A list of folders joined by `:` (`;` on Windows). */
  readonly pathList?: boolean;
  /** Read and never used. */
  readonly noEffect?: boolean;
  readonly doc: string;
}

export interface KeyGroup {
  /** Full plugin id; empty for the top level. */
  readonly plugin: string;
  readonly keys: readonly KeyData[];
}

export interface PluginData {
  readonly uri: string;
  readonly releases: VersionRange;
}

export interface TimeoutData {
  readonly id: string;
  readonly releases: VersionRange;
  readonly default: string;
}
