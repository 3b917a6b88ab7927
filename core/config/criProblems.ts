/** What keeps the CRI plugin from loading: ValidatePluginConfig (1.x), ValidateImageConfig, -RuntimeConfig and -ServerConfig (2.x). */
import { parseDuration } from '../go/duration';
import { quote } from '../go/quote';
import { parseUrl } from '../go/url';
import { cri, criImages, criRuntime } from '../schema/migration';
import { everPluginTables } from '../schema/schema';
import { satisfies, type Version } from '../versions/versions';
import type { ConfigProblem } from './configFile';
import { about } from './decode';
import { booleanAt, entriesAt, settingAt, stringAt, type Setting, type Settings } from './settings';

/** The tables that the CRI plugins of a release read. In 1.x all three are one. */
export interface CriTables {
  readonly images: Settings;
  readonly runtime: Settings;
  readonly server: Settings;
}

const none: Settings = new Map();
const runtimeV1 = 'io.containerd.runtime.v1.linux';

export function criTables(plugins: Settings, version: Version, configVersion: number): CriTables {
  if (satisfies(version, '<2.0.0')) {
    const one = plugins.get(configVersion <= 1 ? 'cri' : cri)?.entries ?? none;
    return { images: one, runtime: one, server: one };
  }
  const table = (name: string): Settings => plugins.get(name)?.entries ?? none;
  return { images: table(criImages), runtime: table(criRuntime), server: table(cri) };
}

export function criProblems(tables: CriTables, top: Settings, version: Version): ConfigProblem[] {
  return [
    ...registryProblems(tables.images, version),
    ...durationProblems(tables, version),
    ...streamingProblems(tables.server, version),
    ...streamingPort(tables.server, version),
    ...runtimeProblems(tables.runtime, version),
    ...cniProblems(tables.runtime, version),
    ...snapshotterProblems(tables, top, version),
  ];
}

function registryProblems(images: Settings, version: Version): ConfigProblem[] {
  const configPath = settingAt(images, ['registry', 'config_path'], version);
  const mirrors = settingAt(images, ['registry', 'mirrors'], version);
  const problems: ConfigProblem[] = [];
  const [mirror] = mirrors?.entries?.values() ?? [];
  if (mirrors && mirror && (hasText(configPath) || configPathIsPreset(version, configPath))) {
    const text = '`mirrors` cannot be set when `config_path` is provided';
    const args = { configPath: pathText(configPath), file: configPath?.source ?? '' };
    problems.push({ ...about(mirrors, 'mirrors-beside-config-path', 'cri', { ...args, mirrors: mirrors.entries?.size ?? 0 }), text });
    if (configPath && configPath.source !== mirrors.source)
      problems.push({ ...about(configPath, 'mirrors-beside-config-path', 'cri', { ...args, file: mirrors.source }), text });
  }
  return [...problems, ...tlsProblems(images, configPath, version), ...authsProblems(images, version)];
}

/** 2.0 no longer has configs.*.tls at all. */
function tlsProblems(images: Settings, configPath: Setting | undefined, version: Version): ConfigProblem[] {
  if (!hasText(configPath) || satisfies(version, '>=2.0.0')) return [];
  const tls = [...entriesAt(images, ['registry', 'configs'], version).values()]
    .map((config) => config.entries?.get('tls'))
    .find((one) => one !== undefined);
  const text = '`configs.tls` cannot be set when `config_path` is provided';
  return tls ? [{ ...about(tls, 'configs-tls-beside-config-path', 'cri', { configPath: pathText(configPath) }), text }] : [];
}

function authsProblems(images: Settings, version: Version): ConfigProblem[] {
  return [...entriesAt(images, ['registry', 'auths'], version)].flatMap(([url, setting]) => {
    const parsed = parseUrl(url);
    if (parsed.ok) return [];
    const text = `failed to parse registry url ${quote(url)} from \`registry.auths\`: ${parsed.error}`;
    return [{ ...about(setting, 'bad-auths-url', 'cri', { url }), text }];
  });
}

/** 2.2.0 and 2.2.1 preset config_path, so mirrors alone were refused there. */
function configPathIsPreset(version: Version, configPath: Setting | undefined): boolean {
  return configPath === undefined && satisfies(version, '>=2.2.0 <2.2.2');
}

function hasText(setting: Setting | undefined): boolean {
  return setting?.value.kind === 'string' && setting.value.value !== '';
}

function pathText(setting: Setting | undefined): string {
  return setting?.value.kind === 'string' ? setting.value.value : '/etc/containerd/certs.d:/etc/docker/certs.d';
}

function durationProblems(tables: CriTables, version: Version): ConfigProblem[] {
  const problem = (settings: Settings, key: string, prefix: string): ConfigProblem[] => {
    const setting = settingAt(settings, [key], version);
    if (setting?.value.kind !== 'string' || setting.value.value === '') return [];
    const parsed = parseDuration(setting.value.value);
    if (parsed.ok) return [];
    return [
      {
        ...about(setting, 'bad-duration', 'cri', { value: setting.value.value }),
        range: setting.value.range,
        text: `${prefix}: ${parsed.error}`,
      },
    ];
  };
  const progress = satisfies(version, '>=1.7.0')
    ? problem(tables.images, 'image_pull_progress_timeout', 'invalid image pull progress timeout')
    : [];
  const drain = satisfies(version, '>=1.6.29')
    ? problem(tables.runtime, 'drain_exec_sync_io_timeout', 'invalid `drain_exec_sync_io_timeout`')
    : [];
  return [...progress, ...drain, ...problem(tables.server, 'stream_idle_timeout', 'invalid stream idle timeout')];
}

/** getStreamListenerMode (pkg/cri/server/streaming.go, since 2.0 internal/cri/config/streaming.go). */
function streamingProblems(server: Settings, version: Version): ConfigProblem[] {
  const certificate = settingAt(server, ['x509_key_pair_streaming', 'tls_cert_file'], version);
  const key = settingAt(server, ['x509_key_pair_streaming', 'tls_key_file'], version);
  const problem = (setting: Setting | undefined, text: string): ConfigProblem[] =>
    setting ? [{ ...about(setting, 'streaming-tls', 'cri'), text: `invalid stream server configuration: ${text}` }] : [];
  if (booleanAt(server, ['enable_tls_streaming'], version) !== true) {
    if (hasText(certificate)) return problem(certificate, 'X509KeyPairStreaming.TLSCertFile is set but EnableTLSStreaming is not set');
    return hasText(key) ? problem(key, 'X509KeyPairStreaming.TLSKeyFile is set but EnableTLSStreaming is not set') : [];
  }
  if (hasText(certificate) === hasText(key)) return [];
  return hasText(certificate)
    ? problem(certificate, 'must set X509KeyPairStreaming.TLSKeyFile')
    : problem(key, 'must set X509KeyPairStreaming.TLSCertFile');
}

/** net.Listen of the streaming server, whose failure ends containerd: Go knows the names of a few ports by itself. */
function streamingPort(server: Settings, version: Version): ConfigProblem[] {
  const setting = settingAt(server, ['stream_server_port'], version);
  if (setting?.value.kind !== 'string') return [];
  const { value, range } = setting.value;
  const isNumber = /^\d+$/.test(value);
  if (value === '' || portNames.has(value) || (isNumber && Number(value) <= 65535)) return [];
  const unknown = `${satisfies(version, '<1.7.0') ? 'address' : 'lookup'} tcp/${value}: unknown port`;
  const text = `stream server error: listen tcp: ${isNumber ? `address ${value}: invalid port` : unknown}`;
  return [{ ...about(setting, 'start-refused', 'exit'), range, text }];
}

const portNames: ReadonlySet<string> = new Set(
  'domain ftp ftps gopher http https imap2 imap3 imaps pop3 pop3s smtp submission ssh telnet'.split(' '),
);

function runtimeProblems(runtime: Settings, version: Version): ConfigProblem[] {
  const handlers = entriesAt(runtime, ['containerd', 'runtimes'], version);
  return [
    ...defaultRuntimeProblems(runtime, handlers, version),
    ...[...handlers.values()].flatMap((handler) => handlerProblems(handler, version)),
    ...runtimeV1Switches(runtime, handlers, version),
  ];
}

function defaultRuntimeProblems(runtime: Settings, handlers: Settings, version: Version): ConfigProblem[] {
  const named = settingAt(runtime, ['containerd', 'default_runtime_name'], version);
  const old = stringAt(runtime, ['containerd', 'default_runtime', 'runtime_type'], version);
  if (satisfies(version, '<2.0.0') && old !== undefined && old !== '') return [];
  const name = named?.value.kind === 'string' ? named.value.value : 'runc';
  const subject = named ?? settingAt(runtime, ['containerd', 'runtimes'], version);
  if (!subject || name === '')
    return subject && name === '' ? [{ ...about(subject, 'default-runtime-empty', 'cri'), text: '`default_runtime_name` is empty' }] : [];
  const presetSurvives = handlers.size === 0 || satisfies(version, '>=2.0.0');
  if (handlers.has(name) || (name === 'runc' && presetSurvives)) return [];
  const text = `no corresponding runtime configured in \`containerd.runtimes\` for \`containerd\` \`default_runtime_name = "${name}"`;
  return [{ ...about(subject, 'default-runtime-missing', 'cri', { name, handlers: [...handlers.keys()].join(', ') }), text }];
}

function handlerProblems(handler: Setting, version: Version): ConfigProblem[] {
  const inside = handler.entries ?? none;
  const all = settingAt(inside, ['privileged_without_host_devices_all_devices_allowed'], version);
  const problems: ConfigProblem[] = [];
  if (
    all?.value.kind === 'boolean' &&
    all.value.value &&
    booleanAt(inside, ['privileged_without_host_devices'], version) !== true &&
    satisfies(version, '>=1.7.0')
  ) {
    const text = '`privileged_without_host_devices_all_devices_allowed` requires `privileged_without_host_devices` to be enabled';
    problems.push({ ...about(all, 'all-devices-without-none', 'cri'), text });
  }
  const io = settingAt(inside, ['io_type'], version);
  if (io?.value.kind === 'string' && satisfies(version, '>=2.0.0') && !['', 'fifo', 'streaming'].includes(io.value.value)) {
    problems.push({
      ...about(io, 'bad-io-type', 'cri', { value: io.value.value }),
      text: '`io_type` can only be `streaming` or `named_pipe`',
    });
  }
  return [...problems, ...runtimeV1Problems(handler, version)];
}

/** Keys of the first runtime generation are refused beside a runtime of the second. */
function runtimeV1Problems(handler: Setting, version: Version): ConfigProblem[] {
  const inside = handler.entries ?? none;
  if (satisfies(version, '>=2.0.0') || stringAt(inside, ['runtime_type'], version) === runtimeV1) return [];
  return ['runtime_engine', 'runtime_root'].flatMap((key) => {
    const setting = settingAt(inside, [key], version);
    if (!hasText(setting) || !setting) return [];
    return [{ ...about(setting, 'runtime-v1-key', 'cri' as const), text: `\`${key}\` only works for runtime ${runtimeV1}` }];
  });
}

/** 1.x ValidatePluginConfig: these two are only for a default runtime of the first generation. */
function runtimeV1Switches(runtime: Settings, handlers: Settings, version: Version): ConfigProblem[] {
  if (satisfies(version, '>=2.0.0')) return [];
  const name = stringAt(runtime, ['containerd', 'default_runtime_name'], version) ?? 'runc';
  if (stringAt(handlers, [name, 'runtime_type'], version) === runtimeV1) return [];
  return [['systemd_cgroup'], ['containerd', 'no_pivot']].flatMap((path) => {
    const setting = settingAt(runtime, path, version);
    if (!setting || booleanAt(runtime, path, version) !== true) return [];
    return [{ ...about(setting, 'runtime-v1-key', 'cri' as const), text: `\`${setting.key.name}\` only works for runtime ${runtimeV1}` }];
  });
}

function cniProblems(runtime: Settings, version: Version): ConfigProblem[] {
  if (satisfies(version, '<2.1.0')) return [];
  const dir = settingAt(runtime, ['cni', 'bin_dir'], version);
  // In an older table bin_dir replaces bin_dirs as it is migrated (plugins/cri/runtime/plugin.go migrateConfig).
  if (dir && dir.written[1] !== criRuntime) return [];
  const dirs = settingAt(runtime, ['cni', 'bin_dirs'], version);
  const own = dirs?.value.kind === 'array' && dirs.value.items.length > 0 && !isPresetBinDirs(dirs);
  return hasText(dir) && dir && own
    ? [{ ...about(dir, 'cni-dir-twice', 'cri'), text: '`cni.bin_dir` and `cni.bin_dirs` cannot be set at the same time' }]
    : [];
}

function isPresetBinDirs(dirs: Setting): boolean {
  const items = dirs.value.kind === 'array' ? dirs.value.items : [];
  return items.length === 1 && items[0]?.kind === 'string' && items[0].value === '/opt/cni/bin';
}

/** Snapshotters are built in, or come as a proxy plugin. */
function snapshotterProblems(tables: CriTables, top: Settings, version: Version): ConfigProblem[] {
  const path = satisfies(version, '<2.0.0') ? ['containerd', 'snapshotter'] : ['snapshotter'];
  const setting = settingAt(tables.images, path, version);
  if (setting?.value.kind !== 'string' || setting.value.value === '') return [];
  const name = setting.value.value;
  const proxies = entriesAt(top, ['proxy_plugins'], version);
  if (everPluginTables().includes(`io.containerd.snapshotter.v1.${name}`) || proxies.has(name)) return [];
  if (windowsSnapshotters.has(name) && isForWindows(tables, top, version)) return [];
  return [
    {
      ...about(setting, 'snapshotter-missing', 'cri', { name }),
      range: setting.value.range,
      text: `failed to find snapshotter ${JSON.stringify(name)}`,
    },
  ];
}

/** cmd/containerd/builtins/builtins_windows.go, plugins/snapshots/windows: what a build for Linux does not have. */
const windowsSnapshotters: ReadonlySet<string> = new Set(['windows', 'windows-lcow', 'cimfs', 'blockcim']);

/** Folders with a drive letter, or a runtime that is there on Windows only. */
function isForWindows({ runtime }: CriTables, top: Settings, version: Version): boolean {
  const hasDrive = ['root', 'state'].some((name) => /^[a-z]:/i.test(stringAt(top, [name], version) ?? ''));
  const runtimes = [...entriesAt(runtime, ['containerd', 'runtimes'], version).values()];
  const types = runtimes.map((one) => stringAt(one.entries ?? none, ['runtime_type'], version));
  return hasDrive || types.some((type) => type?.startsWith('io.containerd.runhcs.') ?? false);
}
