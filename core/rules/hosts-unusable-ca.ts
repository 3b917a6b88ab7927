import { hostsFinding, hostsProblems } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsUnusableCa: HostsRule = {
  id: 'hosts-unusable-ca',
  kind: 'hosts',
  explains: ['ca-unreadable', 'ca-without-certificate'],
  doc: {
    title: 'A CA file cannot be read or holds no certificate',
    why: `Unlike a mistake in the file itself, this makes the pull fail: every pull of this registry ends with \`unable to read CA cert\` or \`unable to load CA cert\` before any request is sent, even if it is the CA of a mirror that another host could stand in for.

A relative path starts at the folder of hosts.toml. An empty path is that folder itself.`,
    bad: `[host."https://mirror.example.com"]
  ca = "mirror-ca.crt"
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: updateTLSConfigFromHost, makeAbsPath'],
  },
  messages: {
    missing: 'There is no file {path}. Every pull of this registry fails: "{text}".',
    directory: '{path} is a folder, and a CA is a file. Every pull of this registry fails: "{text}".',
    denied: '{path} cannot be read. Every pull of this registry fails: "{text}".',
    empty: '{path} holds no PEM certificate. Every pull of this registry fails: "{text}".',
    elsewhere: 'There is no {path} here. If the node has none either, every pull of this registry fails.',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['ca-unreadable', 'ca-without-certificate'])) {
      const kind = problem.effect === 'unjudged' ? 'elsewhere' : String(problem.args['kind'] ?? 'empty');
      yield hostsFinding(problem, { key: kind, args: { text: problem.text ?? '' } });
    }
  },
};
