/** Plugin ids: what `plugins`, disabled_plugins and required_plugins may name in a release, and which tables no plugin looks up. */
import { everPluginTables, pluginTables } from '../schema/schema';
import { cri, criImages, criRuntime, fullPluginId } from '../schema/migration';
import { closest } from '../text/closest';
import { printKeyPath } from '../toml/lookup';
import { satisfies, type Version } from '../versions/versions';
import type { ConfigProblem } from './configFile';
import { about, decodeTable, wrongType } from './decode';
import { listItems, type Effective } from './effective';
import { dotted, stringsOf, type Setting } from './settings';
import type { LoadedFile } from './sources';

export function pluginProblems(files: readonly LoadedFile[], effective: Effective, version: Version): ConfigProblem[] {
  const disabled = disabledPlugins(files, effective, version);
  const problems: ConfigProblem[] = [...badIds(files, effective, version)];
  const looked = new Set<string>();
  for (const uri of pluginTables(version)) {
    const name = lookupName(uri, effective, version);
    const setting = effective.plugins.get(name);
    if (!setting || looked.has(name)) continue;
    looked.add(name);
    if (disabled.has(uri)) continue;
    if (setting.entries) for (const problem of decodeTable(uri, setting.entries, version)) problems.push(problem);
    else problems.push(wrongType(setting, setting.value, 'table', version));
  }
  for (const [name, setting] of effective.plugins) {
    if (!looked.has(name)) problems.push(...unusedTable(name, setting, effective, version));
  }
  return problems;
}

/** Config.Decode: by full id; in a version 1 configuration of 1.x by the part behind the type. */
function lookupName(uri: string, { configVersion }: Effective, version: Version): string {
  return shortNamesCount(configVersion, version) ? uri.slice(uri.lastIndexOf('.') + 1) : uri;
}

function shortNamesCount(configVersion: number, version: Version): boolean {
  return satisfies(version, '<2.0.0') && configVersion <= 1;
}

/** Full ids of the plugins that are switched off. */
export function disabledPlugins(
  files: readonly LoadedFile[],
  { configVersion }: Pick<Effective, 'configVersion'>,
  version: Version,
): ReadonlySet<string> {
  const names = listItems(files, 'disabled_plugins', version).flatMap(({ file, setting }) =>
    stringsOf(setting.value).map((name) => (satisfies(version, '>=2.0.0') && file.version <= 1 ? fullPluginId(name) : name)),
  );
  if (!shortNamesCount(configVersion, version)) return new Set(names);
  return new Set(pluginTables(version).filter((uri) => names.includes(uri.slice(uri.lastIndexOf('.') + 1))));
}

function* badIds(files: readonly LoadedFile[], effective: Effective, version: Version): Iterable<ConfigProblem> {
  for (const list of ['disabled_plugins', 'required_plugins']) {
    for (const { file, setting } of listItems(files, list, version)) {
      if (setting.value.kind !== 'array') continue;
      for (const item of setting.value.items) {
        if (item.kind !== 'string' || isPluginId(item.value, file, effective, version)) continue;
        const text = `invalid ${list === 'disabled_plugins' ? 'disabled' : 'required'} plugin URI ${JSON.stringify(item.value)} expect io.containerd.x.vx`;
        const full = pluginTables(version).find((uri) => uri === fullPluginId(item.value)) ?? '';
        yield { ...about(setting, 'bad-plugin-id', 'exit', { id: item.value, list, full }), range: item.range, text };
      }
    }
  }
}

/** ValidateV2 (1.x) and ValidateVersion (2.x). */
function isPluginId(id: string, file: LoadedFile, { configVersion }: Effective, version: Version): boolean {
  if (satisfies(version, '>=2.0.0')) return file.version <= 1 || id.includes('.');
  if (configVersion < 2) return true;
  return id.split('.').length >= 4 && (satisfies(version, '<1.7.0') || id.startsWith('io.containerd.'));
}

/** A table that no plugin of this release reads. 1.x refuses names that are no ids, otherwise nothing is said about it. */
function unusedTable(name: string, setting: Setting, effective: Effective, version: Version): ConfigProblem[] {
  const args = { plugin: name, known: nearestPlugin(name, version), configVersion: effective.configVersion };
  const ignored = { key: dotted(setting) };
  if (name === 'io' && setting.entries) return [unquoted(setting, effective, version)];
  if (shortNamesCount(effective.configVersion, version)) {
    const known = everPluginTables().includes(name);
    return [{ ...about(setting, known ? 'id-in-version-1' : 'unknown-plugin', 'ignored', args), ...ignored }];
  }
  if (satisfies(version, '<2.0.0') && !isPluginUri(name, version)) {
    const text = `invalid plugin key URI ${JSON.stringify(name)} expect io.containerd.x.vx`;
    return [{ ...about(setting, 'short-plugin-name', 'exit', { ...args, full: knownFull(name) }), text }];
  }
  if (!name.includes('.') && knownFull(name) !== '')
    return [{ ...about(setting, 'short-plugin-name', 'ignored', { ...args, full: knownFull(name) }), ...ignored }];
  return [{ ...about(setting, unusedCode(name), 'ignored', args), ...ignored }];
}

function unusedCode(name: string): string {
  if (name === criImages || name === criRuntime) return 'version-3-table';
  return everPluginTables().includes(name) ? 'plugin-of-other-release' : 'unknown-plugin';
}

function isPluginUri(name: string, version: Version): boolean {
  return name.split('.').length >= 4 && (satisfies(version, '<1.7.0') || name.startsWith('io.containerd.'));
}

function knownFull(name: string): string {
  const full = fullPluginId(name);
  return everPluginTables().includes(full) ? full : '';
}

/** `[plugins.io.containerd.grpc.v1.cri]`: TOML reads five tables inside each other. */
function unquoted(setting: Setting, effective: Effective, version: Version): ConfigProblem {
  const names = ['io'];
  for (let inside = setting.entries; inside && names.length < 8;) {
    const [first] = inside;
    if (!first || everPluginTables().includes(names.join('.'))) break;
    names.push(first[0]);
    inside = first[1].entries;
  }
  const exits = satisfies(version, '<2.0.0') && effective.configVersion >= 2;
  const args = { plugin: names.join('.'), quoted: printKeyPath(['plugins', names.join('.')]) };
  const problem = about(setting, 'unquoted-plugin', exits ? 'exit' : 'ignored', args);
  return exits ? { ...problem, text: 'invalid plugin key URI "io" expect io.containerd.x.vx' } : { ...problem, key: dotted(setting) };
}

function nearestPlugin(name: string, version: Version): string {
  const known = pluginTables(version);
  const inside = known.find((uri) => name.startsWith(`${uri}.`));
  return inside ?? closest(name, known) ?? '';
}

export function isCriDisabled(disabled: ReadonlySet<string>, version: Version): string | undefined {
  const needed = satisfies(version, '<2.0.0') ? [cri] : [cri, criImages, criRuntime, ...transferNeeds(version)];
  return needed.find((uri) => disabled.has(uri));
}

/** 2.1–2.2: CRI needs the transfer plugin, and that one the image verifier. */
function transferNeeds(version: Version): readonly string[] {
  if (satisfies(version, '>=2.1.0 <2.3.0')) return ['io.containerd.transfer.v1.local', 'io.containerd.image-verifier.v1.bindir'];
  return satisfies(version, '>=2.1.0') ? ['io.containerd.transfer.v1.local'] : [];
}
