/** What ends the start of containerd, or keeps a plugin that CRI needs from loading: server.New and the plugins' own checks. */
import { parseDuration } from '../go/duration';
import { satisfies, type Version } from '../versions/versions';
import type { ConfigProblem } from './configFile';
import { about } from './decode';
import type { Effective } from './effective';
import { neededPluginProblems } from './neededPlugins';
import { entriesAt, settingAt, stringAt, type Setting, type Settings } from './settings';

export function serverProblems(effective: Effective, version: Version): ConfigProblem[] {
  const { top, plugins, configVersion } = effective;
  const bolt = plugins.get(satisfies(version, '<2.0.0') && configVersion <= 1 ? 'bolt' : 'io.containerd.metadata.v1.bolt')?.entries;
  return [
    ...versionProblem(settingAt(top, ['version'], version), version),
    ...neededPluginProblems(effective, version),
    ...[...entriesAt(top, ['timeouts'], version).values()].flatMap(timeoutProblem),
    ...listenProblem(settingAt(top, ['grpc', 'tcp_address'], version), 'TCP grpc', version),
    ...listenProblem(settingAt(top, ['metrics', 'address'], version), 'metrics', version),
    ...[...entriesAt(top, ['proxy_plugins'], version).values()].flatMap((proxy) => proxyProblem(proxy, version)),
    ...(bolt ? policyProblem(bolt, version) : []),
  ];
}

/** 2.x counts its migrations from it (server config MigrateConfig). */
function versionProblem(setting: Setting | undefined, version: Version): ConfigProblem[] {
  if (setting?.value.kind !== 'integer' || setting.value.value >= 0n || satisfies(version, '<2.0.0')) return [];
  const text = `panic: runtime error: index out of range [${String(setting.value.value)}]`;
  return [{ ...about(setting, 'start-refused', 'exit'), range: setting.value.range, text }];
}

/** server.New, all releases: an empty text is no duration either. */
function timeoutProblem(setting: Setting): ConfigProblem[] {
  if (setting.value.kind !== 'string' || parseDuration(setting.value.value).ok) return [];
  const { value, range } = setting.value;
  return [{ ...about(setting, 'bad-duration', 'exit', { value }), range, text: `unable to parse ${value} into a time duration` }];
}

/** command.App: net.Listen wants a port. In 2.3 these tables only fill those of plugins. */
function listenProblem(setting: Setting | undefined, what: string, version: Version): ConfigProblem[] {
  if (setting?.value.kind !== 'string' || satisfies(version, '>=2.3.0')) return [];
  const { value, range } = setting.value;
  if (value === '' || value.includes(':')) return [];
  const text = `failed to get listener for ${what} endpoint: listen tcp: address ${value}: missing port in address`;
  return [{ ...about(setting, 'start-refused', 'exit'), range, text }];
}

/** server.LoadPlugins (loadPlugins in 2.3) only warns of a type that it does not know, and then registers a plugin without one. */
function proxyProblem(proxy: Setting, version: Version): ConfigProblem[] {
  if (!proxy.entries) return [];
  const setting = settingAt(proxy.entries, ['type'], version);
  if (setting && setting.value.kind !== 'string') return [];
  if (proxyTypes(version).has(stringAt(proxy.entries, ['type'], version) ?? '')) return [];
  const range = setting?.value.range;
  return [{ ...about(setting ?? proxy, 'start-refused', 'exit'), ...(range && { range }), text: 'panic: plugin: no type' }];
}

function proxyTypes(version: Version): ReadonlySet<string> {
  const short = ['snapshot', 'content'];
  const full = ['io.containerd.snapshotter.v1', 'io.containerd.content.v1'];
  const diff = satisfies(version, '>=1.7.4') ? ['diff', 'io.containerd.differ.v1'] : [];
  const sandbox = satisfies(version, '>=2.0.0') ? ['sandbox', 'io.containerd.sandbox.controller.v1'] : [];
  return new Set([...short, ...full, ...diff, ...sandbox]);
}

/** metadata/plugin BoltConfig.Validate. Without the metadata plugin there is no CRI. */
function policyProblem(bolt: Settings, version: Version): ConfigProblem[] {
  const setting = settingAt(bolt, ['content_sharing_policy'], version);
  if (setting?.value.kind !== 'string' || ['', 'shared', 'isolated'].includes(setting.value.value)) return [];
  const { value, range } = setting.value;
  return [{ ...about(setting, 'sharing-policy', 'cri'), range, text: `unknown policy: ${value}: invalid argument` }];
}
