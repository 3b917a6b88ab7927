import { message } from '../text/message';
import { hostsPathOf } from '../hosts/directory';
import { advice, hostTables, topLevel } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsUpstreamIsAsked: HostsRule = {
  id: 'hosts-upstream-is-asked',
  kind: 'hosts',
  doc: {
    title: 'Without server, the registry itself is still asked',
    why: `Leaving \`server\` out, or empty, does not keep pulls away from the upstream registry: since 1.5 the image's own registry is tried after all \`[host]\` entries. (The comment in containerd's docs/hosts.md says otherwise.) Who wants mirrors only has to name a mirror as \`server\`.`,
    bad: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    good: `server = "https://mirror.example.com"

[host."https://cache.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostsFile, ConfigureHosts'],
  },
  messages: {
    empty:
      'An empty "server" is the same as none: containerd asks {registry} after the hosts of this file. To keep pulls away from there, set "server" to a mirror.',
    any: 'the registry of the image',
    last: 'Without "server", containerd asks {registry} after the hosts of this file. To keep pulls away from there, set "server" to a mirror.',
  },

  *check(context) {
    const top = topLevel(context);
    const [first] = hostTables(context);
    if (!top || !first || top.host.host !== '') return;
    const [folder = ''] = hostsPathOf(context.path, context.certsDirs).names;
    const registry =
      folder === 'docker.io' ? 'registry-1.docker.io' : folder === '_default' ? message('hosts-upstream-is-asked/any') : folder;
    const written = top.fields.get('server')?.value;
    if (written?.kind === 'string' && written.value === '') yield advice(written.range, 'info', { key: 'empty', args: { registry } });
    else yield advice(first.range, 'hint', { key: 'last', args: { registry } });
  },
};
