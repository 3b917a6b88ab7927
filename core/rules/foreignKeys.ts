/** Keys of other programs and of advice in the wild: no release of containerd has them here. */
import { catalogOf, message, type Message } from '../text/message';

export const foreignTexts = catalogOf('foreign', {
  docker: "Docker's daemon.json",
  podman: "Podman's registries.conf",
  k3s: "k3s's registries.yaml",
  'config-file': 'config.toml',
  'hosts-file': 'hosts.toml',
  'mirror-table': 'A mirror is a table of its own: [host."https://…"].',
  'mirror-file': 'A mirror stands in a hosts.toml below config_path, as a table [host."https://…"].',
  insecure: 'skip_verify = true in a [host] table of hosts.toml leaves certificates unchecked; an address without TLS is written http://.',
  search: 'There is no list to search: a name without a registry is an image of docker.io.',
  address: 'The address is the name of the table: [host."https://…"].',
  pair: 'Certificate and key are client = [["client.crt", "client.key"]].',
  tls: 'ca, client and skip_verify stand in the [host] table itself.',
  'tls-file': 'TLS settings stand in hosts.toml: ca, client and skip_verify in the table of the host.',
  rewrite: 'Names cannot be rewritten. For a path in front write https://…/v2/path with override_path = true.',
  fallback: 'To keep pulls away from the registry itself, set "server" in hosts.toml to the mirror.',
  proxy: 'A proxy comes from the environment of the containerd service: HTTPS_PROXY, HTTP_PROXY and NO_PROXY.',
  plain: 'Without TLS the address starts with http://.',
  order: 'Hosts are tried in the order of the file.',
  cgroup: 'The systemd cgroup driver is SystemdCgroup = true in containerd.runtimes.runc.options.',
  folder: 'The folder of all data is "root".',
  enabled: 'Every plugin is on that disabled_plugins does not name.',
  registry:
    'These settings stand below the CRI plugin: [plugins."io.containerd.grpc.v1.cri".registry], with version = 3 [plugins."io.containerd.cri.v1.images".registry].',
  cri: 'The CRI plugin is [plugins."io.containerd.grpc.v1.cri"], with version = 3 [plugins."io.containerd.cri.v1.images"] and [plugins."io.containerd.cri.v1.runtime"].',
  'per-registry': 'It stands in the hosts.toml of a registry, below config_path.',
});

type Owner = 'docker' | 'podman' | 'k3s' | 'config-file' | 'hosts-file';

/** Whose key it is, when it is one file's, and what is right instead. */
interface Foreign {
  readonly owner?: Owner;
  readonly instead: string;
}

const everywhere: readonly (readonly [Owner | undefined, string, readonly string[]])[] = [
  ['docker', 'insecure', ['insecure-registries']],
  ['docker', 'cgroup', ['exec-opts']],
  ['docker', 'folder', ['data-root']],
  ['podman', 'search', ['unqualified-search-registries', 'short-name-mode']],
  ['k3s', 'rewrite', ['rewrite']],
  [undefined, 'fallback', ['nofallback', 'no_fallback', 'fallback', 'disable_fallback', 'disable-default-registry-endpoint']],
  [undefined, 'proxy', ['proxy', 'http_proxy', 'https_proxy', 'no_proxy', 'http-proxy', 'https-proxy', 'no-proxy', 'proxies']],
  [undefined, 'order', ['priority', 'weight']],
];

const inHosts = tableOf([
  ...everywhere,
  ['docker', 'mirror-table', ['registry-mirrors']],
  ['config-file', 'mirror-table', ['mirrors', 'endpoint', 'endpoints', 'registry']],
  ['config-file', 'tls', ['configs']],
  [undefined, 'plain', ['plain_http', 'plain-http', 'plainhttp', 'scheme', 'http']],
  [undefined, 'tls', ['tls']],
  [undefined, 'pair', ['cert_file', 'key_file', 'cert', 'key', 'client_cert', 'client_key']],
  ['podman', 'address', ['location', 'prefix']],
  [undefined, 'mirror-table', ['mirror']],
  [undefined, 'address', ['url', 'address', 'name']],
]);

const inConfig = tableOf([
  ...everywhere,
  ['docker', 'mirror-file', ['registry-mirrors']],
  ['k3s', 'registry', ['mirrors', 'configs', 'auths']],
  ['hosts-file', 'per-registry', ['host', 'server', 'capabilities', 'skip_verify', 'override_path', 'ca', 'client']],
  [undefined, 'tls-file', ['tls']],
  [undefined, 'registry', ['registry']],
  [undefined, 'insecure', ['insecure', 'insecure_registries', 'insecure_registry', 'insecure_skip_verify']],
  [undefined, 'cgroup', ['cgroup-driver', 'cgroup_driver', 'cgroupdriver']],
  [undefined, 'enabled', ['enabled_plugins']],
  [undefined, 'cri', ['cri']],
]);

export interface ForeignKey {
  /** Present when one other file has a key of that name. */
  readonly owner: Message | undefined;
  readonly instead: Message;
}

export function foreignKey(key: string, kind: 'hosts' | 'config'): ForeignKey | undefined {
  const found = (kind === 'hosts' ? inHosts : inConfig).get(key.toLowerCase());
  if (!found) return undefined;
  return { owner: found.owner && message(`foreign/${found.owner}`), instead: message(`foreign/${found.instead}`) };
}

function tableOf(rows: typeof everywhere): ReadonlyMap<string, Foreign> {
  return new Map(rows.flatMap(([owner, instead, keys]) => keys.map((key) => [key, { ...(owner && { owner }), instead }] as const)));
}
