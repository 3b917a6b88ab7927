/** From a node's files and what a person asks to the context of one pull: which hosts, which credentials, which way. */
import { loadConfig } from '../config/loadConfig';
import type { ConfigFile, RegistrySettings } from '../config/configFile';
import { integerAt, stringAt } from '../config/settings';
import { configureHosts } from '../hosts/configureHosts';
import type { RegistryHost } from '../hosts/hostsFile';
import type { ConfigTree } from '../ports';
import { parseReference, parseSpec, type Reference } from '../reference/reference';
import { does } from '../resolver/behaviours';
import { criCredentials, ctrCredentials, type AuthConfig } from '../resolver/credentials';
import type { HostsResult, ImageReference, Platform, PullContext, Way } from '../resolver/machine';
import { mirrorHosts } from '../resolver/mirrors';
import { isTransfer } from '../resolver/wrap';
import { goOf } from '../versions/goBuilds';
import { satisfies, type Version } from '../versions/versions';

export interface ReplayInput {
  readonly reference: string;
  readonly version: Version;
  /** The Go of that very build, where the node said it; else what is known of the release. */
  readonly go?: string;
  readonly way: Way;
  readonly tree: ConfigTree;
  /** `--certs-d`; else what config.toml says. */
  readonly certsD?: string;
  /** `--config`; else /etc/containerd/config.toml where it is. */
  readonly configPath?: string;
  readonly auth?: AuthConfig;
  readonly platform: Platform;
  readonly until: PullContext['until'];
  readonly download: boolean;
}

/** A reference that containerd refuses never gets as far as a context. */
export type ReplayPlan =
  | {
      readonly ok: true;
      readonly context: PullContext;
      /** The hosts.toml that would count and is passed over as a whole, because it cannot be decoded. */
      readonly droppedFile?: string;
    }
  | { readonly ok: false; readonly reported: string };

export const defaultConfigPath = '/etc/containerd/config.toml';

export function planReplay(input: ReplayInput): ReplayPlan {
  const { version } = input;
  const isCri = input.way.startsWith('cri');
  const parsed = isCri ? parseReference(input.reference, version) : parseSpec(input.reference);
  if (!parsed.ok) return { ok: false, reported: isCri ? parsed.error : ctrReferenceError(input, parsed.error) };
  const config = isCri ? readConfig(input) : undefined;
  const registry = config?.registry;
  const way: Way = input.way === 'cri' && registry?.localPull === true && does(version, 'criUsesTransfer') ? 'cri-local' : input.way;
  const { hosts, droppedFile } = hostsOf(input, way, parsed.reference.hostname, registry);
  return {
    ok: true,
    ...(droppedFile !== undefined && { droppedFile }),
    context: {
      reference: imageReference(parsed.reference),
      version,
      go: goOfInput(input),
      way,
      hosts,
      credentials: isCri
        ? criCredentials(input.auth, authConfigs(registry), credentialPath(way, version, hosts))
        : ctrCredentials(input.auth),
      headers: isCri ? (registry?.headers ?? {}) : {},
      platform: input.platform,
      until: input.until,
      download: input.download,
      snapshotter: config ? snapshotterOf(config, version) : 'overlayfs',
      downloads: downloadsOf(config, way, version),
    },
  };
}

export function goOfInput({ go, version }: Pick<ReplayInput, 'go' | 'version'>): string {
  return go ?? goOf(version);
}

function credentialPath(way: Way, version: Version, hosts: HostsResult): Parameters<typeof criCredentials>[2] {
  if (isTransfer({ version, way })) return 'transfer';
  return hosts.ok && hosts.apart === true && satisfies(version, '<2.0.0') ? 'mirrors' : 'local';
}

/** ctr parses in the resolver, so the error gets the resolver's frame. */
function ctrReferenceError({ version, way, reference }: ReplayInput, error: string): string {
  return isTransfer({ version, way }) ? `failed to resolve image: ${error}` : `failed to resolve reference "${reference}": ${error}`;
}

function imageReference(reference: Reference): ImageReference {
  const { locator, object, hostname, path, digest } = reference;
  return { name: `${locator}${object.startsWith('@') ? '' : ':'}${object}`, host: hostname, repository: path, object, digest };
}

/** Without a file containerd goes by its defaults. */
function readConfig({ tree, configPath, version, certsD }: ReplayInput): ConfigFile | undefined {
  if (configPath === undefined && certsD !== undefined) return undefined;
  return loadConfig({ path: configPath ?? defaultConfigPath, tree, version });
}

interface FoundHosts {
  readonly hosts: HostsResult;
  readonly droppedFile?: string;
}

function hostsOf(input: ReplayInput, way: Way, namespace: string, registry: RegistrySettings | undefined): FoundHosts {
  const { tree, version, certsD } = input;
  // pkg/transfer/registry of 1.7 knows no hosts directory: https on the image's own registry, whatever its name.
  if (way === 'ctr-transfer' && satisfies(version, '<2.0.0')) return { hosts: { ok: true, hosts: [ownRegistry(namespace)] } };
  const written = registry && way.startsWith('cri') ? (way === 'cri' ? registry.hostsDirs.cri : registry.hostsDirs.local) : [];
  const hostsDirs = certsD === undefined ? written : [certsD];
  if (registry && hostsDirs.length === 0 && way.startsWith('cri') && !isTransfer({ version, way })) {
    return { hosts: mirrorHosts(namespace, { mirrors: registry.mirrors, tls: tlsConfigs(registry) }, version, tree) };
  }
  const configured = configureHosts(namespace, { tree, hostsDirs, version });
  const { outcome, file, error } = configured;
  return {
    hosts: outcome === 'fatal' ? { ok: false, error: error ?? '' } : { ok: true, hosts: configured.hosts },
    ...(outcome === 'dropped' && file !== null && { droppedFile: file }),
  };
}

function ownRegistry(namespace: string): RegistryHost {
  return {
    scheme: 'https',
    host: namespace === 'docker.io' ? 'registry-1.docker.io' : namespace,
    path: '/v2',
    capabilities: ['pull', 'resolve', 'push'],
    skipVerify: null,
    headers: {},
    tls: undefined,
    tryHttpsFirst: false,
    dialTimeoutMs: undefined,
  };
}

function authConfigs(registry: RegistrySettings | undefined): ReadonlyMap<string, AuthConfig> {
  return new Map(Object.entries(registry?.configs ?? {}).flatMap(([host, { auth }]) => (auth ? [[host, auth] as const] : [])));
}

function tlsConfigs({ configs }: RegistrySettings): Parameters<typeof mirrorHosts>[1]['tls'] {
  return Object.fromEntries(Object.entries(configs).map(([host, { tls }]) => [host, tls]));
}

/** Where containerd sets no limit, ctr's own pull, we still do. */
const mostDownloads = 16;

/** max_concurrent_downloads of the transfer service or of CRI; not above 0: no limit. */
function downloadsOf(config: ConfigFile | undefined, way: Way, version: Version): number {
  const transfers = isTransfer({ version, way });
  if (way.startsWith('ctr') && !transfers) return mostDownloads;
  const plugins = transfers ? ['io.containerd.transfer.v1.local'] : ['io.containerd.cri.v1.images', 'io.containerd.grpc.v1.cri'];
  const written = plugins.map((plugin) => config && integerAt(config.settings.plugins, [plugin, 'max_concurrent_downloads'], version));
  const limit = written.find((number) => number !== undefined) ?? 3;
  return limit > 0 ? Math.min(limit, mostDownloads) : mostDownloads;
}

function snapshotterOf({ settings: { plugins } }: ConfigFile, version: Version): string {
  const images = stringAt(plugins, ['io.containerd.cri.v1.images', 'snapshotter'], version);
  const cri = stringAt(plugins, ['io.containerd.grpc.v1.cri', 'containerd', 'snapshotter'], version);
  return images ?? cri ?? 'overlayfs';
}
