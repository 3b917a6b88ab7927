import type { ErrorClass } from '../errorClass';

export const tlsExpiredOrClock: ErrorClass = {
  id: 'tls.expired-or-clock',
  title: 'Certificate outside its validity, or a wrong clock',
  signals: [
    {
      pattern:
        /certificate has expired or is not yet valid|tls: expired certificate|certificate has expired\b|certificate is (?:not yet valid|expired)\b/,
      weight: 78,
    },
    { pattern: /current time \S+ is (?:after|before) \S+/, weight: 74 },
    { pattern: /\bcertificate(?: \w+){0,4} expired\b|\bexpired certificate\b|\bclock\b/i, weight: 40, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to resolve image: failed to do request: Head "https://registry.example/v2/app/manifests/1": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-03-01T10:00:00Z is after 2026-02-01T00:00:00Z',
      containerd: '2.1',
    },
    { text: 'Error response from daemon: Get "https://registry.example/v2/": x509: certificate has expired or is not yet valid' },
  ],
  causes: [
    { what: 'The certificate, or an intermediate of it, has expired', tell: 'the second date in the message lies in the past' },
    { what: 'The clock of the node is wrong', tell: 'the first date in the message is not now; `is before` nearly always means the clock' },
  ],
  cases: [
    {
      name: 'expired',
      says: 'current time 2026-03-02T00:00:00Z is after 2026-03-01T00:00:00Z',
      pattern: /current time (?<now>\d[\w:.+-]{8,40}) is after (?<limit>\d[\w:.+-]{8,40})/,
      cause: 'The certificate of {host} expired at {limit}; the node’s clock says {now}.',
      nextStep: 'If timedatectl agrees with {now}, the owner of {host} has to renew the certificate; skip_verify is no lasting remedy.',
    },
    {
      name: 'notYetValid',
      says: 'current time 1970-01-01T00:00:09Z is before 2026-03-01T00:00:00Z',
      pattern: /current time (?<now>\d[\w:.+-]{8,40}) is before (?<limit>\d[\w:.+-]{8,40})/,
      cause: 'The node’s clock says {now}, before the certificate of {host} begins at {limit}: most likely the clock is wrong.',
      nextStep: 'Run timedatectl on the node and repair its time service (chronyc tracking); then pull again.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'By the node’s clock, a certificate of the chain is not valid now.',
    impact: 'Nothing is sent to that host.',
    diagnosis: [
      { what: 'Compare the clock.', command: 'timedatectl; date -u' },
      {
        what: 'See the dates of the certificate, and with openssl 3 those of each certificate of the chain.',
        command:
          'openssl s_client -connect HOST:443 -servername HOST </dev/null 2>/dev/null | openssl x509 -noout -dates\nopenssl s_client -connect HOST:443 -servername HOST </dev/null 2>&1 | grep -E "verify error| s:|NotAfter"',
      },
    ],
    mitigation: ['Renew the certificate.', 'Or repair time synchronisation on the node.'],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'tls.unknown-ca', apart: 'the authority is unknown' },
      { id: 'auth.bad-or-expired-credentials', apart: 'a token or password expired, not a certificate' },
    ],
    sources: ['Go crypto/x509: CertificateInvalidError'],
  },
  messages: {
    cause: 'The certificate is outside its validity by the node’s clock.',
    causeAtHost: 'The certificate of {host} is outside its validity by the node’s clock.',
    nextStep: 'Compare the two dates of the message with timedatectl: either the certificate has expired or the clock is wrong.',
  },
};
