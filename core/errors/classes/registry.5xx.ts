import { atMirror } from '../endpoints';
import type { ErrorClass } from '../errorClass';
import { status } from '../status';

const serverError = status('5\\d\\d');
/** Gateways have statuses and reasons of their own. */
const gateway = /\b50[0-46-9] [A-Z]\w+|\b52\d [A-Z<]/;

export const registry5xx: ErrorClass = {
  id: 'registry.5xx',
  title: 'Registry error (5xx)',
  signals: [
    { ...serverError, weight: 64, when: (chain) => !atMirror(chain) },
    { pattern: gateway, weight: 64, when: (chain) => !atMirror(chain) },
    { ...serverError, weight: 60 },
    { pattern: gateway, weight: 60 },
    { pattern: /received unexpected HTTP status: 5\d\d/, weight: 68, scope: 'anywhere' },
    { pattern: /(?:Server message|errors?):? (?:unavailable|unknown): /, weight: 50 },
    {
      pattern:
        /from registry:? 5\d\d\b|error parsing HTTP 5\d\d|received unexpected HTTP status(?!: [1-4])|UNAVAILABLE: |unknown: Internal Server Error|upstream (?:request timeout|connect error)/,
      weight: 60,
    },
    {
      pattern:
        /\b(?:500|502|503|504)\b|\binternal (?:server )?error\b|\bbad gateway\b|\bserver error\b(?!:? 4)|\bunavailable\b|\bservice unavailable\b|\bmaintenance\b|服务器(?:内部)?错误|服务不可用/i,
      weight: 36,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry.example/v2/app/blobs/sha256:1a2b: 503 Service Unavailable',
      containerd: '2.0',
    },
    { text: 'Error response from daemon: received unexpected HTTP status: 502 Bad Gateway' },
  ],
  causes: [
    { what: 'The registry, its storage or its database is in trouble', tell: 'other clients get the same status' },
    { what: 'A load balancer in front has no healthy back end', tell: '502, 503 or 504 with an HTML body' },
    { what: 'A proxy cache cannot log in to its upstream', tell: 'the cache’s own log' },
  ],
  retriable: true,
  doc: {
    meaning: 'The registry was reached and reports a fault of its own.',
    impact:
      '2.1 and newer repeat 500, 503 and 504 once on the last host; 502 never. Up to 1.7 the first such status is shown even if a later host answered 404.',
    diagnosis: [
      {
        what: 'Ask the registry a few times.',
        command: 'for i in 1 2 3 4 5; do curl -s -o /dev/null -w "%{http_code} %{time_total}\\n" https://HOST/v2/; done',
      },
      { what: 'Read the registry’s log for that moment.' },
    ],
    mitigation: ['Retry.', 'Repair the registry, or put a healthy mirror in front.'],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'registry.mirror-error', apart: '`?ns=` in the URL, or a host that is not the image’s' },
      { id: 'auth.token-endpoint', apart: 'the status is the token service’s' },
      { id: 'net.reset-or-eof', apart: 'a cut connection came first and the status after the reconnect' },
    ],
    sources: ['containerd core/remotes/docker/resolver.go: retryRequest'],
  },
  messages: {
    cause: 'The registry was reached and reports a fault of its own.',
    causeAtHost: '{host} was reached and reports a fault of its own.',
    nextStep: 'Retry, and read the registry’s own log for that moment.',
  },
};
