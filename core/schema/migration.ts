/** Where containerd 2.x puts what older files hold. Used by the schema, by core/config and by `config migrate`. */
import { satisfies, type Version } from '../versions/versions';

export interface Place {
  readonly plugin: string;
  readonly path: readonly string[];
}

export const cri = 'io.containerd.grpc.v1.cri';
export const criImages = 'io.containerd.cri.v1.images';
export const criRuntime = 'io.containerd.cri.v1.runtime';

/** plugins/cri/images/plugin.go migrateConfig, 2.0–2.3: copied with everything below them. */
const toImages: ReadonlySet<string> = new Set([
  'registry',
  'image_decryption',
  'max_concurrent_downloads',
  'image_pull_progress_timeout',
  'image_pull_with_sync_fs',
  'stats_collect_period',
]);
const containerdToImages: ReadonlySet<string> = new Set(['snapshotter', 'disable_snapshot_annotations', 'discard_unpacked_layers']);

/** plugins/cri/cri.go configMigration: the streaming server stays. */
const staying: ReadonlySet<string> = new Set([
  'disable_tcp_service',
  'stream_server_address',
  'stream_server_port',
  'stream_idle_timeout',
  'enable_tls_streaming',
  'x509_key_pair_streaming',
]);

/** Plugins that 2.0 renamed; their settings go along. */
export const renamedPlugins: ReadonlyMap<string, string> = new Map([
  ['io.containerd.internal.v1.restart', 'io.containerd.monitor.container.v1.restart'],
  ['io.containerd.monitor.v1.cgroups', 'io.containerd.monitor.task.v1.cgroups'],
]);

/** cmd/containerd/server/config v1MigratePluginName, 2.0–2.3. */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['cri', cri],
  ['cgroups', 'io.containerd.monitor.v1.cgroups'],
  ['linux', 'io.containerd.runtime.v1.linux'],
  ['scheduler', 'io.containerd.gc.v1.scheduler'],
  ['bolt', 'io.containerd.metadata.v1.bolt'],
  ['task', 'io.containerd.runtime.v2.task'],
  ['opt', 'io.containerd.internal.v1.opt'],
  ['restart', 'io.containerd.internal.v1.restart'],
  ['tracing', 'io.containerd.internal.v1.tracing'],
  ['otlp', 'io.containerd.tracing.processor.v1.otlp'],
  ['aufs', 'io.containerd.snapshotter.v1.aufs'],
  ['btrfs', 'io.containerd.snapshotter.v1.btrfs'],
  ['devmapper', 'io.containerd.snapshotter.v1.devmapper'],
  ['native', 'io.containerd.snapshotter.v1.native'],
  ['overlayfs', 'io.containerd.snapshotter.v1.overlayfs'],
  ['zfs', 'io.containerd.snapshotter.v1.zfs'],
]);

/** The full id of a version 1 plugin name, as v1MigratePluginName has it. */
export function fullPluginId(name: string): string {
  if (name.includes('.')) return name;
  if (name.endsWith('-service')) return `io.containerd.service.v1.${name}`;
  const snapshotter = name === 'windows' || name === 'windows-lcow';
  return shortNames.get(name) ?? `io.containerd.${snapshotter ? 'snapshotter' : 'grpc'}.v1.${name}`;
}

/** Whether a release moves the CRI table of a file of that `version` to where its own plugins look. */
export function movesCriTable(version: Version, configVersion: number): boolean {
  if (satisfies(version, '>=2.3.0')) return configVersion < 4;
  return satisfies(version, '>=2.0.0') && configVersion === 2;
}

/** Where a release looks for a setting that a file of that `version` holds at `path`. */
export function migratedPlace(plugin: string, path: readonly string[], version: Version, configVersion: number): Place {
  if (!movesCriTable(version, configVersion)) return { plugin, path };
  return plugin === cri ? placeInVersion3(path) : { plugin: renamedPlugins.get(plugin) ?? plugin, path };
}

/** v2 place below `plugins."io.containerd.grpc.v1.cri"` → v3 place. */
export function placeInVersion3(path: readonly string[]): Place {
  const [first = '', second = ''] = path;
  if (first === 'sandbox_image') return { plugin: criImages, path: ['pinned_images', 'sandbox'] };
  if (toImages.has(first)) return { plugin: criImages, path };
  if (staying.has(first)) return { plugin: cri, path };
  if (first !== 'containerd') return { plugin: criRuntime, path };
  if (containerdToImages.has(second)) return { plugin: criImages, path: path.slice(1) };
  return {
    plugin: criRuntime,
    path: path.map((part, i) => (i === 3 && path[1] === 'runtimes' && part === 'sandbox_mode' ? 'sandboxer' : part)),
  };
}
