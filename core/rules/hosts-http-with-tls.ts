import { assignmentBefore } from '../toml/lookup';
import type { HostEntry } from '../hosts/hostsFile';
import { advice, hostsFix, hostTables, topLevel, wholeLines, writtenUrl } from './hostsProblems';
import type { Fix, HostsContext, HostsRule } from './rule';

const tlsKeys = ['skip_verify', 'ca', 'client'];

export const hostsHttpWithTls: HostsRule = {
  id: 'hosts-http-with-tls',
  kind: 'hosts',
  doc: {
    title: 'TLS settings stand beside an http:// address',
    why: `\`skip_verify\` does not mean "insecure registry": for an \`http://\` address any of \`skip_verify\`, \`ca\` and \`client\`, even \`skip_verify = false\`, makes containerd try **https first** (1.6.25+, 1.7.7+, 2.x; the port 80 is left alone). It goes back to http only when the other side answers the TLS handshake in plain HTTP or does not answer it at all. Where something else listens on that port, or on 443 for a URL without a port, the pull fails with a TLS error. Older releases ignore the settings.`,
    bad: `[host."http://mirror.example.com:5000"]
  capabilities = ["pull", "resolve"]
  skip_verify = true
`,
    good: `[host."http://mirror.example.com:5000"]
  capabilities = ["pull", "resolve"]
`,
    sources: [
      'containerd core/remotes/docker/config/hosts.go: ConfigureHosts',
      'containerd core/remotes/docker/resolver.go: NewHTTPFallback',
    ],
  },
  messages: {
    first:
      'With "{key}" beside the http:// address {url}, containerd tries https first and falls back to http only for some errors. Leave it out, or write https://.',
    ignored:
      '"{key}" has no effect on the http:// address {url} here. In other releases or on another port containerd tries https first because of it.',
    fix: 'Remove "{key}"',
  },

  *check(context) {
    const top = topLevel(context);
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) {
      const url = writtenUrl(entry);
      if (!url.startsWith('http://')) continue;
      for (const key of tlsKeys) {
        const field = entry.fields.get(key);
        if (!field) continue;
        const first = entry.host.tryHttpsFirst;
        const said = { key: first ? 'first' : 'ignored', args: { key, url }, fix: removed(context, entry, key) };
        yield advice(field.key.range, first ? 'warning' : 'info', said);
      }
    }
  },
};

function removed({ parsed: { document } }: HostsContext, entry: HostEntry, key: string): Fix | undefined {
  const field = entry.fields.get(key);
  const found = field && assignmentBefore(document, field.key.range.start);
  if (found?.path.length !== 1 || found.table !== entry.table || found.path[0] !== field?.key) return undefined;
  return hostsFix('hosts-http-with-tls', [{ range: wholeLines(document.text, found.range), newText: '' }], false, { key });
}
