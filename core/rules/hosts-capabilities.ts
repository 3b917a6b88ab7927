import { allCapabilities } from '../hosts/hostConfig';
import type { HostEntry, HostField } from '../hosts/hostsFile';
import { advice, hostTables, topLevel } from './hostsProblems';
import type { Finding, HostsContext, HostsRule } from './rule';

export const hostsCapabilities: HostsRule = {
  id: 'hosts-capabilities',
  kind: 'hosts',
  doc: {
    title: 'Capabilities that do not do what they seem to',
    why: `An empty list means every capability, not none. \`pull\` without \`resolve\` sends tags to the other hosts: behind a firewall the mirror is then of no use, since the tag is asked at the registry itself. \`push\` without \`pull\` does not keep pulls away: once any host may be pulled from, containerd fetches manifests and layers from all of them in file order. Top-level \`capabilities\` without \`server\` are overwritten by the full set. A mirror with \`push\` is pushed to.`,
    bad: `[host."https://mirror.example.com"]
  capabilities = []
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: [
      'containerd core/remotes/docker/config/hosts.go: parseHostConfig, ConfigureHosts',
      'containerd core/remotes/docker/fetcher.go: Fetch',
    ],
  },
  messages: {
    empty: 'An empty list means every capability ({all}), not none. To leave the host out, remove its table.',
    'pull-only':
      'Without "resolve" this host is not asked for tags: they are resolved by the other hosts, in the end by the registry itself.',
    'resolve-only': '"resolve" without "pull" has no effect on tags: containerd asks only hosts that have both.',
    push: 'With "push", containerd uploads to this mirror. Most mirrors are for pulling only: ["pull", "resolve"].',
    'push-only':
      'Without "pull" this host is not asked to resolve, but manifests and layers are still fetched from it when another host may be pulled from.',
    overwritten: 'Without "server", these capabilities are overwritten: the image\'s own registry always gets all of them.',
  },

  *check(context) {
    for (const entry of hostTables(context)) {
      const field = entry.fields.get('capabilities');
      if (field) yield* ofHost(context, entry, field);
    }
    const top = topLevel(context);
    const field = top?.fields.get('capabilities');
    if (top && field && top.host.host === '') yield advice(field.value.range, 'warning', { key: 'overwritten' });
  },
};

function* ofHost({ version }: HostsContext, { host }: HostEntry, { value }: HostField): Iterable<Finding> {
  if (value.kind !== 'array') return;
  const has = new Set<string>(host.capabilities);
  if (value.items.length === 0) {
    yield advice(value.range, 'warning', { key: 'empty', args: { all: allCapabilities(version).join(', ') } });
    return;
  }
  if (!has.has('pull')) yield advice(value.range, 'info', { key: has.has('resolve') ? 'resolve-only' : 'push-only' });
  else if (!has.has('resolve')) yield advice(value.range, 'info', { key: 'pull-only' });
  else if (has.has('push')) yield advice(value.range, 'hint', { key: 'push' });
}
