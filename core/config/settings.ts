/** What the files say, merged: TOML values that remember which file and line they came from. */
import { printKeyPath } from '../toml/lookup';
import type { TomlKey, TomlTable, TomlValue } from '../toml/document';
import { sameKey } from '../schema/schema';
import type { Version } from '../versions/versions';

export interface Setting {
  readonly value: TomlValue;
  /** For a table: what is in it after merging; `value` is then the table of one of the files. */
  readonly entries: ReadonlyMap<string, Setting> | undefined;
  /** The file it stands in, its key there, and the path as written. */
  readonly source: string;
  readonly key: TomlKey;
  readonly written: readonly string[];
}

export type Settings = ReadonlyMap<string, Setting>;

const none: Settings = new Map();

export function settingsOf(table: TomlTable, source: string, written: readonly string[] = []): Settings {
  const settings = new Map<string, Setting>();
  for (const [name, { key, value }] of table.entries) {
    const path = [...written, name];
    const entries = value.kind === 'table' ? settingsOf(value, source, path) : undefined;
    settings.set(name, { value, entries, source, key, written: path });
  }
  return settings;
}

/** The entry that a release takes for `name`: exact before its other spellings. */
export function entryOf(settings: Settings, name: string, version: Version): Setting | undefined {
  const exact = settings.get(name);
  if (exact) return exact;
  for (const [written, setting] of settings) if (sameKey(written, name, version)) return setting;
  return undefined;
}

export function settingAt(settings: Settings, path: readonly string[], version: Version): Setting | undefined {
  let found: Setting | undefined;
  let inside: Settings = settings;
  for (const name of path) {
    found = entryOf(inside, name, version);
    if (!found) return undefined;
    inside = found.entries ?? none;
  }
  return found;
}

export function entriesAt(settings: Settings, path: readonly string[], version: Version): Settings {
  return path.length === 0 ? settings : (settingAt(settings, path, version)?.entries ?? none);
}

export function stringAt(settings: Settings, path: readonly string[], version: Version): string | undefined {
  const value = settingAt(settings, path, version)?.value;
  return value?.kind === 'string' ? value.value : undefined;
}

export function booleanAt(settings: Settings, path: readonly string[], version: Version): boolean | undefined {
  const value = settingAt(settings, path, version)?.value;
  return value?.kind === 'boolean' ? value.value : undefined;
}

export function integerAt(settings: Settings, path: readonly string[], version: Version): number | undefined {
  const value = settingAt(settings, path, version)?.value;
  return value?.kind === 'integer' ? Number(value.value) : undefined;
}

export function stringsOf(value: TomlValue | undefined): readonly string[] {
  if (value?.kind !== 'array') return [];
  return value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
}

/** Key by key, `over` wins; a table on both sides is merged the same way. */
export function mergeDeep(under: Settings, over: Settings): Settings {
  if (under.size === 0) return over;
  const merged = new Map(under);
  for (const [name, setting] of over) {
    const before = merged.get(name);
    const entries = before?.entries && setting.entries ? mergeDeep(before.entries, setting.entries) : setting.entries;
    merged.set(name, { ...setting, entries });
  }
  return merged;
}

/** Name by name, `over` wins as a whole. */
export function replaceEntries(under: Settings, over: Settings): Settings {
  return new Map([...under, ...over]);
}

/** A table made by a migration; it stands where `like` was written. */
export function tableSetting(like: Setting, entries: Settings): Setting {
  const value: TomlValue = { kind: 'table', form: 'implicit', entries: new Map(), range: like.value.range };
  return { ...like, entries, value: like.value.kind === 'table' ? like.value : value };
}

/** How a key is shown: as written in its file. */
export function dotted(setting: Setting): string {
  return printKeyPath(setting.written);
}
