import { hostsFinding, hostsFix, hostsProblems } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsKeyCase: HostsRule = {
  id: 'hosts-key-case',
  kind: 'hosts',
  explains: ['key-case', 'key-twice', 'host-word-case'],
  doc: {
    title: 'A key is spelled in a case that containerd does not take',
    why: `1.x takes a key in its own spelling or all in capitals and ignores any other; 2.x takes any case. The word \`host\` is special: the order of the hosts comes from headers that say \`host\` in small letters, so \`[Host."…"]\` is never tried in any release.

The same key in two cases is no duplicate for TOML: 1.x keeps its own spelling, 2.x the last one.`,
    containerd: '1.7',
    bad: `[host."https://mirror.example.com"]
  Capabilities = ["pull", "resolve"]
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: [
      'containerd core/remotes/docker/config/hosts.go: getSortedHosts',
      'pelletier/go-toml v1 marshal.go: valueFromTree; v2 unmarshaler.go: structFieldPath',
    ],
  },
  messages: {
    case: 'This release of containerd takes "{known}" in small letters or all capitals only, and ignores "{key}".',
    twice: '"{key}" is set twice here in different cases. containerd ignores this one.',
    word: 'containerd looks for "host" in small letters, so "{name}" below "{word}" is never tried.',
    fix: 'Change to "{known}"',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['key-case', 'key-twice'])) {
      const known = String(problem.args['known'] ?? '');
      const edit = { range: problem.range, newText: known };
      if (problem.code === 'key-twice') yield hostsFinding(problem, { key: 'twice' });
      else yield hostsFinding(problem, { key: 'case', fix: hostsFix('hosts-key-case', [edit], true, { known }) });
    }
    for (const problem of hostsProblems(context, ['host-word-case'])) yield hostsFinding(problem, { key: 'word' });
  },
};
