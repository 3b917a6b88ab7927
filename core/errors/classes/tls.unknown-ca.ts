import type { ErrorClass } from '../errorClass';

export const tlsUnknownCa: ErrorClass = {
  id: 'tls.unknown-ca',
  title: 'Certificate of an unknown authority',
  signals: [
    {
      pattern:
        /x509: certificate signed by unknown(?: authority)?\b|x509: "[^"]{1,250}" certificate is not (?:trusted|standards compliant)/,
      weight: 74,
    },
    { pattern: /x509:? certificate \w{5,8} by (?:an )?unknown (?:certificate )?authority/, weight: 72 },
    {
      pattern:
        /x509: (?:certificate is not trusted|parent certificate cannot sign|invalid signature|unhandled critical extension|too many intermediates|issuer name does not match|certificate is not authorized to sign|failed to load system roots|certificate specifies an incompatible key usage|issuer has name constraints|cannot verify signature)/,
      weight: 70,
    },
    {
      pattern:
        /self[- ]signed certificate|unable to get local issuer certificate|certificate verify failed|(?<!remote error: )tls: unknown certificate/,
      weight: 66,
    },
    {
      pattern:
        /failed to verify certificate(?!: x509: (?:certificate (?:is valid for|is not valid for|has expired|relies)|cannot validate))/,
      weight: 64,
    },
    { pattern: /crypto\/rsa: verification error|authority certificate "[^"]*"/, weight: 62 },
    { pattern: /\bcertificates?\b|\bx509\b|\bself[ -]?signed\b|\buntrusted\b|证书/i, weight: 38, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to resolve image: failed to do request: Head "https://registry.example/v2/app/manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      containerd: '2.1',
    },
    {
      text: 'ctr: failed to resolve reference "registry.example/app:1": failed to do request: Head https://registry.example/v2/app/manifests/1: x509: certificate signed by unknown authority',
      containerd: '1.5',
    },
  ],
  causes: [
    { what: 'The private CA was never given to containerd', tell: '`openssl s_client` with that CA file verifies' },
    { what: '`ca` stands on a `[host]` entry but the failing host is `server`', tell: 'the URL in the message is the server’s' },
    {
      what: 'hosts.toml is not read: wrong folder, missing port, a colon list in config_path (2.1 to 2.3)',
      tell: 'crictl fails and `ctr --hosts-dir` works',
    },
    { what: 'The CA was added to the system after containerd started', tell: 'curl works, containerd fails until it is restarted' },
    { what: 'The server does not send its intermediate certificate', tell: '`openssl s_client -showcerts` shows one certificate only' },
  ],
  cases: [
    {
      name: 'inspected',
      says: 'https://registry-1.docker.io/v2/…: x509: certificate signed by unknown authority',
      pattern:
        /https:\/\/(?:(?:registry-1|index|auth|production\.cloud(?:flare|front))\.docker\.(?:io|com)|(?:quay|ghcr|gcr|registry\.k8s)\.io|mcr\.microsoft\.com|public\.ecr\.aws|[\w.-]{1,200}\.(?:azurecr\.io|pkg\.dev|amazonaws\.com))\//,
      cause:
        '{host} has a publicly trusted certificate, so something on the way shows another one: mostly a company proxy that inspects TLS; else the node has no CA certificates.',
      nextStep:
        'Read the issuer with openssl s_client -connect {host}:443 </dev/null | openssl x509 -noout -issuer; add that CA to the node’s trust store (update-ca-certificates or update-ca-trust), then systemctl restart containerd (or docker).',
    },
    {
      name: 'docker',
      says: 'Error response from daemon: … x509: certificate signed by unknown authority',
      pattern: /Error response from daemon: .{0,400}(?:unknown authority|failed to verify certificate)/,
      cause: 'The certificate chain of {host} does not end in an authority that Docker trusts.',
      nextStep: 'Put the CA as /etc/docker/certs.d/{host}/ca.crt; no restart is needed. hosts.toml is not read by the Docker daemon.',
    },
    {
      name: 'inHostsToml',
      says: 'https://registry.example/v2/…: x509: certificate signed by unknown authority',
      pattern: /signed by unknown authority|failed to verify certificate/,
      cause: 'The certificate chain of {host} does not end in an authority that containerd trusts.',
      nextStep:
        'Check the chain of {host} with openssl s_client -showcerts -connect, then set ca to the absolute path of its CA in that server’s [host] table of /etc/containerd/certs.d/{namespace}/hosts.toml; no restart is needed.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The server’s certificate chain does not end in an authority that containerd trusts for this host.',
    impact: 'Nothing is sent to that host. Up to 1.7 this error is shown even if a later host answered 404.',
    diagnosis: [
      {
        what: 'See the chain and verify it.',
        command:
          'openssl s_client -connect HOST:443 -servername HOST -showcerts </dev/null\nopenssl s_client -connect HOST:443 -CAfile /etc/containerd/certs.d/HOST/ca.crt </dev/null | grep "Verify return"',
      },
      {
        what: 'Compare the ways to pull.',
        command: 'crictl pull IMAGE\nctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d IMAGE\nnerdctl pull IMAGE',
      },
    ],
    mitigation: [
      'Name the CA with an absolute path: `ca = "/etc/containerd/certs.d/HOST/ca.crt"`, on `server` as well as on each `[host]`.',
      'Or add it to the system’s trust store and restart containerd: `/usr/local/share/ca-certificates/NAME.crt` and `update-ca-certificates`; on RHEL and its kin `/etc/pki/ca-trust/source/anchors/` and `update-ca-trust`.',
      '`skip_verify = true` only to prove the cause.',
    ],
    restart: 'No for hosts.toml and its CA files; yes for the system’s trust store.',
    rules: ['hosts-unusable-ca', 'hosts-tls-not-inherited', 'config-path-list'],
    related: [
      { id: 'tls.san-mismatch', apart: 'the name is wrong, not the authority' },
      { id: 'tls.expired-or-clock', apart: 'the time is wrong, not the authority' },
      { id: 'config.hosts-toml-invalid', apart: 'a dropped hosts.toml loses its `ca` without an error of the pull' },
      { id: 'masked.hosts-toml-not-read', apart: 'the URL is the upstream’s although a mirror is configured' },
    ],
    sources: ['Go crypto/x509: UnknownAuthorityError', 'containerd core/remotes/docker/config/hosts.go: ConfigureHosts'],
  },
  messages: {
    cause: 'The certificate chain does not end in an authority that containerd trusts.',
    causeAtHost: 'The certificate chain of {host} does not end in an authority that containerd trusts.',
    nextStep: 'Check the chain with openssl s_client, then name the CA in hosts.toml with an absolute path.',
    nextStepAtHost: 'Run openssl s_client -connect against {host}, then name its CA in hosts.toml with an absolute path.',
  },
};
