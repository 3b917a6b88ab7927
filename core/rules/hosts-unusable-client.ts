import { hostsFinding, hostsProblems } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsUnusableClient: HostsRule = {
  id: 'hosts-unusable-client',
  kind: 'hosts',
  explains: ['client-unreadable', 'client-pair-refused'],
  doc: {
    title: 'A client certificate or key cannot be used',
    why: `containerd loads the client certificates of all hosts of the file before it sends a request. A file that is missing, a key that does not belong to the certificate, or a lone file that does not hold both, and every pull of this registry fails with \`unable to read CERT file\` (the text is the same for the key) or \`failed to load X509 key pair\`.

A string names one file with certificate and key. A pair of files is a list in a list: \`[["client.crt", "client.key"]]\`.`,
    bad: `[host."https://mirror.example.com"]
  client = [["client.crt", "client.key"]]
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: updateTLSConfigFromHost', 'Go crypto/tls: X509KeyPair'],
  },
  messages: {
    missing: 'There is no file {path}. Every pull of this registry fails: "{text}".',
    directory: '{path} is a folder. Every pull of this registry fails: "{text}".',
    denied: '{path} cannot be read. Every pull of this registry fails: "{text}".',
    refused: '{cert} and {key} are no usable pair: {reason}. Every pull of this registry fails.',
    lone: '{cert} stands alone, so it has to hold certificate and key: {reason}. Every pull of this registry fails. A pair of files is written [["client.crt", "client.key"]].',
    elsewhere: 'There is no {path} here. If the node has none either, every pull of this registry fails.',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['client-unreadable', 'client-pair-refused'])) {
      const pair = problem.args['cert'] === problem.args['key'] ? 'lone' : 'refused';
      const kind = problem.code === 'client-pair-refused' ? pair : String(problem.args['kind']);
      yield hostsFinding(problem, { key: problem.effect === 'unjudged' ? 'elsewhere' : kind, args: { text: problem.text ?? '' } });
    }
  },
};
