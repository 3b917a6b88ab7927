import type { CheckKind } from './check';

const notRegistry = '{url} answered {status}; a registry answers 200 or 401.';
const failed = 'TLS with {host} failed: {reason}.';
const refused = 'containerd refuses the registry before it asks for anything.';
const otherProxy =
  'Correct HTTP_PROXY and HTTPS_PROXY in a drop-in of containerd.service, or name {host} in NO_PROXY there if it is inside, and restart containerd';
const onlyWay = 'containerd goes to {host} by this proxy and by no other way, whatever else on the node reaches it.';
const after = { status: 'skip', text: 'Not reached: {before} failed before.' } as const;

export const dnsKind = {
  id: 'dns',
  asks: 'Has the registry an address for this node, or the proxy that containerd takes for it?',
  source: "a connection from the node's network (ssh forwarding, else socat, nc or bash on the node)",
  outcomes: {
    pass: { status: 'pass', text: 'The name {host} was found.' },
    address: { status: 'pass', text: '{host} is an address: no name to look up.' },
    proxy: { status: 'pass', text: 'The name {proxyHost} was found, of the proxy {proxy}, which containerd takes for {host}.' },
    'proxy-address': { status: 'pass', text: 'The proxy {proxy}, which containerd takes for {host}, is an address: no name to look up.' },
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
    'proxy-fail': {
      status: 'fail',
      text: 'The name {proxyHost} was not found, of the proxy {proxy}, which containerd takes for {host}: {reason}.',
      when: 'there is no such name, of the proxy',
      means: onlyWay,
      next: `Run "getent hosts {proxyHost}" on the node. ${otherProxy}.`,
      docs: 'errors/net.proxy',
    },
    'proxy-no-answer': {
      status: 'fail',
      text: 'The address of {proxyHost} could not be asked for, of the proxy {proxy}, which containerd takes for {host}: {reason}.',
      when: 'the same, of the proxy',
      means: 'That says nothing of proxy or registry: no name is found on this node.',
      next: 'Check that the node reaches the servers in /etc/resolv.conf, port 53, and that they work; "getent hosts {proxyHost}" on the node asks the same.',
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
    proxy: { status: 'pass', text: 'The proxy {proxy}, which containerd takes for {host}, accepts connections.' },
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
    'proxy-fail': {
      status: 'fail',
      text: 'No connection to the proxy {proxy}, which containerd takes for {host}: {reason}.',
      when: 'no route to the proxy, or no answer within 10 s',
      means: onlyWay,
      next: `Check what filters traffic of the node to the proxy. ${otherProxy}.`,
      docs: 'errors/net.proxy',
    },
    'proxy-refused': {
      status: 'fail',
      text: 'No connection to the proxy {proxy}, which containerd takes for {host}: {reason}.',
      when: 'the connection to the proxy is refused',
      means: onlyWay,
      next: `Check that the proxy runs and listens on that port. ${otherProxy}.`,
      docs: 'errors/net.proxy',
    },
    unavailable: { status: 'skip', text: 'No connection could be tried from the node: {reason}.' },
    after,
  },
} as const satisfies CheckKind;

/** Only where there is a proxy. */
export const wayKind = {
  id: 'registry-proxy',
  asks: 'Does the proxy that containerd takes lead to the registry?',
  source: "the proxy variables of containerd's process, else of its systemd unit; CONNECT for https, the whole URL for http, or SOCKS",
  outcomes: {
    pass: { status: 'pass', text: 'The proxy {proxy} leads to {host}.' },
    login: {
      status: 'fail',
      text: 'The proxy {proxy} asks for a user and a password before it leads to {host}: {reason}.',
      when: 'status 407, or no way to log in that both know',
      means: 'containerd logs in to a proxy with what stands in the URL of the proxy, and with nothing else: there it is missing or wrong.',
      next: 'Write it percent-encoded as http://USER:PASSWORD@HOST:PORT into HTTP_PROXY and HTTPS_PROXY in a drop-in of containerd.service that only root may read, and restart containerd.',
      docs: 'errors/net.proxy',
    },
    denied: {
      status: 'fail',
      text: 'The proxy {proxy} does not let containerd through to {host}: {reason}.',
      when: 'any other status below 500',
      means: onlyWay,
      next: 'Ask whoever runs the proxy to let this node through to {host}, port {port}; if the registry is inside, name it in NO_PROXY in a drop-in of containerd.service and restart containerd.',
      docs: 'errors/net.proxy',
    },
    unreached: {
      status: 'fail',
      text: 'The proxy {proxy} does not reach {host}: {reason}.',
      when: 'a status from 500 up',
      means: 'The way ends between proxy and registry: a name that the proxy does not know, a firewall, or the registry is down.',
      next: 'Look into the log of the proxy; if the registry is inside, name it in NO_PROXY in a drop-in of containerd.service and restart containerd.',
      docs: 'errors/net.proxy',
    },
    certificate: {
      status: 'fail',
      text: 'TLS with the proxy {proxy}, which containerd takes for {host}, failed: {reason}.',
      when: 'the proxy is an https:// one, and its handshake fails',
      means:
        'containerd trusts such a proxy by the authorities of the registry behind it: those of the node and the ca in certs.d/{namespace}.',
      next: 'Put the certificate of its authority among those of the node and restart containerd; or write http:// in HTTPS_PROXY if the proxy speaks no TLS.',
      docs: 'errors/net.proxy',
    },
    fail: {
      status: 'fail',
      text: 'The proxy {proxy} made no connection to {host}: {reason}.',
      when: 'it ends the connection, is silent for 20 s, or says what no proxy says',
      means: 'What answers there may be no proxy of that kind.',
      next: `Look into the log of the proxy. ${otherProxy}.`,
      docs: 'errors/net.proxy',
    },
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
