/** What containerd's configuration files may hold. The data stands in data/; this looks it up. */
import { satisfies, type Version } from '../versions/versions';
import { configKeyGroups } from './data/configKeys';
import { pluginData, timeoutData } from './data/plugins';
import { keyIndex, type KeyIndex, type SameName } from './keyIndex';
import { migratedPlace } from './migration';
import type { DefaultValue, KeyData, KeyType, TimeoutData } from './keyData';

export type { DefaultValue, KeyData, KeyType, TimeoutData } from './keyData';

/** A key of a release: where it stands in that release's own structs, and what it is. */
export interface ConfigKey extends KeyData {
  readonly plugin: string;
  readonly path: readonly string[];
}

const allKeys: readonly ConfigKey[] = configKeyGroups.flatMap(({ plugin, keys }) =>
  keys.map((data) => ({ ...data, plugin, path: data.key.replaceAll('[]', '.[]').split('.') })),
);
const keysByPlugin: ReadonlyMap<string, readonly ConfigKey[]> = new Map(
  configKeyGroups.map(({ plugin }) => [plugin, allKeys.filter((key) => key.plugin === plugin)]),
);

/**
 * The key at `path` below a plugin's table (`plugin` is its full id, or empty for the top level) in one release. `configVersion` is the
 * `version` of the file: where the release moves old tables on, the key is found at its new place. Undefined: the release has no such key.
 */
export function configKey(plugin: string, path: readonly string[], version: Version, configVersion?: number): ConfigKey | undefined {
  const place = configVersion === undefined ? { plugin, path } : migratedPlace(plugin, path, version, configVersion);
  return indexOf(place.plugin, version).find(place.path, sameIn(version));
}

/** The keys right below `path`: what may be written there. `*` stands for a name of the author's choice. */
export function configChildren(plugin: string, path: readonly string[], version: Version): readonly ConfigKey[] {
  return indexOf(plugin, version).below(path, sameIn(version));
}

/** Keys of a release's plugin that are called `name`, wherever they stand. */
export function configKeysNamed(plugin: string, name: string, version: Version): readonly ConfigKey[] {
  return indexOf(plugin, version).named(name);
}

/** Every release's keys of a plugin, also those that are gone. */
export function everKeysOf(plugin: string): readonly ConfigKey[] {
  return keysByPlugin.get(plugin) ?? [];
}

/** The key at `path`, spelled as containerd does, of any release. */
export function everKey(plugin: string, path: readonly string[]): ConfigKey | undefined {
  return everIndex.get(plugin)?.find(path, (written, known) => written === known);
}

const everIndex: ReadonlyMap<string, KeyIndex<ConfigKey>> = new Map([...keysByPlugin].map(([plugin, keys]) => [plugin, keyIndex(keys)]));

export function keysOf(plugin: string, version: Version): readonly ConfigKey[] {
  return ofRelease(plugin, version).keys;
}

function indexOf(plugin: string, version: Version): KeyIndex<ConfigKey> {
  return ofRelease(plugin, version).index;
}

interface ReleaseKeys {
  readonly keys: readonly ConfigKey[];
  readonly index: KeyIndex<ConfigKey>;
}

const nothing: ReleaseKeys = { keys: [], index: keyIndex([]) };

function ofRelease(plugin: string, version: Version): ReleaseKeys {
  const ofVersion = keysOfVersions.get(version) ?? new Map<string, ReleaseKeys>();
  keysOfVersions.set(version, ofVersion);
  const known = ofVersion.get(plugin);
  // Only plugins that the data has: a name out of somebody's file is not kept.
  if (known || !keysByPlugin.has(plugin)) return known ?? nothing;
  const keys = everKeysOf(plugin).filter((key) => satisfies(version, key.releases));
  const found = { keys, index: keyIndex(keys) };
  ofVersion.set(plugin, found);
  return found;
}

/** Worked out once for a version: decoding asks for the same keys at every table. */
const keysOfVersions = new WeakMap<Version, Map<string, ReleaseKeys>>();

/** Full ids of the plugins that a release registers. */
export function pluginTables(version: Version): readonly string[] {
  const ofKeys = configKeyGroups.filter(({ plugin, keys }) => plugin !== '' && keys.some((key) => satisfies(version, key.releases)));
  const registered = pluginData.filter(({ releases }) => satisfies(version, releases));
  return [...new Set([...registered.map(({ uri }) => uri), ...ofKeys.map(({ plugin }) => plugin)])].sort();
}

/** Full ids that any release knows. */
export function everPluginTables(): readonly string[] {
  return [...new Set([...pluginData.map(({ uri }) => uri), ...keysByPlugin.keys()])].filter((uri) => uri !== '').sort();
}

export function defaultOf(key: KeyData, version: Version): DefaultValue | undefined {
  const ofRelease = key.defaults?.find(([releases]) => satisfies(version, releases));
  return ofRelease?.[1] ?? key.default ?? zeroValues.get(key.type);
}

export function isDeprecated(key: KeyData, version: Version): boolean {
  return key.deprecated !== undefined && satisfies(version, key.deprecated.releases);
}

export function timeouts(version: Version): readonly TimeoutData[] {
  return timeoutData.filter(({ releases }) => satisfies(version, releases));
}

/**
 * Whether a written key is taken for a known one. go-toml v1 tries the tag as it is and in capitals (1.x), go-toml v2 compares without
 * case (2.x).
 */
export function sameKey(written: string, known: string, version: Version): boolean {
  if (written === known) return true;
  if (written.length !== known.length) return false;
  return satisfies(version, '>=2.0.0') ? written.toLowerCase() === known.toLowerCase() : written === known.toUpperCase();
}

const zeroValues: ReadonlyMap<KeyType, DefaultValue> = new Map<KeyType, DefaultValue>([
  ['string', ''],
  ['integer', 0],
  ['bool', false],
  ['array<string>', []],
]);

function sameIn(version: Version): SameName {
  const anyCase = satisfies(version, '>=2.0.0');
  return (written, known) => anyCase || written === known || written === known.toUpperCase();
}
