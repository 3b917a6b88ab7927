import { satisfies } from '../versions/versions';
import { advice, hostsFinding, hostsFix, hostsProblems, lineBreak, topLevel } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsNoHostTable: HostsRule = {
  id: 'hosts-no-host-table',
  kind: 'hosts',
  explains: ['no-host-table'],
  doc: {
    title: 'The file has no [host] table',
    why: `Up to 1.7.31 containerd drops a hosts.toml without a \`[host]\` table. The log has \`failed to decode hosts.toml\` with the error \`\`invalid \`host\` tree\`\`, and \`server\`, \`ca\` and \`skip_verify\` count for nothing. 1.7.32 and 2.0.0 take such a file.

An empty \`[host]\` header is enough.`,
    containerd: '1.6',
    bad: `server = "https://registry.example.com"
ca = "/etc/ssl/registry-ca.crt"
`,
    good: `server = "https://registry.example.com"
ca = "/etc/ssl/registry-ca.crt"

[host]
`,
    files: { '/etc/ssl/registry-ca.crt': '' },
    sources: ['containerd remotes/docker/config/hosts.go: getSortedHosts (1.5.0 to 1.7.31)'],
  },
  messages: {
    missing:
      'There is no [host] table. This release of containerd then drops the whole file and asks the registry itself. An empty [host] at the end is enough.',
    older:
      'There is no [host] table. This release of containerd takes the file; up to 1.7.31 it drops it. An empty [host] at the end is right for all.',
    fix: 'Add an empty [host] table',
  },

  *check(context) {
    const { text, root } = context.parsed.document;
    const newLine = lineBreak(text);
    const edit = {
      range: { start: text.length, end: text.length },
      newText: `${text.endsWith('\n') ? '' : newLine}${newLine}[host]${newLine}`,
    };
    const fix = root.entries.has('host') ? undefined : hostsFix('hosts-no-host-table', [edit], true);
    const problems = hostsProblems(context, ['no-host-table']);
    for (const problem of problems) yield hostsFinding(problem, { key: 'missing', fix });
    const top = topLevel(context);
    const written = [...(top?.fields.values() ?? [])][0];
    if (problems.length > 0 || root.entries.has('host') || !written) return;
    yield advice(written.key.range, satisfies(context.version, '<2.0.0') ? 'info' : 'hint', { key: 'older' });
  },
};
