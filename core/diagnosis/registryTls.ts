import type { RegistryConfig } from '../config/configFile';
import { loadConfig } from '../config/loadConfig';
import { configureHosts } from '../hosts/configureHosts';
import { hostOfFolder } from '../hosts/directory';
import type { ConfigTree, TlsSettings } from '../ports';
import type { Version } from '../versions/versions';

/** The files of a node, the config.toml that containerd there reads, and its release. */
export interface ConfiguredNode {
  readonly tree: ConfigTree;
  readonly configPath: string;
  readonly version: Version;
}

/**
 * How the containerd of these files trusts a registry host: from hosts.toml of any namespace that asks it (a mirror has its settings
 * in the folders of others), else from the old `registry.configs` tables. Undefined when there is nothing of the kind.
 */
export function registryTls(authority: string, { tree, configPath, version }: ConfiguredNode): TlsSettings | undefined {
  const registry = tree.stat(configPath) === 'file' ? loadConfig({ path: configPath, tree, version }).registry : undefined;
  const configured = [...(registry?.hostsDirs.cri ?? []), ...(registry?.hostsDirs.local ?? [])];
  const hostsDirs = configured.length > 0 ? [...new Set(configured)] : ['/etc/containerd/certs.d'];
  const folders = hostsDirs.flatMap((folder) => tree.list(folder) ?? []);
  const namespaces = new Set([authority, ...folders.map(hostOfFolder)]);
  for (const namespace of namespaces) {
    const { hosts } = configureHosts(namespace, { tree, hostsDirs, version });
    const found = hosts.find(({ host, tls }) => host === authority && tls !== undefined);
    if (found?.tls) return found.tls;
  }
  const legacy = Object.hasOwn(registry?.configs ?? {}, authority) ? registry?.configs[authority]?.tls : undefined;
  return legacy && legacySettings(legacy);
}

function legacySettings({ caFile, certFile, keyFile, insecureSkipVerify }: NonNullable<RegistryConfig['tls']>): TlsSettings {
  return {
    skipVerify: insecureSkipVerify ?? false,
    caFiles: caFile === undefined ? [] : [caFile],
    clientCertificates: certFile === undefined || keyFile === undefined ? [] : [{ cert: certFile, key: keyFile }],
  };
}
