import type { HostEntry } from '../hosts/hostsFile';
import { advice, hostTables, topLevel } from './hostsProblems';
import type { Finding, HostsRule } from './rule';

/** Headers that carry a secret; the values are never shown. */
const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'x-auth-token',
  'private-token',
  'x-jfrog-art-api',
  'cookie',
  'x-api-key',
]);

export const hostsClearTextCredentials: HostsRule = {
  id: 'hosts-clear-text-credentials',
  kind: 'hosts',
  doc: {
    title: 'A header holds credentials in clear text',
    why: `It works: containerd sends the header with every manifest and blob request to this host, since 2.1.0 to the token server too. But hosts.toml is usually readable by everyone on the node and kept in images and repositories, Basic is no encryption, and once the registry answers with a challenge the header is overwritten. imagePullSecrets or a kubelet credential provider do the same without a file. If it has to be, keep the file at mode 0600.`,
    bad: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]

[host."https://mirror.example.com".header]
  Authorization = "Basic dXNlcjpwYXNz"
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]

[host."https://mirror.example.com".header]
  X-Team = "platform"
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: ConfigureHosts', 'containerd core/remotes/docker/authorizer.go'],
  },
  messages: {
    secret:
      'The header "{header}" holds credentials in clear text. Better: imagePullSecrets or a kubelet credential provider; else keep this file at mode 0600.',
    http: 'The header "{header}" sends credentials over http without encryption, to anyone who listens.',
  },

  *check(context) {
    const top = topLevel(context);
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) yield* secrets(entry);
  },
};

function* secrets({ fields, host }: HostEntry): Iterable<Finding> {
  const header = fields.get('header')?.value;
  if (header?.kind !== 'table') return;
  for (const { key } of header.entries.values()) {
    if (!secretHeaders.has(key.name.toLowerCase())) continue;
    yield advice(key.range, 'warning', { key: host.scheme === 'http' ? 'http' : 'secret', args: { header: key.name } });
  }
}
