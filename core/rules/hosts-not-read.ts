import { hostOfFolder, hostsPathOf, notReadReason } from '../hosts/directory';
import type { HostsContext, HostsRule } from './rule';

export const hostsNotRead: HostsRule = {
  id: 'hosts-not-read',
  kind: 'hosts',
  doc: {
    title: 'No image reference leads to this folder',
    why: `containerd takes the host of the reference, with its port, and looks for a folder of that name right below certs.d: \`host_5000_\`, then \`host:5000\`, then \`_default\` (since 1.6.17). The first that exists is the only one read.

So nothing leads to a folder named after a URL, with a wildcard, with capital letters, to a folder inside a host's folder (there is no configuration per repository), or to a hosts.toml in certs.d itself. No log line says that a file is not read.`,
    path: '/etc/containerd/certs.d/docker.io/library/hosts.toml',
    goodPath: '/etc/containerd/certs.d/docker.io/hosts.toml',
    bad: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    good: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: [
      'containerd core/remotes/docker/config/hosts.go: HostDirFromRoot, hostDirectory',
      'containerd core/remotes/docker/config/config_unix.go: hostPaths',
    ],
  },
  messages: {
    'in-root':
      'containerd does not read a hosts.toml in {root} itself. It has to be in a folder named after the registry: {root}/docker.io/hosts.toml. For all registries that have no folder it is {root}/_default/hosts.toml.',
    'repository-path':
      'containerd never reads this file: it looks for folders of registries right below {root}, and "{folder}" is a path inside one. There is no configuration per repository.',
    scheme: 'containerd never reads this file: the folder is named after the registry alone, without a scheme: "{near}".',
    wildcard:
      'containerd never reads this file: it knows no wildcards, so "{folder}" is no registry. The folder for all registries that have none is "_default".',
    'upper-case': 'containerd never reads this file: "{folder}" has capital letters, and references have small ones: "{near}".',
    'default-unknown': 'This release of containerd knows no "_default" folder: it came with 1.6.17.',
    shadowed: 'containerd never reads this file: "{winner}" stands beside "{folder}" and is the first that it looks for.',
    'not-a-host': 'containerd never reads this file: no image reference can start with "{folder}/".',
  },

  *check(context) {
    const reason = notReadReason(context.path, context.version, context.tree, context.certsDirs);
    if (reason === undefined) return;
    const { root, names } = hostsPathOf(context.path, context.certsDirs);
    const folder = names.join('/');
    const near = folder.toLowerCase().replace(/^https?[:_]*\/*/, '');
    yield {
      range: firstLine(context),
      severity: 'warning',
      key: reason,
      args: { root, folder, near, winner: shadowing(folder) },
      outcome: 'not-read',
    };
  },
};

function shadowing(folder: string): string {
  const host = hostOfFolder(folder);
  const colon = host.lastIndexOf(':');
  return colon < 0 ? folder : `${host.slice(0, colon)}_${host.slice(colon + 1)}_`;
}

/** The whole file is meant; its first line is shown. */
function firstLine({ parsed }: HostsContext): { readonly start: number; readonly end: number } {
  const end = parsed.document.text.search(/[\r\n]/);
  return { start: 0, end: end < 0 ? parsed.document.text.length : end };
}
