import { atUpstream } from '../endpoints';
import type { ErrorClass } from '../errorClass';
import { status } from '../status';

export const netTimeout: ErrorClass = {
  id: 'net.timeout',
  title: 'Connection timed out',
  signals: [
    // The registry, or what stands before it, waited for a request that did not arrive whole.
    { ...status('408'), weight: 66 },
    {
      pattern: /\b(?:dial|read|write) tcp \S+: i\/o timeout/i,
      weight: 70,
      unless: /\b(?:read|dial) udp|proxyconnect|\blookup \S+ on \S+: i\/o timeout/,
    },
    {
      pattern: /connect: (?:connection|operation) timed out|connection timed out|A connection attempt failed\b[^:\n]{0,250}/,
      weight: 69,
      unless: /dial unix|proxyconnect|:53: /,
    },
    { pattern: /TLS handshake timeout/, weight: 70 },
    // Nginx, as a registry's gateway, on its side.
    { pattern: /\bupstream timed out\b/, then: /"(?:GET|HEAD) \/v2\//, weight: 66, scope: 'anywhere' },
    {
      pattern: /Client\.Timeout (?:exceeded|or context cancellation)|[Rr]equest canceled while waiting\b/,
      weight: 68,
      unless: /\bstatus":5\d\d|\b5\d\d Internal Server Error/,
    },
    { pattern: /timeout awaiting response headers/, weight: 70 },
    { pattern: /i\/o timeout/i, weight: 60, unless: /\b(?:read|dial) udp|proxyconnect|:53: |dial unix/ },
    { pattern: /504 Gateway Time-?out/, weight: 36, when: (chain) => !atUpstream(chain) },
    {
      pattern: /operation timed out|\btimed out\b/,
      weight: 57,
      unless: /dial unix|proxyconnect|:53: |no progress|timed out waiting for the condition/,
    },
    { pattern: /\btime[ds]?[ -]?out\b|\bETIMEDOUT\b|\btook too long\b|超时/i, weight: 37, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "docker.io/library/nginx:1": failed to resolve reference "docker.io/library/nginx:1": failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1": dial tcp 198.51.100.7:443: i/o timeout',
      containerd: '1.7',
    },
    {
      text: 'ctr: failed to resolve image: failed to do request: Head "https://ghcr.io/v2/a/b/manifests/1": net/http: TLS handshake timeout',
      containerd: '2.1',
    },
  ],
  causes: [
    { what: 'A firewall or security group drops the packets', tell: '`curl --connect-timeout 5` from the node hangs as well' },
    {
      what: 'The name has a wrong address (a poisoned or stale DNS answer)',
      tell: 'the address in the message does not belong to the registry; `dig` at another resolver gives a different one',
    },
    {
      what: 'The node needs a proxy, and containerd was started without one',
      tell: '`systemctl show containerd -p Environment` names no HTTPS_PROXY',
    },
    { what: 'The network interface is not ready yet', tell: 'only the first pulls after boot or after an interface was attached fail' },
    {
      what: 'A dead mirror stands first in hosts.toml',
      tell: 'each pull takes 30 seconds longer; the journal has `trying next host` with the mirror’s name',
    },
  ],
  cases: [
    {
      name: 'dial',
      says: 'dial tcp 10.0.0.5:443: i/o timeout',
      pattern: /dial tcp (?<address>[\w.:[\]-]{1,80}): (?:i\/o timeout|connect: connection timed out)/,
      cause: 'Nothing came back from {address} ({host}): a firewall drops it, a proxy is needed, or it is not the registry’s address.',
      nextStep:
        'From the node, run curl -v --connect-timeout 5 https://{host}/v2/ and compare {address} with the answer of another resolver; behind a proxy set HTTPS_PROXY for containerd.',
    },
    {
      name: 'handshake',
      says: 'net/http: TLS handshake timeout',
      pattern: /TLS handshake timeout/,
      cause:
        '{host} took the connection, but the TLS handshake was not done within 10 seconds: lost large packets (MTU), an inspecting proxy, or overload.',
      nextStep:
        'From the node, run curl -v https://{host}/v2/ and ping -4 -M do -s 1472 to it (1500 bytes with headers): if only smaller sizes come back, set the MTU of the node’s interface to the largest plus 28.',
    },
  ],
  retriable: true,
  doc: {
    meaning:
      'Packets to the registry get no answer, or the answer takes longer than the time allowed: 30 s to connect, 10 s for the TLS handshake, and from 2.3.0 also 30 s for the response headers.',
    impact:
      'Each attempt blocks for up to 30 seconds per host. With a reference by digest, containerd 2.0 and newer may show another error instead; see masked.blob-fallback.',
    diagnosis: [
      { what: 'Connect from the node with a short limit.', command: 'curl -v --connect-timeout 5 https://HOST/v2/' },
      {
        what: 'Compare the address in the message with what another resolver says.',
        command: 'getent ahosts HOST; dig +short HOST @1.1.1.1',
      },
      { what: 'Check that the interface is up, running and has an address.', command: 'ip -br addr; ip route get ADDRESS' },
      { what: 'See how long each host took.', command: 'journalctl -u containerd --since -10min | grep "trying next host"' },
    ],
    mitigation: [
      'Open the way out, or give the containerd unit the proxy: `systemctl edit containerd`, there `[Service]` and `Environment=HTTPS_PROXY=http://PROXY:3128 NO_PROXY=10.0.0.0/8,.svc,.cluster.local`; then `systemctl restart containerd`.',
      'Put a mirror that answers in front, and remove a dead one.',
      'Set `dial_timeout = "5s"` under `[host."https://MIRROR"]` in hosts.toml for a host that is often away (2.0.7, 2.1.0 and newer).',
      'Pull only after the interface is ready.',
    ],
    restart: 'No for hosts.toml. Yes (containerd) for proxy variables.',
    rules: ['hosts-bad-dial-timeout', 'hosts-upstream-is-asked'],
    related: [
      { id: 'auth.token-endpoint', apart: 'the URL that timed out is a token URL' },
      { id: 'net.blob-host-blocked', apart: 'the URL is a storage or CDN host' },
      { id: 'cancel.deadline', apart: '`context deadline exceeded` without `Client.Timeout`: the caller gave up' },
      { id: 'masked.hosts-toml-not-read', apart: 'the text names the upstream although a mirror is configured' },
      { id: 'dns.server-failure', apart: 'the time-out is on port 53' },
    ],
    sources: ['containerd core/remotes/docker/config/hosts.go: defaultTransport', 'Go net/http: Transport'],
  },
  messages: {
    cause: 'The registry did not answer in time.',
    causeAtHost: '{host} did not answer in time.',
    nextStep: 'From the node, run curl -v --connect-timeout 5 against the host and compare its address with another resolver.',
    nextStepAtHost: 'From the node, run curl -v --connect-timeout 5 against {host} and compare its address with another resolver.',
  },
};
