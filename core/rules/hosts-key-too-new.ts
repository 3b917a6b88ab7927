import { hostsFinding, hostsProblems } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsKeyTooNew: HostsRule = {
  id: 'hosts-key-too-new',
  kind: 'hosts',
  explains: ['key-too-new'],
  doc: {
    title: 'A key is known to later releases only',
    why: `A release that does not know a key ignores it without a word. \`dial_timeout\` came with 2.0.7 and 2.1.0 and was not carried back to 1.x: there the dialer waits its 30 seconds for a dead mirror. \`override_path\` came with 1.6.0: before, \`/v2\` is appended whatever it says.`,
    containerd: '1.7',
    bad: `[host."https://mirror.example.com"]
  dial_timeout = "3s"
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: hostFileConfig'],
  },
  messages: {
    later: '"{key}" is known from containerd {since} on. This release ignores it.',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['key-too-new'])) {
      const since = String(problem.args['releases']).replace(/^>=/, '');
      yield hostsFinding(problem, { key: 'later', args: { since } });
    }
  },
};
