import { migratedPlace } from '../schema/migration';
import { configKey, defaultOf, everKeysOf, everPluginTables, isDeprecated, pluginTables, type ConfigKey } from '../schema/schema';
import { catalogOf, message, type Message } from '../text/message';
import { printKeyPath } from '../toml/lookup';
import { formatVersion, type Version } from '../versions/versions';
import { printDefault } from './printDefault';
import { releasesMessage } from './releases';

export const configHoverTexts = catalogOf('config-hover', {
  key: '`{key}` · {type}',
  'key-default': '`{key}` · {type} · default `{default}`',
  doc: '{doc}',
  values: 'One of {values}.',
  deprecated: 'Deprecated; use {use}.',
  'path-list': 'A list of folders, joined by `:` (`;` on Windows).',
  unused: 'containerd {version} reads this and does nothing with it.',
  unknown: 'containerd {version} does not have this setting.',
  moved: 'containerd {version} moves it to `{place}`.',
  plugin: 'Settings of the plugin `{plugin}`.',
  'plugin-unknown': 'containerd {version} has no plugin of that name.',
});

/** A key of config.toml: `plugin` is the full id of its plugin, empty at the top level. */
export function configKeyHover(plugin: string, path: readonly string[], version: Version, configVersion: number): readonly Message[] {
  const key = configKey(plugin, path, version, configVersion);
  if (key) return [...keyHover(key, version), ...movedTo(plugin, path, version, configVersion)];
  const other = everKeysOf(plugin).find(
    (known) => known.path.length === path.length && known.path.every((name, i) => name === '*' || name === path[i]),
  );
  if (!other) return [];
  return [...keyHover(other, version), message('config-hover/unknown', { version: formatVersion(version) })];
}

export function pluginHover(plugin: string, version: Version, configVersion: number): readonly Message[] {
  const known = pluginTables(version).includes(plugin);
  if (!known && !everPluginTables().includes(plugin)) return [];
  const table = configKey(plugin, [], version, configVersion);
  return [
    message('config-hover/plugin', { plugin }),
    ...(table ? [message('config-hover/doc', { doc: table.doc })] : []),
    ...(known ? [] : [message('config-hover/plugin-unknown', { version: formatVersion(version) })]),
  ];
}

function keyHover(key: ConfigKey, version: Version): readonly Message[] {
  const value = key.type === 'table' || key.secret === true ? undefined : defaultOf(key, version);
  const args = { key: key.key, type: key.type.replace(/[<>]/g, ' ').trim() };
  const said = [
    value === undefined
      ? message('config-hover/key', args)
      : message('config-hover/key-default', { ...args, default: printDefault(value) }),
    message('config-hover/doc', { doc: key.doc }),
  ];
  if (key.values) said.push(message('config-hover/values', { values: key.values.map((one) => `\`"${one}"\``).join(', ') }));
  if (key.pathList === true) said.push(message('config-hover/path-list'));
  if (key.noEffect === true) said.push(message('config-hover/unused', { version: formatVersion(version) }));
  if (key.deprecated && isDeprecated(key, version)) said.push(message('config-hover/deprecated', { use: key.deprecated.use }));
  return [...said, ...[releasesMessage(key.releases)].filter((part) => part !== undefined)];
}

/** The v2 and older tables that 2.x moves before it decodes them. */
function movedTo(plugin: string, path: readonly string[], version: Version, configVersion: number): readonly Message[] {
  const place = migratedPlace(plugin, path, version, configVersion);
  if (place.plugin === plugin && place.path.length === path.length && place.path.every((name, i) => name === path[i])) return [];
  return [
    message('config-hover/moved', { version: formatVersion(version), place: printKeyPath(['plugins', place.plugin, ...place.path]) }),
  ];
}
