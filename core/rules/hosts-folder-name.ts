import { hostOfFolder, hostsPathOf, isHostsFileRead } from '../hosts/directory';
import { pathJoin } from '../go/path';
import { advice } from './hostsProblems';
import type { Finding, HostsContext, HostsRule } from './rule';

export const hostsFolderName: HostsRule = {
  id: 'hosts-folder-name',
  kind: 'hosts',
  doc: {
    title: 'The folder is named after another host than images are',
    why: `The folder has the host of the image reference after normalisation, not the host that is asked in the end. \`nginx\` and \`library/nginx\` are images of \`docker.io\`, so \`certs.d/docker.io\` is the folder for Docker Hub: \`registry-1.docker.io\`, \`index.docker.io\` and \`hub.docker.com\` are not.

The port belongs to the name: \`reg.example.com\` and \`reg.example.com:443\` are two registries to containerd, and neither folder stands in for the other. \`_\` replaces the colon only in the form \`reg.example.com_5000_\`, with one at the end.`,
    path: '/etc/containerd/certs.d/registry-1.docker.io/hosts.toml',
    goodPath: '/etc/containerd/certs.d/docker.io/hosts.toml',
    bad: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    good: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/config_unix.go: hostPaths', 'distribution/reference normalize.go: splitDockerDomain'],
  },
  messages: {
    hub: 'Images of Docker Hub are looked up in "docker.io". "{folder}" is read only for references that start with "{folder}/".',
    port: '"{folder}" is read only for references that name the port: "{host}/…". For "{bare}/…" containerd reads "{bare}".',
    'no-dot':
      'A reference that starts with "{folder}/" is an image of Docker Hub to kubelet and CRI, since the first part has no dot and no port. Only ctr gets here.',
    underscore: '"{folder}" is not how a port is written: the folder for port {port} is "{host}_{port}_" or "{host}:{port}".',
    'default-hidden': 'Not used for {names}: the folder exists, though it is empty, and a folder that exists wins over "_default".',
  },

  *check(context) {
    if (!isHostsFileRead(context.path, context.version, context.tree, context.certsDirs)) return;
    const { root, names } = hostsPathOf(context.path, context.certsDirs);
    const [folder = ''] = names;
    if (folder === '_default') yield* hidden(context, root);
    else yield* named(context, folder);
  },
};

function* named(context: HostsContext, folder: string): Iterable<Finding> {
  const range = { start: 0, end: 0 };
  const host = hostOfFolder(folder);
  const bare = host.replace(/:(?:443|80)$/, '');
  const cut = /^(.*[a-z\]])_(\d{1,5})$/.exec(folder);
  if (/^(?:registry-1\.docker\.io|index\.docker\.io|registry\.docker\.io|hub\.docker\.com|www\.docker\.io)(?::443)?$/.test(host)) {
    yield advice(range, 'warning', { key: 'hub', args: { folder: host } });
  } else if (cut) {
    yield advice(range, 'warning', { key: 'underscore', args: { folder, host: cut[1] ?? '', port: cut[2] ?? '' } });
  } else if (bare !== host) {
    yield advice(range, 'info', { key: 'port', args: { folder, host, bare } });
  } else if (!/[.:]/.test(folder) && folder !== 'localhost' && context.path.includes('/certs.d/')) {
    yield advice(range, 'warning', { key: 'no-dot', args: { folder } });
  }
}

/** Folders beside `_default` that hold nothing at all. */
function* hidden({ tree }: HostsContext, root: string): Iterable<Finding> {
  const empty = (tree.list(root) ?? []).filter((name) => name !== '_default' && isEmptyFolder(tree.list(pathJoin(root, name))));
  if (empty.length > 0)
    yield advice({ start: 0, end: 0 }, 'info', { key: 'default-hidden', args: { names: empty.slice(0, 5).join(', ') } });
}

function isEmptyFolder(names: readonly string[] | undefined): boolean {
  return names !== undefined && !names.some((name) => name === 'hosts.toml' || /\.(?:crt|cert)$/.test(name));
}
