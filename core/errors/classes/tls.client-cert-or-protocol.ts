import type { ErrorClass } from '../errorClass';

export const tlsClientCertOrProtocol: ErrorClass = {
  id: 'tls.client-cert-or-protocol',
  title: 'Client certificate or TLS version refused',
  signals: [
    // An alert of the registry is about what it was sent: of certificates, about the client's.
    { pattern: /remote error: tls: (?!internal error|expired|bad record MAC)[a-z ]{4,60}/, weight: 76 },
    {
      pattern:
        /tls: (?:handshake failure|protocol version not supported|no (?:supported|application) (?:versions|protocol)|server selected unsupported protocol version|bad certificate|certificate required|unsupported certificate|no cipher suite|client didn't provide a certificate|private key (?:type )?does not match|failed to (?:find|parse)|found a certificate rather than a key|private key)/,
      weight: 74,
    },
    {
      pattern: /remote error: tls: internal error|tls: internal error|tls: unexpected message|local error: tls: (?!bad record MAC)/,
      weight: 66,
    },
    {
      pattern:
        /failed to load X509 key pair|private key does not match public key|unable to read CERT file|No required SSL certificate was sent|SSL certificate error/,
      weight: 82,
    },
    {
      pattern:
        /cert file "[^"]+" was specified, but no|get TLSConfig for registry|failed to load (?:cert|key) file|missing (?:client )?(?:key|certificate) \S+ for (?:client )?(?:cert(?:ificate)?|key)\b/,
      weight: 72,
    },
    { pattern: /\bclient (?:certificate|key)\b|\bhandshake\b|\bprotocol version\b|\b(?:tls|ssl)\b/i, weight: 37, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to resolve reference "registry.example/app:1": failed to do request: Head "https://registry.example/v2/app/manifests/1": remote error: tls: certificate required',
      containerd: '1.7',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to resolve image: failed to load X509 key pair: tls: private key does not match public key',
      containerd: '2.1',
    },
  ],
  causes: [
    {
      what: 'The registry wants a client certificate and none is configured',
      tell: '`certificate required`, or `handshake failure` with TLS 1.2',
    },
    { what: 'The pair is written as two combined files', tell: '`client = ["cert","key"]` instead of `client = [["cert","key"]]`' },
    {
      what: 'Certificate and key do not belong together, or a file is no PEM',
      tell: '`private key does not match`, `failed to find any PEM data`',
    },
    {
      what: 'One side does not speak TLS 1.2 or a common cipher',
      tell: '`protocol version not supported`, `handshake failure` without any client certificate in play',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The TLS handshake was broken off by the server, or the client certificate of hosts.toml could not be loaded.',
    impact:
      'A client file that cannot be loaded fails every pull of that namespace before any request, even if another host could serve it.',
    diagnosis: [
      {
        what: 'Do the handshake with the same files.',
        command: 'openssl s_client -connect HOST:443 -servername HOST -cert CERT -key KEY </dev/null',
      },
      {
        what: 'Check that the pair belongs together.',
        command: 'openssl x509 -noout -pubkey -in CERT | sha256sum; openssl pkey -pubout -in KEY | sha256sum',
      },
    ],
    mitigation: [
      'Write `client = [["/path/cert.pem", "/path/key.pem"]]`.',
      'Renew or correct the pair; let containerd’s user read the key.',
      'Enable TLS 1.2 or newer on the registry.',
    ],
    restart: 'No.',
    rules: ['hosts-client-flat-list', 'hosts-unusable-client'],
    related: [
      { id: 'tls.unknown-ca', apart: 'here the server refuses us; there we refuse the server' },
      { id: 'config.hosts-toml-invalid', apart: 'a `ca` file that cannot be read' },
    ],
    sources: ['containerd core/remotes/docker/config/hosts.go: ConfigureHosts', 'Go crypto/tls: alert'],
  },
  messages: {
    cause: 'The server broke off the TLS handshake, or the configured client certificate could not be loaded.',
    causeAtHost: '{host} broke off the TLS handshake: a client certificate is missing or refused, or the TLS versions differ.',
    nextStep: 'Try the handshake with openssl s_client -cert -key, and check the client pair in hosts.toml.',
  },
};
