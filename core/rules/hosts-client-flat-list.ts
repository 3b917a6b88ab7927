import { advice, hostsFix, hostTables, topLevel } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsClientFlatList: HostsRule = {
  id: 'hosts-client-flat-list',
  kind: 'hosts',
  doc: {
    title: 'client is a flat list of certificate and key',
    why: `Each string in \`client\` is a file of its own that has to hold certificate **and** key. \`["client.crt", "client.key"]\` is two such files, not a pair, and the pull fails with \`failed to load X509 key pair\`. A pair is a list in the list.`,
    files: {
      '/etc/containerd/certs.d/docker.io/client.crt': '',
      '/etc/containerd/certs.d/docker.io/client.key': '',
    },
    bad: `[host."https://mirror.example.com"]
  client = ["client.crt", "client.key"]
`,
    good: `[host."https://mirror.example.com"]
  client = [["client.crt", "client.key"]]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig, updateTLSConfigFromHost'],
  },
  messages: {
    flat: 'These are two files that each have to hold certificate and key, not a pair. A pair is a list in the list: [{written}].',
    fix: 'Make it a pair',
  },

  *check(context) {
    const top = topLevel(context);
    for (const { fields } of [...hostTables(context), ...(top ? [top] : [])]) {
      const value = fields.get('client')?.value;
      if (value?.kind !== 'array' || value.items.length !== 2) continue;
      const [cert, key] = value.items;
      if (cert?.kind !== 'string' || key?.kind !== 'string' || !isPair(cert.value, key.value)) continue;
      const written = context.parsed.document.text.slice(value.range.start, value.range.end);
      const fix = hostsFix('hosts-client-flat-list', [{ range: value.range, newText: `[${written}]` }], true);
      yield advice(value.range, 'warning', { key: 'flat', args: { written }, fix });
    }
  },
};

/** The second name says that it is a key, and the first does not: two combined files would be named alike. */
function isPair(cert: string, key: string): boolean {
  return saysKey(key) && !saysKey(cert);
}

function saysKey(path: string): boolean {
  return /(?:^|[-_./])key(?:$|[-_.])/i.test(path.slice(path.lastIndexOf('/') + 1));
}
