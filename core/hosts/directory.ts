/** Which folder under certs.d containerd reads for a host, and which folders no reference leads to. */
import { pathJoin } from '../go/path';
import type { ConfigTree } from '../ports';
import { isDomain, isPathComponent } from '../reference/names';
import { satisfies, type Version } from '../versions/versions';

/** hosts.go hostDirectory: `:5000` becomes `_5000_`. The last colon counts, so `[::1]` becomes the odd `[:_1]_`. */
export function hostDirectory(host: string): string {
  const colon = host.lastIndexOf(':');
  return colon > 0 ? `${host.slice(0, colon)}_${host.slice(colon + 1)}_` : host;
}

/** `_default`: remotes/docker/config/config_unix.go hostPaths, back-ported to 1.6.17. */
export function hasDefaultDirectory(version: Version): boolean {
  return satisfies(version, '>=1.6.17');
}

/** config_unix.go hostPaths: the folders that are tried under a root, in order. */
export function hostPaths(root: string, host: string, version: Version): readonly string[] {
  const directory = hostDirectory(host);
  return [
    ...(directory === host ? [] : [pathJoin(root, directory)]),
    pathJoin(root, host),
    ...(hasDefaultDirectory(version) ? [pathJoin(root, '_default')] : []),
  ];
}

/**
 * hosts.go HostDirFromRoot over several roots, as the CRI plugin does with a config_path that is a list
 * (pkg/cri/server/image_pull.go hostDirFromRoots): the first folder that exists wins, a file of that name too.
 */
export function hostDirFromRoots(tree: ConfigTree, roots: readonly string[], host: string, version: Version): string | undefined {
  return roots.flatMap((root) => hostPaths(root, host, version)).find((path) => tree.stat(path) !== 'missing');
}

export type NotReadReason =
  /** hosts.toml lies in the root itself. */
  | 'in-root'
  /** A folder inside a host's folder: `docker.io/library`. */
  | 'repository-path'
  | 'scheme'
  | 'wildcard'
  | 'upper-case'
  /** `_default` before 1.6.17. */
  | 'default-unknown'
  /** `host_5000_` stands beside `host:5000` and wins. */
  | 'shadowed'
  | 'not-a-host';

export interface HostsPath {
  /** The folder that holds the folders of hosts. */
  readonly root: string;
  /** From the root to the folder of hosts.toml: one name, none in the root itself, more for a folder too deep. */
  readonly names: readonly string[];
}

/** Where a hosts.toml lies: below one of `roots`, else below the last folder called certs.d, else two folders up. */
export function hostsPathOf(path: string, roots: readonly string[] = []): HostsPath {
  const folders = path.split('/').slice(0, -1);
  const known = roots.map((root) => pathJoin(root)).find((root) => path.startsWith(root === '/' ? root : `${root}/`));
  const certsD = folders.lastIndexOf('certs.d') + 1;
  const depth = known === undefined ? certsD || Math.max(0, folders.length - 1) : known.split('/').filter(Boolean).length + 1;
  return { root: folders.slice(0, depth).join('/') || '/', names: folders.slice(depth) };
}

/** Why no image reference leads to this hosts.toml; undefined when one does. */
export function notReadReason(path: string, version: Version, tree?: ConfigTree, roots?: readonly string[]): NotReadReason | undefined {
  const { root, names } = hostsPathOf(path, roots);
  const [name, ...deeper] = names;
  if (name === undefined) return 'in-root';
  if (/^https?[:_]{1,3}(?:$|\D)/i.test(name) && (deeper.length > 0 || !isHostFolder(name))) return 'scheme';
  if (name.includes('*')) return 'wildcard';
  if (deeper.length > 0) return 'repository-path';
  if (name === '_default') return hasDefaultDirectory(version) ? undefined : 'default-unknown';
  if (name !== name.toLowerCase()) return 'upper-case';
  if (!isHostFolder(name)) return 'not-a-host';
  return tree && isShadowed(tree, root, name) ? 'shadowed' : undefined;
}

export function isHostsFileRead(path: string, version: Version, tree?: ConfigTree, roots?: readonly string[]): boolean {
  return notReadReason(path, version, tree, roots) === undefined;
}

/** The host with port that a folder is for: `reg:5000` of `reg_5000_`. */
export function hostOfFolder(name: string): string {
  const port = /^(.+)_(\d+)_$/.exec(name);
  return port ? `${port[1] ?? ''}:${port[2] ?? ''}` : name;
}

/** Names of hosts that a reference can start with, the odd form of `[::1]`, and what distribution takes for a name of its own. */
function isHostFolder(name: string): boolean {
  return isDomain(hostOfFolder(name), true) || isPathComponent(name) || /^\[[\da-f:]*_[\da-f]*\]_$/.test(name);
}

function isShadowed(tree: ConfigTree, root: string, name: string): boolean {
  const directory = hostDirectory(name);
  return directory !== name && tree.stat(pathJoin(root, directory)) !== 'missing';
}
