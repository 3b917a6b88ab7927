/** The TOML libraries of containerd: pelletier/go-toml v1 up to 1.7, v2 since 2.0. What each takes for a key of a Go struct. */
import { hostsKeys, type HostsKey } from '../schema/hostsKeys';
import type { TomlEntry, TomlTable } from '../toml/document';
import { satisfies, type Version } from '../versions/versions';
import type { HostField } from './hostsFile';

export type Library = 'v1' | 'v2';

export function libraryOf(version: Version): Library {
  return satisfies(version, '>=2.0.0') ? 'v2' : 'v1';
}

export interface TakenFields {
  /** By containerd's name, in file order. */
  readonly fields: ReadonlyMap<string, HostField>;
  readonly left: readonly LeftKey[];
}

/** A key that the decoder passes over without a word. */
export interface LeftKey {
  readonly entry: TomlEntry;
  readonly why: 'unknown' | 'case' | 'too-new' | 'twice';
  /** The key of containerd that it is, or would be in another case or release. */
  readonly known: HostsKey | undefined;
}

/** Which keys of a table become fields of hostFileConfig (`host`), or of the struct around it (`top`). */
export function takeFields(table: TomlTable, where: 'top' | 'host', version: Version): TakenFields {
  const library = libraryOf(version);
  const fields = new Map<string, HostField>();
  const left: LeftKey[] = [];
  for (const entry of table.entries.values()) {
    const { name } = entry.key;
    const known = knownKey(name, where);
    if (!known) left.push({ entry, why: 'unknown', known });
    else if (!satisfies(version, known.releases)) left.push({ entry, why: 'too-new', known });
    else if (!takesSpelling(library, name, known)) left.push({ entry, why: 'case', known });
    else take(library, fields, left, entry, known);
  }
  return { fields, left };
}

/**
 * v1 looks for its own spelling, then for all capitals (marshal.go valueFromTree); v2 takes any case, and a later key overwrites
 * (unmarshaler.go structFieldPath).
 */
function takesSpelling(library: Library, name: string, known: HostsKey): boolean {
  return library === 'v2' || name === known.name || name === known.name.toUpperCase();
}

function take(library: Library, fields: Map<string, HostField>, left: LeftKey[], entry: TomlEntry, known: HostsKey): void {
  const before = fields.get(known.name);
  const wins = before === undefined || library === 'v2' || entry.key.name === known.name;
  const loser = wins ? before : entry;
  if (loser) left.push({ entry: { keys: [], ...loser }, why: 'twice', known });
  if (wins) fields.set(known.name, { key: entry.key, value: entry.value });
}

function knownKey(name: string, where: 'top' | 'host'): HostsKey | undefined {
  const lower = name.toLowerCase();
  return hostsKeys.find((key) => key.name === lower && (key.where === 'both' || key.where === where));
}

/**
 * Whether the structs of a release have a place for a path. go-toml v2 passes over the rest without a look at what it says, so that a
 * duplicate below `[auth]` is none.
 */
export function decodes(version: Version): (path: readonly string[]) => boolean {
  const hasPlace = (name: string, where: 'top' | 'host'): boolean => {
    const known = knownKey(name, where);
    return known !== undefined && satisfies(version, known.releases) && takesSpelling(libraryOf(version), name, known);
  };
  return ([first = '', host, key]) => {
    if (!hasPlace(first, 'top')) return false;
    return first.toLowerCase() !== 'host' || host === undefined || key === undefined || hasPlace(key, 'host');
  };
}
