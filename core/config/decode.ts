/** What the TOML library makes of a table for one of containerd's structs: types that do not fit, keys that it does not have. */
import { parseDuration } from '../go/duration';
import type { TomlValue } from '../toml/document';
import { configKey, keysOf, type ConfigKey, type KeyType } from '../schema/schema';
import { satisfies, type Version } from '../versions/versions';
import type { ConfigProblem } from './configFile';
import { dotted, settingsOf, type Setting, type Settings } from './settings';
import { unknownKey } from './unknownKey';

/** Checks a plugin's table, or with `plugin` empty the top level of a file. */
export function* decodeTable(plugin: string, settings: Settings, version: Version): Iterable<ConfigProblem> {
  yield* decodeEntries(plugin, [], settings, version);
}

function* decodeEntries(plugin: string, path: readonly string[], settings: Settings, version: Version): Iterable<ConfigProblem> {
  const namesAreFree = isMap(plugin, path, version);
  for (const [name, setting] of settings) {
    const at = [...path, name];
    const key = configKey(plugin, at, version);
    if (key) yield* decodeKey(key, at, setting, version);
    else if (namesAreFree) yield* decodeNamed(plugin, at, setting, version);
    else yield unknownKey(plugin, at, setting, version);
  }
}

function* decodeKey(key: ConfigKey, at: readonly string[], setting: Setting, version: Version): Iterable<ConfigProblem> {
  const wrong = wrongSetting(setting, key);
  if (wrong) {
    yield wrongType(setting, wrong.value, wrong.wanted, version);
    return;
  }
  const badDuration = takesText(key) ? durationProblem(setting) : undefined;
  if (badDuration) yield badDuration;
  if (key.noEffect) yield { ...about(setting, 'no-effect', 'ignored'), key: dotted(setting) };
  yield* decodeInside(key, at, setting, version);
}

function* decodeInside(key: ConfigKey, at: readonly string[], setting: Setting, version: Version): Iterable<ConfigProblem> {
  if (key.plugin === '' && at.length === 1 && key.path[0] === 'plugins') return;
  if (key.type === 'array<table>' && setting.value.kind === 'array') {
    for (const item of setting.value.items) {
      if (item.kind === 'table')
        yield* decodeEntries(key.plugin, [...at, '[]'], settingsOf(item, setting.source, setting.written), version);
    }
  } else if ((key.type === 'table' || key.type === 'map<table>') && setting.entries) {
    yield* decodeEntries(key.plugin, at, setting.entries, version);
  }
}

/** A value under a name of the author's choice: `mirrors."docker.io"`. */
function* decodeNamed(plugin: string, at: readonly string[], setting: Setting, version: Version): Iterable<ConfigProblem> {
  if (setting.entries) yield* decodeEntries(plugin, at, setting.entries, version);
  else yield wrongType(setting, setting.value, 'table', version);
}

/** Whether the struct Config of a release has a place for a path of config.toml. Tables of plugins are kept whatever they hold. */
export function hasPlace(path: readonly string[], version: Version): boolean {
  for (let length = 1; length <= path.length; length++) {
    const part = path.slice(0, length);
    const key = configKey('', part, version);
    if (key?.type === 'map<any>' || key?.type === 'map<string>') return true;
    if (!key && !isMap('', part.slice(0, -1), version)) return false;
  }
  return true;
}

function isMap(plugin: string, path: readonly string[], version: Version): boolean {
  return path.length > 0 && configKey(plugin, path, version)?.type === 'map<table>' && hasFreeNames(plugin, path.length, version);
}

function hasFreeNames(plugin: string, depth: number, version: Version): boolean {
  return keysOf(plugin, version).some((key) => key.path[depth] === '*');
}

export function about(setting: Setting, code: string, effect: ConfigProblem['effect'], args: ConfigProblem['args'] = {}): ConfigProblem {
  return { code, effect, path: setting.source, range: setting.key.range, args: { key: setting.key.name, ...args } };
}

function durationProblem(setting: Setting): ConfigProblem | undefined {
  const { value } = setting;
  if (value.kind !== 'string' && value.kind !== 'integer') return undefined;
  const text = String(value.value);
  const parsed = parseDuration(text);
  return parsed.ok ? undefined : { ...about(setting, 'bad-duration', 'exit', { value: text }), range: value.range, text: parsed.error };
}

export function wrongType(setting: Setting, value: TomlValue, wanted: KeyType | 'string', version: Version): ConfigProblem {
  const problem = about(setting, 'wrong-type', 'exit', { wanted, found: value.kind });
  const text = satisfies(version, '<2.0.0') ? undefined : `toml: cannot decode TOML ${value.kind}`;
  return { ...problem, range: value.kind === 'table' ? setting.key.range : value.range, ...(text !== undefined && { text }) };
}

/** The part of a setting that the key's Go type cannot take, and what would be right there. */
function wrongSetting(setting: Setting, key: ConfigKey): Wrong | undefined {
  const item = itemTypes.get(key.type);
  if (item && setting.entries && key.type.startsWith('map'))
    return firstWrong([...setting.entries.values()].map(({ value }) => wrongValue(value, item)));
  return takesText(key) && setting.value.kind === 'integer' ? undefined : wrongValue(setting.value, key.type);
}

interface Wrong {
  readonly value: TomlValue;
  readonly wanted: KeyType;
}

function wrongValue(value: TomlValue, type: KeyType): Wrong | undefined {
  if (value.kind === 'invalid') return undefined;
  const item = itemTypes.get(type);
  if (item && value.kind === 'array' && type.startsWith('array')) return firstWrong(value.items.map((one) => wrongValue(one, item)));
  if (item && value.kind === 'table' && type.startsWith('map')) {
    return firstWrong([...value.entries.values()].map((entry) => wrongValue(entry.value, item)));
  }
  return kinds.get(type)?.includes(value.kind) ? undefined : { value, wanted: type };
}

function firstWrong(wrongs: readonly (Wrong | undefined)[]): Wrong | undefined {
  return wrongs.find((wrong) => wrong !== undefined);
}

/** Durations outside CRI are of types of their own that read any scalar as text; in CRI they are plain strings, parsed later. */
function takesText({ type, plugin }: ConfigKey): boolean {
  return type === 'duration' && !plugin.includes('cri');
}

const itemTypes: ReadonlyMap<KeyType, KeyType> = new Map<KeyType, KeyType>([
  ['array<string>', 'string'],
  ['array<table>', 'table'],
  ['map<string>', 'string'],
  ['map<table>', 'table'],
  ['map<array<string>>', 'array<string>'],
]);

const kinds: ReadonlyMap<KeyType, readonly TomlValue['kind'][]> = new Map<KeyType, readonly TomlValue['kind'][]>([
  ['string', ['string']],
  ['duration', ['string']],
  ['integer', ['integer']],
  ['float', ['float', 'integer']],
  ['bool', ['boolean']],
  ['table', ['table']],
  ['array<string>', ['array']],
  ['array<table>', ['array']],
  ['map<string>', ['table']],
  ['map<any>', ['table']],
  ['map<table>', ['table']],
  ['map<array<string>>', ['table']],
]);
