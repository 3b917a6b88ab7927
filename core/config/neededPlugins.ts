/** What keeps a plugin from loading that CRI needs: the checks of plugins of their own settings. */
import { everPluginTables } from '../schema/schema';
import { criImages } from '../schema/migration';
import { satisfies, type Version } from '../versions/versions';
import type { TomlTable, TomlValue } from '../toml/document';
import type { ConfigProblem } from './configFile';
import { about } from './decode';
import type { Effective } from './effective';
import { entriesAt, settingAt, stringAt, stringsOf, type Setting } from './settings';

export function neededPluginProblems(effective: Effective, version: Version): ConfigProblem[] {
  return [
    ...taskPlatforms(effective, version),
    ...runtimePlatforms(effective, version),
    ...unpackPlatforms(effective, version),
    ...differs(effective, version),
    ...contentStores(effective, version),
  ];
}

/** runtime/v2 TaskManager: platforms it runs tasks for. */
function taskPlatforms({ plugins }: Effective, version: Version): ConfigProblem[] {
  const setting = settingAt(plugins, ['io.containerd.runtime.v2.task', 'platforms'], version);
  const bad = setting && itemsOf(setting).find((item) => item.kind === 'string' && !isPlatform(item.value));
  return setting && bad?.kind === 'string'
    ? [
        refused(
          setting,
          bad,
          satisfies(version, '>=2.0.0') ? `invalid platform ${bad.value}` : `${quoted(bad.value)}: cannot parse platform specifier`,
        ),
      ]
    : [];
}

/** plugins/cri/images: the platform of a runtime. */
function runtimePlatforms({ plugins }: Effective, version: Version): ConfigProblem[] {
  const runtimes = entriesAt(plugins, [criImages, 'runtime_platforms'], version);
  return [...runtimes.values()].flatMap((runtime) => {
    const setting = runtime.entries && settingAt(runtime.entries, ['platform'], version);
    if (setting?.value.kind !== 'string' || setting.value.value === '' || isPlatform(setting.value.value)) return [];
    return [refused(setting, setting.value, `unable to parse platform ${quoted(setting.value.value)}`)];
  });
}

/** plugins/transfer: each entry needs a platform. CRI needs the plugin since 2.1. */
function unpackPlatforms({ plugins }: Effective, version: Version): ConfigProblem[] {
  const setting = settingAt(plugins, ['io.containerd.transfer.v1.local', 'unpack_config'], version);
  if (!setting || satisfies(version, '<2.1.0')) return [];
  return itemsOf(setting).flatMap((item) => {
    if (item.kind !== 'table') return [];
    const platform = platformOf(item);
    if (platform !== undefined && platform.kind !== 'string') return [];
    if (platform && isPlatform(platform.value)) return [];
    return [refused(setting, platform ?? item, `io.containerd.transfer.v1: platform configuration ${platform?.value ?? ''} invalid`)];
  });
}

function platformOf({ entries }: TomlTable): TomlValue | undefined {
  return [...entries.values()].find(({ key }) => key.name.toLowerCase() === 'platform')?.value;
}

/** services/diff: every name of the order has to be a plugin. */
function differs({ plugins, top }: Effective, version: Version): ConfigProblem[] {
  const setting = settingAt(plugins, ['io.containerd.service.v1.diff-service', 'default'], version);
  const proxies = entriesAt(top, ['proxy_plugins'], version);
  const missing = setting && itemsOf(setting).find((item) => item.kind === 'string' && !isDiffer(item.value) && !proxies.has(item.value));
  return setting && missing?.kind === 'string' ? [refused(setting, missing, `needed differ not loaded: ${missing.value}`)] : [];
}

function isDiffer(name: string): boolean {
  return everPluginTables().includes(`io.containerd.differ.v1.${name}`);
}

/** 2.x metadata plugin: a proxied content store beside the built-in one is one too many (plugin.Context GetSingle). */
function contentStores({ top }: Effective, version: Version): ConfigProblem[] {
  const disabled = stringsOf(settingAt(top, ['disabled_plugins'], version)?.value);
  if (satisfies(version, '<2.0.0') || disabled.includes('io.containerd.content.v1.content')) return [];
  const proxies = [...entriesAt(top, ['proxy_plugins'], version).values()];
  return proxies.flatMap((proxy) => {
    const type = proxy.entries && stringAt(proxy.entries, ['type'], version);
    if (type !== 'content' && type !== 'io.containerd.content.v1') return [];
    const text = 'multiple plugins registered for io.containerd.content.v1: plugin: multiple instances';
    return [{ ...about(proxy, 'plugin-refused', 'cri' as const), text }];
  });
}

/** platforms.Parse, but for the names in it: up to three parts of a few characters. */
function isPlatform(text: string): boolean {
  return /^[\w.()+-]+(?:\/[\w.-]+){0,2}$/.test(text);
}

function itemsOf({ value }: Setting): readonly TomlValue[] {
  return value.kind === 'array' ? value.items : [];
}

function refused(setting: Setting, { kind, range }: TomlValue, text: string): ConfigProblem {
  return { ...about(setting, 'plugin-refused', 'cri'), ...(kind !== 'table' && { range }), text };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
