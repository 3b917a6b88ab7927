import type { ConfigContext } from '../rules/rule';
import { cri, fullPluginId, movesCriTable } from '../schema/migration';
import { configChildren, configKey, defaultOf, keysOf, pluginTables, timeouts, type ConfigKey } from '../schema/schema';
import { message } from '../text/message';
import { printKey, printString, type TomlNode } from '../toml/lookup';
import { newestVersion, parseVersion, type Version } from '../versions/versions';
import type { Completion } from './completionItem';
import { nameOf } from './keys';
import { printDefault } from './printDefault';
import { escapeSnippet } from './snippets';

/** Tables of the release, without the brackets: the top level's, every plugin's, and those inside plugins. */
export function configHeaders({ version, file }: ConfigContext): readonly Completion[] {
  const top = keysOf('', version).filter(({ type }) => type === 'table' || type === 'map<table>');
  const plugins = pluginTables(version).flatMap((plugin) => [
    table(['plugins', plugin], ''),
    ...keysIn(plugin, version, file.configVersion)
      .filter(({ type, path }) => (type === 'table' || type === 'map<table>') && path.length > 0)
      .map(({ path, doc }) => table(['plugins', plugin, ...path], doc)),
  ]);
  return [...top.map(({ path, doc }) => table(path, doc)), ...plugins];
}

export function configKeys(context: ConfigContext, { header, path }: TomlNode, typed: string): readonly Completion[] {
  const { version, file, parsed } = context;
  const place = placeOf((header?.path ?? []).map(nameOf), file.configVersion);
  if (!place) return [];
  if (place.plugin === '' && place.path[0] === 'timeouts') return timeouts(version).map(({ id, default: value }) => timeoutItem(id, value));
  const written = (header?.table ?? parsed.document.root).entries;
  return childrenIn(place.plugin, place.path, version, file.configVersion)
    .filter(({ type }) => type !== 'table' && !type.startsWith('map<'))
    .map((key) => ({ key, name: key.path.at(-1) ?? '' }))
    .filter(({ name }) => name !== '*' && (name === typed || !written.has(name) || path.at(-1) === name))
    .map(({ key, name }) => keyItem(key, name, version));
}

export function configValues({ version, file }: ConfigContext, path: readonly string[]): readonly Completion[] {
  const place = placeOf(path, file.configVersion);
  const key = place && configKey(place.plugin, place.path, version, file.configVersion);
  if (!key) return [];
  const doc = [message('completion/doc', { doc: key.doc })];
  const item = (text: string): Completion => ({ label: text, kind: 'value', text, isSnippet: false, doc });
  if (key.type === 'bool') return ['true', 'false'].map(item);
  if (key.values) return key.values.map((value) => item(printString(value)));
  const takesPlugins = key.plugin === '' && (key.key === 'disabled_plugins' || key.key === 'required_plugins');
  return takesPlugins ? pluginTables(version).map((uri) => item(printString(uri))) : [];
}

/** The last line whose CRI plugin has one table for everything. */
const lastWithOneTable = parseVersion('1.7') ?? newestVersion;

interface Place {
  readonly plugin: string;
  readonly path: readonly string[];
}

/** Undefined between `plugins` and a plugin's own table. */
function placeOf(path: readonly string[], configVersion: number): Place | undefined {
  const [first, name, ...rest] = path;
  if (first !== 'plugins') return { plugin: '', path };
  if (name === undefined) return undefined;
  return { plugin: configVersion === 1 ? fullPluginId(name) : name, path: rest };
}

/** In a file that the release migrates, the CRI table still has the layout of 1.7: those of its keys that find a new place. */
function keysIn(plugin: string, version: Version, configVersion: number): readonly ConfigKey[] {
  if (plugin !== cri || !movesCriTable(version, configVersion)) return keysOf(plugin, version);
  return keysOf(cri, lastWithOneTable).filter(({ path }) => configKey(cri, path, version, configVersion) !== undefined);
}

function childrenIn(plugin: string, path: readonly string[], version: Version, configVersion: number): readonly ConfigKey[] {
  if (plugin !== cri || !movesCriTable(version, configVersion)) return configChildren(plugin, path, version);
  return configChildren(cri, path, lastWithOneTable).filter((key) => configKey(cri, key.path, version, configVersion) !== undefined);
}

function keyItem(key: ConfigKey, name: string, version: Version): Completion {
  const value = key.secret === true ? undefined : defaultOf(key, version);
  const shown = value === undefined ? '' : printDefault(value);
  const doc = [message('completion/doc', { doc: key.doc }), ...(shown === '' ? [] : [message('completion/default', { default: shown })])];
  return { label: name, kind: 'key', text: `${printKey(name)} = ${placeholder(shown)}`, isSnippet: true, doc };
}

function placeholder(shown: string): string {
  const quoted = /^"([^"]*)"$/.exec(shown)?.[1];
  return quoted === undefined ? `\${1:${escapeSnippet(shown)}}` : `"\${1:${escapeSnippet(quoted)}}"`;
}

function timeoutItem(id: string, value: string): Completion {
  return {
    label: id,
    kind: 'key',
    text: `${printKey(id)} = "\${1:${value}}"`,
    isSnippet: true,
    doc: [message('completion/default', { default: value })],
  };
}

/** `*` becomes a place to fill in. */
function table(path: readonly string[], doc: string): Completion {
  const label = path.map((name) => (name === '*' ? '…' : printKey(name))).join('.');
  const isSnippet = path.includes('*');
  const text = isSnippet
    ? path.map((name, i) => (name === '*' ? `"\${${holeNumber(path, i)}:name}"` : escapeSnippet(printKey(name)))).join('.')
    : label;
  return { label, kind: 'table', text, isSnippet, doc: doc === '' ? [] : [message('completion/doc', { doc })] };
}

function holeNumber(path: readonly string[], index: number): number {
  return path.slice(0, index + 1).filter((name) => name === '*').length;
}
