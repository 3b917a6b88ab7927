import type { ErrorClass } from '../errorClass';

export const dnsServerFailure: ErrorClass = {
  id: 'dns.server-failure',
  title: 'Resolver does not answer properly',
  signals: [
    {
      pattern:
        /\blookup \S+(?: on \S+)?: (?:server misbehaving|Try again|Temporary failure|getaddrinfow: This is usually a temporary error[^:\n]{0,160}|[Nn]o DNS server|cannot unmarshal DNS|read udp|dial udp|write udp|dial tcp|i\/o timeout|too many open files|device or resource busy|DNS)/,
      weight: 80,
    },
    {
      pattern:
        /server misbehaving|Temporary failure in name resolution|\b(?:read|dial|write) udp \S+:53: |\blookup [\w.-]+ on .{1,80}: (?:read|dial|write) udp |EAI_AGAIN/,
      weight: 76,
    },
    { pattern: /:53: (?:i\/o timeout|connect: (?:connection refused|network is unreachable)|read: connection refused)/, weight: 76 },
    { pattern: /name resolution|getaddrinfo EAI_AGAIN|resolver[^:\n]{0,200}: (?:timeout|refused)/, weight: 66, unless: /no such host/ },
    {
      pattern: /\bDNS\b|\bname ?servers?\b|\bname resolution\b|\bEAI_AGAIN\b|\bSERVFAIL\b|\blookup\b|域名解析/i,
      weight: 37,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to resolve image: failed to do request: Head "https://registry.example/v2/app/manifests/1": dial tcp: lookup registry.example on 10.0.0.1:53: server misbehaving',
      containerd: '2.1',
    },
    {
      text: 'failed to do request: Head "https://registry.example/v2/app/manifests/1": dial tcp: lookup registry.example on 10.0.0.1:53: read udp 10.0.0.2:48207->10.0.0.1:53: i/o timeout',
    },
  ],
  causes: [
    { what: 'The resolver is down or overloaded', tell: '`dig @RESOLVER` fails for every name' },
    { what: 'It is asked before the network is up', tell: 'only pulls right after boot fail' },
    { what: 'An IPv6 resolver without an IPv6 route', tell: '`dial udp [..]:53: connect: network is unreachable`' },
    { what: 'The resolver answers SERVFAIL or REFUSED for this zone', tell: '`server misbehaving`; `dig` shows the status' },
  ],
  cases: [
    {
      name: 'noResolver',
      says: 'lookup registry.example on [::1]:53: read udp [::1]:40000->[::1]:53: read: connection refused',
      pattern: /lookup \S{1,250} on (?:\[::1\]|127\.0\.0\.1):53: (?:read udp|dial udp)/,
      cause:
        'The node asked itself for {host} (port 53 of the loopback address), where no resolver answers: /etc/resolv.conf is empty or its resolver is down.',
      nextStep:
        'Look at /etc/resolv.conf and its link target, and repair it or start the local resolver (systemctl status systemd-resolved); no restart is needed.',
    },
    {
      name: 'resolver',
      says: 'lookup registry.example on 10.0.0.2:53: server misbehaving',
      pattern: /lookup (?<name>[\w.-]{1,250}) on (?<resolver>[\w.:[\]-]{1,80}): /,
      cause: 'The resolver {resolver} gave no usable answer for {name}.',
      nextStep: 'From the node, ask {resolver} for {name} with dig, then another resolver; see /etc/resolv.conf.',
    },
  ],
  retriable: true,
  doc: {
    meaning: 'The name could not be looked up because the resolver gave no answer, or an error instead of one.',
    impact:
      'Every pull from hosts that are not cached fails until the resolver answers again. With a reference by digest the error can be hidden; see masked.blob-fallback.',
    diagnosis: [
      { what: 'Ask the resolver that the message names.', command: 'cat /etc/resolv.conf; dig HOST @RESOLVER' },
      {
        what: 'See whether it was only at boot.',
        command: 'journalctl -b -u containerd -u systemd-resolved -u NetworkManager --no-pager | tail -50',
      },
    ],
    mitigation: ['Repair the resolver or name another one in /etc/resolv.conf.', 'Start kubelet and pulls after network-online.target.'],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'dns.nxdomain', apart: 'the resolver answered: no such host' },
      { id: 'net.timeout', apart: 'a time-out on another port than 53' },
    ],
    sources: ['Go net: DNSError'],
  },
  messages: {
    cause: 'The node’s resolver gave no usable answer.',
    causeAtHost: 'The node’s resolver gave no usable answer for {host}.',
    nextStep: 'Ask the resolver of /etc/resolv.conf with dig from the node.',
  },
};
