import { advice, hostTables } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsAskedTwice: HostsRule = {
  id: 'hosts-asked-twice',
  kind: 'hosts',
  doc: {
    title: 'A host is asked twice',
    why: `Since 2.0 the order of hosts comes from the headers as they stand in the file. When the headers of two hosts take turns, as with all \`[host."…"]\` first and all \`[host."….".header]\` after them, each change adds the host once more, and a host that is down is waited for twice. 1.x tries it once. The same address in two spellings (with and without a slash at the end) is two hosts to all releases.`,
    bad: `[host."https://a.example.com"]
[host."https://b.example.com"]
[host."https://a.example.com".header]
  X-Team = "platform"
`,
    good: `[host."https://a.example.com"]
[host."https://a.example.com".header]
  X-Team = "platform"
[host."https://b.example.com"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: getSortedHosts'],
  },
  messages: {
    headers:
      'containerd 2.x asks "{name}" {count} times, because headers of another host stand between its own. Put the headers of a host together.',
    spelling: '"{name}" and "{other}" are one address: it is asked twice.',
  },

  *check(context) {
    const counts = new Map<string | undefined, number>();
    for (const { name } of context.file.entries) counts.set(name, (counts.get(name) ?? 0) + 1);
    const addresses = new Map<string, string>();
    for (const { name, host, range } of hostTables(context)) {
      const count = counts.get(name) ?? 1;
      const other = addresses.get(addressOf(host));
      if (count > 1) yield advice(range, 'warning', { key: 'headers', args: { name, count } });
      if (other !== undefined && host.host !== '') yield advice(range, 'warning', { key: 'spelling', args: { name, other } });
      else addresses.set(addressOf(host), name);
    }
  },
};

function addressOf({ scheme, host, path }: { readonly scheme: string; readonly host: string; readonly path: string }): string {
  return `${scheme}://${host.toLowerCase().replace(scheme === 'https' ? /:443$/ : /:80$/, '')}${path.replaceAll(/\/+/g, '/')}`;
}
