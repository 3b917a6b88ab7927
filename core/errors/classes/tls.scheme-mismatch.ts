import type { ErrorClass } from '../errorClass';

export const tlsSchemeMismatch: ErrorClass = {
  id: 'tls.scheme-mismatch',
  title: 'HTTP where HTTPS was expected, or the reverse',
  signals: [
    { pattern: /server gave HTTP response to HTTPS client/, weight: 84, scope: 'anywhere' },
    {
      pattern: /plain HTTP request was sent to HTTPS port|[Cc]lient sent an HTTP request to an HTTPS server/,
      weight: 88,
      scope: 'anywhere',
    },
    { pattern: /host will try HTTPS first since it is configured for HTTP/, weight: 80, scope: 'anywhere' },
    { pattern: /malformed HTTP (?:response|status code|version)/, weight: 74 },
    {
      pattern:
        /first record does not look like a TLS handshake|tls: oversized record received|tls: unsupported SSLv2 handshake|wrong version number/,
      weight: 74,
    },
    // A TLS server may answer plain HTTP by closing.
    { pattern: /\bHead "?http:\/\/[^\s"]+"?: EOF/, weight: 60 },
    { pattern: /unsupported protocol scheme/, weight: 72 },
  ],
  examples: [
    {
      text: 'Failed to pull image "registry.example:5000/app:1": rpc error: code = Unknown desc = failed to pull and unpack image "registry.example:5000/app:1": failed to resolve reference "registry.example:5000/app:1": failed to do request: Head "https://registry.example:5000/v2/app/manifests/1": http: server gave HTTP response to HTTPS client',
      containerd: '1.7',
    },
    {
      text: 'failed to resolve reference "registry.example:5000/app:1": failed to do request: Head "https://registry.example:5000/v2/app/manifests/1": tls: first record does not look like a TLS handshake',
    },
  ],
  causes: [
    { what: 'A plain-HTTP registry without an `http://` host entry', tell: '`curl http://HOST:PORT/v2/` answers' },
    { what: 'The entry stands in a folder without the port', tell: 'certs.d has `HOST` but the image names `HOST:PORT`' },
    { what: 'ctr without `--hosts-dir`', tell: 'crictl works, ctr does not' },
    {
      what: '`skip_verify` or `ca` on an http:// entry: containerd then tries HTTPS first',
      tell: 'the journal has `host will try HTTPS first`',
    },
    {
      what: 'Up to 1.7: the http mirror answered 404 and only the HTTPS try of the default host is shown',
      tell: 'the tag does not exist in the mirror',
    },
  ],
  cases: [
    {
      name: 'tlsKeysOnHttp',
      says: 'host will try HTTPS first since it is configured for HTTP with a TLS configuration',
      pattern: /will try HTTPS first since it is configured for HTTP/,
      cause: 'An http:// entry of hosts.toml has skip_verify, ca or client, so containerd tries HTTPS first.',
      nextStep: 'Take skip_verify, ca and client out of the http:// entries of hosts.toml; no restart is needed.',
    },
    {
      name: 'serverSpeaksTls',
      says: 'Client sent an HTTP request to an HTTPS server.',
      pattern: /plain HTTP request was sent to HTTPS port|[Cc]lient sent an HTTP request to an HTTPS server/,
      cause: '{host} speaks TLS, but was asked with plain http://.',
      nextStep:
        'In /etc/containerd/certs.d/{namespace}/hosts.toml write https://{host} instead of http://{host}, with ca for a private authority; no restart is needed.',
    },
    {
      name: 'plainHttpDocker',
      says: 'Error response from daemon: … server gave HTTP response to HTTPS client',
      pattern: /Error response from daemon: .{0,400}server gave HTTP response to HTTPS client/,
      cause: '{host} speaks plain HTTP, but Docker asked it with HTTPS.',
      nextStep:
        'Add "{host}" to insecure-registries in /etc/docker/daemon.json and restart docker; hosts.toml is not read by the Docker daemon.',
    },
    {
      name: 'plainHttp',
      says: 'http: server gave HTTP response to HTTPS client',
      pattern: /server gave HTTP response to HTTPS client/,
      cause: '{host} speaks plain HTTP, but was asked with HTTPS.',
      nextStep:
        'Write [host."http://{host}"] into /etc/containerd/certs.d/{namespace}/hosts.toml; no restart is needed where config_path names /etc/containerd/certs.d (ctr: give --hosts-dir).',
    },
  ],
  retriable: false,
  doc: {
    meaning:
      'One side speaks TLS and the other does not. containerd uses HTTPS for every host unless an entry says `http://`, or the host is a loopback address.',
    impact:
      'No pull from that host works until scheme and server agree. containerd never falls back from https to http for a written entry.',
    diagnosis: [
      { what: 'Find out which scheme the server speaks.', command: 'curl -v http://HOST:PORT/v2/; curl -vk https://HOST:PORT/v2/' },
      { what: 'See which hosts were tried.', command: 'journalctl -u containerd --since -10min | grep -E "trying next host|HTTPS first"' },
      { what: 'Compare the clients.', command: 'crictl pull IMAGE\nctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d IMAGE' },
    ],
    mitigation: [
      'Write `/etc/containerd/certs.d/HOST:PORT/hosts.toml` with `server = "http://HOST:PORT"` and `[host."http://HOST:PORT"]`.',
      'Take `skip_verify`, `ca` and `client` out of http:// entries.',
      'Better: give the registry a certificate.',
    ],
    restart: 'No for hosts.toml; yes for config_path.',
    rules: ['hosts-http-with-tls', 'hosts-folder-name', 'config-insecure-http'],
    related: [
      { id: 'masked.other-hosts-error', apart: 'an HTTPS error after a 404 of an http mirror reads the same' },
      { id: 'net.reset-or-eof', apart: 'some TLS servers just close on plain HTTP: EOF with an http:// URL' },
    ],
    sources: ['containerd core/remotes/docker/resolver.go: httpFallback', 'Go net/http: ErrSchemeMismatch'],
  },
  messages: {
    cause: 'One side speaks TLS and the other plain HTTP.',
    causeAtHost: '{host} and containerd do not agree on the scheme: one speaks TLS, the other plain HTTP.',
    nextStep: 'Try both schemes with curl, then write the right one as a [host."…"] entry of hosts.toml.',
    nextStepAtHost: 'Try http:// and https:// on {host} with curl, then write the right one into its hosts.toml.',
  },
};
