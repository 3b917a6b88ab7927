import type { CheckKind } from './check';

const notRegistry = '{url} answered {status}; a registry answers 200 or 401.';
const failed = 'TLS with {host} failed: {reason}.';
const refused = 'containerd refuses the registry before it asks for anything.';
const after = { status: 'skip', text: 'Not reached: {before} failed before.' } as const;

export const dnsKind = {
  id: 'dns',
  asks: 'Has the registry an address for this node?',
  source: "a connection from the node's network (ssh forwarding, else socat, nc or bash on the node)",
  outcomes: {
    pass: { status: 'pass', text: 'The name {host} was found.' },
    address: { status: 'pass', text: '{host} is an address: no name to look up.' },
    fail: {
      status: 'fail',
      text: 'The name {host} was not found: {reason}.',
      when: 'there is no such name',
      means: 'The node cannot even start to ask this registry.',
      next: 'Run "getent hosts {host}" on the node; check the name and the servers in /etc/resolv.conf.',
      docs: 'errors/dns.nxdomain',
    },
    'no-answer': {
      status: 'fail',
      text: 'The address of {host} could not be asked for: {reason}.',
      when: 'no name server answers, or one says that it cannot tell',
      means: 'That says nothing of the registry: no name is found on this node.',
      next: 'Check that the node reaches the servers in /etc/resolv.conf, port 53, and that they work; "getent hosts {host}" on the node asks the same.',
      docs: 'errors/dns.server-failure',
    },
    after,
  },
} as const satisfies CheckKind;

export const tcpKind = {
  id: 'tcp',
  asks: 'Does it accept connections?',
  source: 'the same connection',
  outcomes: {
    pass: { status: 'pass', text: '{host} accepts connections on port {port}.' },
    fail: {
      status: 'fail',
      text: 'No connection to {host} on port {port}: {reason}.',
      when: 'no route, or no answer within 10 s',
      means: 'A firewall, a security group or a missing route is in between, or the registry is down.',
      next: 'Check port {port} of {host}, and what filters traffic of the node.',
      docs: 'errors/net.refused-or-no-route',
    },
    refused: {
      status: 'fail',
      text: 'No connection to {host} on port {port}: {reason}.',
      when: 'the connection is refused',
      means:
        'The machine answers and nothing listens on that port: the registry is down, the port is wrong, or a firewall says no in its place.',
      next: 'Check that the registry runs on {host} and listens on port {port}.',
      docs: 'errors/net.refused-or-no-route',
    },
    unavailable: { status: 'skip', text: 'No connection could be tried from the node: {reason}.' },
    after,
  },
} as const satisfies CheckKind;

export const tlsKind = {
  id: 'tls',
  asks: 'Does its certificate hold for this node, as containerd there is set up?',
  source: "the node's own authorities, and ca of hosts.toml or config.toml where those do not do",
  outcomes: {
    pass: { status: 'pass', text: 'The certificate of {host} is good for this node.' },
    plain: { status: 'skip', text: '{host} is asked over plain HTTP.' },
    'unknown-ca': {
      status: 'fail',
      text: failed,
      when: 'no authority that the node or its hosts.toml knows has signed the certificate',
      means: refused,
      next: 'Get the certificate of the authority from whoever runs {host}, put it beside hosts.toml in certs.d/{namespace} on the node, and name it there as ca. No restart is needed.',
      docs: 'errors/tls.unknown-ca',
    },
    scheme: {
      status: 'fail',
      text: failed,
      when: 'what answers there does not speak TLS',
      means: 'It speaks plain HTTP, or something else.',
      next: 'If plain HTTP is meant, write server = "http://{namespace}" into hosts.toml in certs.d/{namespace} on the node, and check it as --registry http://{namespace}; else correct the port.',
      docs: 'errors/tls.scheme-mismatch',
    },
    name: {
      status: 'fail',
      text: failed,
      when: 'the certificate is for other names',
      means: refused,
      next: 'Ask for the registry under a name that its certificate has, or have the certificate made anew with {host} in it.',
      docs: 'errors/tls.san-mismatch',
    },
    expired: {
      status: 'fail',
      text: failed,
      when: 'the certificate has expired or is not valid yet',
      means: refused,
      next: 'Compare the clock of the node with that of others first; if it is right, the certificate of {host} must be renewed.',
      docs: 'errors/tls.expired-or-clock',
    },
    fail: {
      status: 'fail',
      text: failed,
      when: 'the handshake fails otherwise',
      means: refused,
      next: 'Correct what the reason names; where {host} asks for a certificate of its client, name it as client in hosts.toml.',
      docs: 'errors/tls.client-cert-or-protocol',
    },
    after,
  },
} as const satisfies CheckKind;

export const versionKind = {
  id: 'registry-v2',
  asks: 'Does a registry answer there?',
  source: 'GET /v2/, redirects followed',
  outcomes: {
    pass: { status: 'pass', text: '{url} answered {status}.' },
    'not-found': {
      status: 'fail',
      text: notRegistry,
      when: 'status 404',
      means: 'A server answers there, and no registry at this path.',
      next: 'Check host and port, and the path before /v2/, which a proxy cache (Harbor, Artifactory, Nexus) may need.',
      docs: 'errors/notfound.mirror-path',
    },
    denied: {
      status: 'fail',
      text: notRegistry,
      when: 'status 403',
      means: 'The registry, or a firewall or proxy before it, turns this node away before anybody logs in.',
      next: 'Ask whoever runs {host} which addresses it lets in, and look into its log for that of this node.',
      docs: 'errors/authz.denied-403',
    },
    limited: {
      status: 'fail',
      text: notRegistry,
      when: 'status 429',
      means: 'The registry has had too many requests from this address.',
      next: 'Wait, log in, or pull through a mirror; find out what else asks from this address.',
      docs: 'errors/rate.too-many-requests',
    },
    trouble: {
      status: 'fail',
      text: notRegistry,
      when: 'a status from 500 up',
      means: 'The registry, or what stands before it, is in trouble; the node is not why.',
      next: 'Look into the log of the registry and of its load balancer; use another mirror meanwhile.',
      docs: 'errors/registry.5xx',
    },
    'wants-tls': {
      status: 'fail',
      text: notRegistry,
      when: 'status 400 over plain HTTP',
      means: 'What answers there may expect TLS.',
      next: 'Check it as --registry https://{namespace}, and write https:// in hosts.toml if that is right.',
      docs: 'errors/tls.scheme-mismatch',
    },
    status: {
      status: 'fail',
      text: notRegistry,
      when: 'any other status',
      means: 'Something else answers there, such as the page of a login or of a proxy.',
      next: 'Run "curl -i {url}" on the node and see what answers.',
      docs: 'errors/notfound.mirror-path',
    },
    fail: {
      status: 'fail',
      text: '{url} gave no answer: {reason}.',
      when: 'no HTTP answer',
      means: 'The connection works and ends without an answer.',
      next: 'Look into the log of the registry and of what stands before it.',
      docs: 'errors/net.reset-or-eof',
    },
    unasked: {
      status: 'fail',
      text: '{url} could not be asked: {reason}.',
      when: 'no way to connect from the node: forwarding is off and it has no socat, nc or bash',
      means: 'Nothing is known about this registry.',
      next: 'Allow TCP forwarding in sshd_config of the node (AllowTcpForwarding local), or install socat.',
      docs: 'errors/net.timeout',
    },
  },
} as const satisfies CheckKind;
