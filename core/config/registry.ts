/** The registry settings that a pull over CRI meets. */
import { defaultOf, configKey } from '../schema/schema';
import { criImages } from '../schema/migration';
import { satisfies, type Version } from '../versions/versions';
import type { ConfigProblem, RegistryConfig, RegistrySettings } from './configFile';
import type { CriTables } from './criProblems';
import { about } from './decode';
import { booleanAt, dotted, entriesAt, integerAt, settingAt, stringAt, stringsOf, type Setting, type Settings } from './settings';

export function registrySettings({ images }: CriTables, version: Version): RegistrySettings {
  const registry = entriesAt(images, ['registry'], version);
  const mirrors = record(entriesAt(registry, ['mirrors'], version), (mirror) => stringsOf(mirror.entries?.get('endpoint')?.value));
  const configs = record(entriesAt(registry, ['configs'], version), (config) => registryConfig(config, version));
  const headers = record(entriesAt(registry, ['headers'], version), (header) => stringsOf(header.value));
  const localPull = localPullReason(images, version) !== undefined;
  const configPath = effectiveConfigPath(registry, version);
  const list = splitList(configPath);
  const local = list;
  const transfers = satisfies(version, '>=2.1.0') && !localPull;
  return {
    configPath,
    mirrors,
    configs,
    headers,
    localPull,
    hostsDirs: { local, cri: transfers && configPath !== '' ? [configPath] : list },
  };
}

/** CheckLocalImagePullConfigs of 2.1+: the first setting that keeps CRI pulls from the transfer service. */
export function localPullReason(images: Settings, version: Version): Setting | undefined {
  if (satisfies(version, '<2.1.0')) return undefined;
  const at = (...path: string[]): Setting | undefined => settingAt(images, path, version);
  const nonEmpty = (...path: string[]): Setting | undefined => (entriesAt(images, path, version).size > 0 ? at(...path) : undefined);
  const preset = configKey(criImages, ['max_concurrent_downloads'], version);
  const downloads = integerAt(images, ['max_concurrent_downloads'], version);
  const whenTrue = (key: string): Setting | undefined => (booleanAt(images, [key], version) === true ? at(key) : undefined);
  return (
    whenTrue('use_local_image_pull') ??
    (booleanAt(images, ['disable_snapshot_annotations'], version) === false ? at('disable_snapshot_annotations') : undefined) ??
    whenTrue('discard_unpacked_layers') ??
    nonEmpty('registry', 'mirrors') ??
    nonEmpty('registry', 'configs') ??
    nonEmpty('registry', 'auths') ??
    (downloads !== undefined && preset && downloads !== defaultOf(preset, version) ? at('max_concurrent_downloads') : undefined) ??
    whenTrue('image_pull_with_sync_fs')
  );
}

/** config_path values that do not do what they say, although nothing is refused. */
export function configPathProblems(tables: CriTables, settings: RegistrySettings, version: Version): ConfigProblem[] {
  const setting = settingAt(tables.images, ['registry', 'config_path'], version);
  if (setting?.value.kind !== 'string') return [];
  const ignored = { range: setting.value.range, key: dotted(setting) };
  const dirs = splitList(setting.value.value);
  const relative = dirs.find((dir) => !dir.startsWith('/') && !/^[A-Z]:/i.test(dir));
  if (relative !== undefined) return [{ ...about(setting, 'config-path-relative', 'ignored', { value: relative }), ...ignored }];
  if (dirs.length < 2 || settings.localPull || satisfies(version, '<2.1.0')) return [];
  return [{ ...about(setting, 'config-path-list', 'ignored', { value: setting.value.value, first: dirs[0] ?? '' }), ...ignored }];
}

/** 2.2.2+ fills in two folders at start where neither config_path nor mirrors is set; 2.2.0 and 2.2.1 have them as the default. */
function effectiveConfigPath(registry: Settings, version: Version): string {
  const written = stringAt(registry, ['config_path'], version) ?? '';
  if (written !== '' || satisfies(version, '<2.2.0')) return written;
  const mirrors = entriesAt(registry, ['mirrors'], version).size > 0;
  return mirrors && satisfies(version, '>=2.2.2') ? '' : '/etc/containerd/certs.d:/etc/docker/certs.d';
}

/** filepath.SplitList; a Windows path keeps its drive's colon. */
export function splitList(value: string): readonly string[] {
  const separator = /^[A-Z]:[\\/]/i.test(value) ? ';' : ':';
  return value.split(separator).filter((dir) => dir !== '');
}

function registryConfig(config: Setting, version: Version): RegistryConfig {
  const inside = config.entries ?? new Map<string, Setting>();
  const auth = textsOf(
    entriesAt(inside, ['auth'], version),
    { username: 'username', password: 'password', auth: 'auth', identitytoken: 'identityToken' },
    version,
  );
  const tls = textsOf(entriesAt(inside, ['tls'], version), { ca_file: 'caFile', cert_file: 'certFile', key_file: 'keyFile' }, version);
  const skip = booleanAt(inside, ['tls', 'insecure_skip_verify'], version);
  const hasTls = inside.has('tls') && satisfies(version, '<2.0.0');
  return {
    ...(inside.has('auth') && { auth }),
    ...(hasTls && { tls: { ...tls, ...(skip !== undefined && { insecureSkipVerify: skip }) } }),
  };
}

function textsOf<K extends string>(settings: Settings, keys: Readonly<Record<string, K>>, version: Version): Partial<Record<K, string>> {
  const texts: Partial<Record<K, string>> = {};
  for (const [key, name] of Object.entries(keys)) {
    const value = stringAt(settings, [key], version);
    if (value !== undefined) texts[name] = value;
  }
  return texts;
}

/** An object without a prototype, since the names are the file's. */
function record<T>(settings: Settings, valueOf: (setting: Setting) => T): Readonly<Record<string, T>> {
  const result = Object.create(null) as Record<string, T>;
  for (const [name, setting] of settings) result[name] = valueOf(setting);
  return result;
}
