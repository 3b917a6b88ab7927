import { tokenUrl } from '../endpoints';
import type { ErrorClass } from '../errorClass';

const transport = /dial tcp|\bEOF\b|timeout|Timeout|reset by peer|x509|tls: |no such host|refused|proxyconnect|unreachable|stopped after/;

export const authTokenEndpoint: ErrorClass = {
  id: 'auth.token-endpoint',
  title: 'Token service failed',
  signals: [
    { pattern: /failed to find supported auth scheme(?!.{0,20}: no basic auth)/, weight: 66 },
    { pattern: /failed to fetch (?:anonymous|oauth) token: (?:Get|Post) "?https?:/, weight: 90, unless: /proxyconnect/ },
    { pattern: /failed to fetch (?:anonymous|oauth) token: /, then: /\b5\d\d [A-Z]/, weight: 80 },
    { pattern: /failed to fetch (?:anonymous|oauth) token: /, then: /\b40[2-8]\b/, weight: 79 },
    {
      pattern:
        /did not include a token in the response|unable to decode token response|no realm specified for token auth|invalid token auth challenge|missing token in (?:bearer )?auth/,
      weight: 90,
      scope: 'anywhere',
    },
    { pattern: /failed to fetch (?:anonymous|oauth) token/, weight: 72 },
    { pattern: /\b(?:Get|Post|GET|POST) "?https?:/, weight: 78, with: transport, when: ({ text }) => tokenUrl.test(text) },
    {
      pattern:
        /[Rr]equesting bear(?:er)? token|(?<!\bblob: )[Ii]nvalid status code from registry \d{3}|error (?:getting|fetching|requesting) (?:bearer |auth )?token|unable to retrieve auth token/,
      weight: 70,
      unless: /unable to retrieve auth token: invalid/,
    },
    { pattern: /\b[Aa]uth(?:ori[sz]|entic)ation failed: /, weight: 66, scope: 'anywhere', when: ({ text }) => tokenUrl.test(text) },
    { pattern: /\b(?:oauth|token|bearer)\b/i, weight: 35, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to resolve reference "mirror.example/library/nginx:1": failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?scope=repository%3Alibrary%2Fnginx%3Apull&service=registry.docker.io": dial tcp 198.51.100.4:443: i/o timeout',
      containerd: '1.7',
    },
    {
      text: 'failed to resolve image: failed to authorize: failed to fetch anonymous token: authorization server did not include a token in the response',
      containerd: '2.1',
    },
  ],
  causes: [
    {
      what: 'A pull-through proxy forwards the upstream’s WWW-Authenticate, so that its token host must be reachable',
      tell: 'the host of the token URL is not the mirror’s',
    },
    { what: 'The token host is blocked', tell: 'the registry itself answers, `curl` to the realm hangs or is refused' },
    { what: 'The realm is an internal or http address', tell: 'the URL in the message is no public name' },
    { what: 'A login page answers instead of the token service', tell: '`unable to decode token response` with `<`' },
  ],
  retriable: true,
  doc: {
    meaning:
      'To authorise a pull, containerd fetches a token from the host that the registry names as realm. That request failed; the realm is often another host than the registry.',
    impact:
      'No image of that registry can be resolved, not even public ones. In 2.0 and newer such a failure has the lowest priority, so another host’s answer may hide it.',
    diagnosis: [
      { what: 'Read the realm.', command: 'curl -sS -D - -o /dev/null https://HOST/v2/ | grep -i www-authenticate' },
      { what: 'Ask the realm itself.', command: 'curl -v "REALM?service=SERVICE&scope=repository:NAME:pull"' },
    ],
    mitigation: [
      'Open the way to the realm’s host.',
      'Use a mirror that rewrites the realm or needs no token.',
      'Correct the realm in the registry’s configuration.',
    ],
    restart: 'No, unless proxy variables change.',
    rules: [],
    related: [
      { id: 'auth.no-credentials', apart: '`anonymous token` and 401: the realm works, but nothing was sent' },
      { id: 'auth.bad-or-expired-credentials', apart: '`oauth token` and 401: the realm works and refuses the credentials' },
      { id: 'net.timeout', apart: 'the URL that timed out is the registry’s' },
    ],
    sources: ['containerd core/remotes/docker/auth/fetch.go: FetchToken'],
  },
  messages: {
    cause: 'The token service that the registry points to failed or could not be reached.',
    causeAtHost: 'The token service at {host} failed or could not be reached.',
    nextStep: 'Read the realm in the header WWW-Authenticate of the registry’s /v2/ (curl -i), then request that realm from the node.',
    nextStepAtHost: 'Request {host} from the node with curl; it must answer for every pull of this registry.',
  },
};
