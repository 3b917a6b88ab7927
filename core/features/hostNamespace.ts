/** The registry that a hosts.toml is about, as the folder it stands in says. */
export interface HostNamespace {
  /** Host of the image reference; undefined for `_default`, which serves every host without a folder of its own. */
  readonly host: string | undefined;
  /** Where requests go that no entry of the file takes; `_default` has one per image. */
  readonly upstream: string | undefined;
}

/**
 * hostPaths in core/remotes/docker/config/config_unix.go: `host_port_` stands for `host:port`. ConfigureHosts in hosts.go: Docker Hub's
 * registry has a name of its own. Undefined when no folder is known (an untitled text).
 */
export function hostNamespace(path: string): HostNamespace | undefined {
  const folder = path.split('/').at(-2);
  if (folder === undefined || folder === '') return undefined;
  if (folder === '_default') return { host: undefined, upstream: undefined };
  const host = folder.replace(/_(\d+)_$/, ':$1');
  return { host, upstream: host === 'docker.io' ? 'registry-1.docker.io' : host };
}
