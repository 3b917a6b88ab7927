import type { ErrorClass } from '../errorClass';

export const tlsSanMismatch: ErrorClass = {
  id: 'tls.san-mismatch',
  title: 'Name or address not in the certificate',
  signals: [
    { pattern: /certificate is (?:not )?valid for /, then: /, not |but wanted to match/, weight: 78 },
    { pattern: /certificate is valid for |certificate is not valid for any names/, weight: 72 },
    { pattern: /doesn't contain any IP SANs|cannot validate certificate for/, weight: 78 },
    { pattern: /relies on legacy Common Name field/, weight: 78 },
    { pattern: /x509: (?:certificate has no names|invalid (?:host|subject)name)|hostname mismatch/i, weight: 66 },
    {
      pattern: /\bcertificate(?: \w+){0,6} (?:valid for|match)|\bcommon name\b|\bSANs?\b|\bhostname (?:mismatch|does not match)/i,
      weight: 42,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to resolve reference "10.0.0.5/app:1": failed to do request: Head "https://10.0.0.5/v2/app/manifests/1": tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.5 because it doesn\'t contain any IP SANs',
      containerd: '2.0',
    },
    {
      text: 'failed to resolve reference "mirror.example/app:1": failed to do request: Head "https://mirror.example/v2/app/manifests/1": x509: certificate is valid for registry.example, not mirror.example',
      containerd: '1.6',
    },
  ],
  causes: [
    { what: 'The registry is addressed by IP or by an alias', tell: 'the names in the message are others than the host of the URL' },
    { what: 'A certificate with a Common Name only', tell: '`relies on legacy Common Name field`, or `not valid for any names`' },
    { what: 'A proxy or ingress answers with its default certificate', tell: 'the names belong to the ingress' },
  ],
  cases: [
    {
      name: 'otherNames',
      says: 'certificate is valid for a.example, b.example, not registry.example',
      pattern: /certificate is valid for (?<names>\S[^\n"]{0,200}?), not (?<asked>[\w.:*-]{1,200})/,
      cause: '{asked} showed a certificate for {names}: another server answered, or the certificate lacks this name.',
      nextStep:
        'Check with getent ahosts {asked} that the address is the registry’s own; then use one of the names of the certificate, or issue it again with {asked}.',
    },
    {
      name: 'addressOnly',
      says: "because it doesn't contain any IP SANs",
      pattern: /doesn't contain any IP SANs/,
      cause: '{host} is asked by address, but its certificate has names only.',
      nextStep: 'Use the registry’s name in the image and in certs.d, or issue the certificate again with the address as IP SAN.',
    },
    {
      name: 'commonName',
      says: 'certificate relies on legacy Common Name field, use SANs instead',
      pattern: /legacy Common Name/,
      cause: 'The certificate of {host} has its name only in the Common Name, which Go no longer reads.',
      nextStep: 'Issue the certificate again with subjectAltName (openssl req -addext subjectAltName=DNS:NAME).',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The chain is trusted so far, but the certificate was not issued for the name or address that was asked.',
    impact: 'Nothing is sent to that host.',
    diagnosis: [
      {
        what: 'List the names of the certificate.',
        command:
          'openssl s_client -connect HOST:443 -servername HOST </dev/null 2>/dev/null | openssl x509 -noout -subject -ext subjectAltName',
      },
    ],
    mitigation: [
      'Issue the certificate again with the name (or IP) as subjectAltName.',
      'Use a name that the certificate has, e.g. as the URL of the `[host]` entry.',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'tls.unknown-ca', apart: 'the authority is unknown; Go checks the name first' },
      { id: 'tls.expired-or-clock', apart: 'the time is wrong' },
    ],
    sources: ['Go crypto/x509: HostnameError'],
  },
  messages: {
    cause: 'The certificate was not issued for the name or address that was asked.',
    causeAtHost: 'The certificate was not issued for {host}.',
    nextStep: 'List the certificate’s subjectAltName with openssl, and use one of those names or issue it again.',
  },
};
