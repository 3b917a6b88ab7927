import type { ErrorClass } from '../errorClass';

export const configHostsTomlInvalid: ErrorClass = {
  id: 'config.hosts-toml-invalid',
  title: 'hosts.toml refused',
  signals: [
    { pattern: /failed to decode \S*hosts\.toml/, weight: 95, scope: 'anywhere' },
    { pattern: /invalid `host` tree/, weight: 94, scope: 'anywhere' },
    { pattern: /\bunknown capability \S/, weight: 90, scope: 'anywhere' },
    { pattern: /unable to (?:load|read) CA cert|unable to initialize cert pool/, weight: 90, scope: 'anywhere' },
    {
      pattern:
        /unable to parse server \S|invalid type \S+ for (?:"ca"|"client"|header)|invalid pair \[[^\]]{0,500}\] for "client"|unable to cast \S+ to string/,
      weight: 88,
      scope: 'anywhere',
    },
    {
      pattern: /hosts\.toml: (?:permission denied|not a directory|is a directory)|read \S+certs\.d\S*: is a directory/,
      weight: 90,
      scope: 'anywhere',
    },
    { pattern: /no (?:resolve|pull) hosts: not found/, weight: 80, scope: 'anywhere' },
    { pattern: /unable to read CERT file/, weight: 66, scope: 'anywhere' },
    {
      pattern: /failed to load (?:CA file|host configuration)|(?:invalid|parsing|parse|load|loading|read) (?:\S+\/)?hosts\.toml/i,
      weight: 76,
      scope: 'anywhere',
    },
    { pattern: /\bhosts\.toml\b/i, weight: 37, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'level=error msg="failed to decode /etc/containerd/certs.d/registry.example/hosts.toml" error="unknown capability resolv"',
      containerd: '2.1',
    },
    { text: 'level=error msg="failed to decode hosts.toml" error="invalid `host` tree"', containerd: '1.7' },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to resolve image: unable to read CA cert "/etc/containerd/certs.d/registry.example/ca.crt": open /etc/containerd/certs.d/registry.example/ca.crt: no such file or directory',
      containerd: '2.1',
    },
  ],
  causes: [
    { what: 'A syntax error, a wrong type or an unknown capability', tell: '`failed to decode … hosts.toml`' },
    { what: 'No `[host]` table, in releases up to 1.7.31', tell: '``invalid `host` tree``' },
    {
      what: 'A `ca` or `client` file is missing or is no PEM',
      tell: '`unable to read CA cert`, `unable to load CA cert`: this one fails the pull',
    },
    { what: 'Capabilities that leave no host to resolve or pull with', tell: '`no resolve hosts: not found`' },
  ],
  cases: [
    {
      name: 'file',
      says: 'failed to decode /etc/containerd/certs.d/registry.example/hosts.toml',
      pattern: /failed to decode (?<file>\/[^\s"]{1,400}hosts\.toml)/,
      cause: 'containerd cannot read {file} and goes on as if it were not there: its mirrors, CAs and headers have no effect.',
      nextStep: 'Run containerd-runbooks lint {file} and correct it; no restart is needed.',
    },
    {
      name: 'noHostTable',
      says: 'failed to decode hosts.toml … invalid `host` tree',
      pattern: /invalid `host` tree/,
      cause: 'A hosts.toml has no [host] table; containerd up to 1.7.31 refuses such a file as a whole.',
      nextStep: 'Find it with grep -L "^\\[host" /etc/containerd/certs.d/*/hosts.toml and add a line [host]; no restart is needed.',
    },
    {
      name: 'authorityFile',
      says: 'unable to load CA cert "/etc/containerd/certs.d/registry.example/ca.crt"',
      pattern: /unable to (?:load|read) CA cert "?(?<file>\/[^\s":]{1,400})/,
      cause: 'hosts.toml names {file} as CA, which is missing, unreadable or no PEM; this fails the pull.',
      nextStep:
        'Put the CA there as PEM (openssl x509 -in {file} -noout -subject must work), or correct ca in hosts.toml; no restart is needed.',
    },
    {
      name: 'capability',
      says: 'unknown capability resolv',
      pattern: /unknown capability "?(?<word>[\w-]{1,40})/,
      cause: 'A hosts.toml has the capability {word}, which does not exist, so the whole file has no effect.',
      nextStep: 'Write capabilities = ["pull", "resolve"] (or "push"); no restart is needed.',
    },
  ],
  retriable: false,
  doc: {
    meaning:
      'A hosts.toml was found and refused. Decoding errors are only logged: the file counts as absent. Files that it names and that cannot be read fail the pull.',
    impact:
      'Mirrors, CAs and headers of the file have no effect; pulls go to the image’s own registry, which shows as a time-out or certificate error of the wrong host.',
    diagnosis: [
      {
        what: 'Pull once and read what is said of that moment. (`-p err` would hide it: to systemd all lines of containerd are of one priority.)',
        command:
          'crictl pull IMAGE; journalctl -u containerd --since -1min --no-pager | grep -E "failed to decode|hosts.toml|CA cert|CERT"',
      },
      { what: 'Check the file offline.', command: 'containerd-runbooks lint /etc/containerd/certs.d' },
    ],
    mitigation: [
      'Correct the file; the next pull reads it again.',
      'Up to 1.7.31 add at least an empty `[host]` line.',
      'Give `ca` and `client` absolute paths.',
    ],
    restart: 'No.',
    rules: [
      'hosts-not-toml',
      'hosts-wrong-type',
      'hosts-unknown-capability',
      'hosts-no-host-table',
      'hosts-bad-url',
      'hosts-unusable-ca',
      'hosts-unusable-client',
      'hosts-capabilities',
    ],
    related: [
      { id: 'config.daemon-toml-invalid', apart: 'config.toml: containerd does not start at all' },
      { id: 'masked.hosts-toml-not-read', apart: 'the file is fine but nobody looks at it' },
      { id: 'tls.unknown-ca', apart: 'what a dropped `ca` leads to' },
    ],
    sources: ['containerd core/remotes/docker/config/hosts.go: loadHostDir, parseHostsFile'],
  },
  messages: {
    cause: 'A hosts.toml was refused; its mirrors and CAs have no effect, or a file that it names cannot be read.',
    nextStep: 'Run containerd-runbooks lint on certs.d and correct the file; no restart is needed.',
  },
};
