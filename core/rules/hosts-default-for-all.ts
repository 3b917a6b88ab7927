import { hostsPathOf } from '../hosts/directory';
import { advice, hostTables, topLevel, writtenUrl } from './hostsProblems';
import { servesDockerHubOnly } from './publicMirrors';
import type { HostsRule } from './rule';

export const hostsDefaultForAll: HostsRule = {
  id: 'hosts-default-for-all',
  kind: 'hosts',
  doc: {
    title: 'A host of one registry stands in _default',
    why: `\`_default\` is read for every registry that has no folder of its own. Each host in it is asked for images of quay.io, ghcr.io and all others, with \`?ns=\` naming the registry; a mirror of Docker Hub knows no \`ns\` and answers "not found", or worse, with an image of Docker Hub that has the same path. A \`server\` in \`_default\` takes the place of the image's own registry, which is then never asked.`,
    path: '/etc/containerd/certs.d/_default/hosts.toml',
    bad: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: ConfigureHosts', 'containerd core/remotes/docker/resolver.go: addNamespace'],
  },
  messages: {
    server:
      'In _default, "server" stands for the registry of every image: {host} is asked for all of them, and their own registries never are. Leave "server" out here.',
    hub: '{host} serves images of Docker Hub only, and _default is for all registries. Move it to the folder docker.io.',
  },

  *check(context) {
    if (hostsPathOf(context.path, context.certsDirs).names[0] !== '_default') return;
    const top = topLevel(context);
    const isMirrorToo = (host: string): boolean => hostTables(context).some((entry) => entry.host.host === host);
    if (top && writtenUrl(top) !== '' && top.host.host !== '' && !isMirrorToo(top.host.host))
      yield advice(top.range, servesDockerHubOnly(top.host.host) ? 'warning' : 'info', { key: 'server', args: { host: top.host.host } });
    for (const entry of hostTables(context)) {
      const { host } = entry.host;
      if (servesDockerHubOnly(host)) yield advice(entry.range, 'warning', { key: 'hub', args: { host } });
    }
  },
};
