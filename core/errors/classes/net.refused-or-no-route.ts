import type { ErrorClass } from '../errorClass';

export const netRefusedOrNoRoute: ErrorClass = {
  id: 'net.refused-or-no-route',
  title: 'Connection refused or no route',
  signals: [
    {
      pattern:
        /(?:connect(?:ex)?|getsockopt): (?:connection refused|no route to host|network is unreachable|host is (?:down|unreachable)|network is down|No connection could be made[^:\n]{0,120})|(?:connect|bind): (?:cannot assign requested address|address already in use)/i,
      weight: 70,
      unless: /dial unix|dial udp|proxyconnect|\blookup \S+ on |:53: /,
    },
    {
      pattern: /\b(?:[Cc]onnection refused|[Nn]o route to host|[Nn]etwork is unreachable)\b/,
      weight: 58,
      unless: /dial unix|dial udp|proxyconnect|:53: |\.sock\b/,
    },
    { pattern: /actively refused it|unreachable (?:network|host)/, weight: 64, unless: /\.sock\b/ },
    // The names of the error numbers are words of Node programs, which ask registries for more than images.
    { pattern: /EHOSTUNREACH|ECONNREFUSED/, weight: 64, with: /\bpull/i, unless: /\.sock\b/ },
    {
      pattern:
        /\brefused\b|\bunreachable\b|\bno route\b|\bnot reachable\b|\bECONNREFUSED\b|\bE(?:HOST|NET)UNREACH\b|\b(?:cannot|could not|can't|unable to|failed to) (?:connect|reach)\b|拒绝连接|连接\S{0,3}拒绝|无法连接|不可达/i,
      weight: 37,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'Failed to pull image "registry.example:5000/app:1.0": failed to pull and unpack image "registry.example:5000/app:1.0": failed to resolve image: failed to do request: Head "https://registry.example:5000/v2/app/manifests/1.0": dial tcp 10.0.0.5:5000: connect: connection refused',
      containerd: '2.1',
    },
    {
      text: 'INFO[0000] trying next host error="failed to do request: Head \\"http://10.0.0.9:5000/v2/app/manifests/1?ns=docker.io\\": dial tcp 10.0.0.9:5000: connect: no route to host" host="10.0.0.9:5000"',
      containerd: '1.7',
    },
  ],
  causes: [
    { what: 'The registry is not running, or listens on another port', tell: '`curl` from the node to the same address is refused too' },
    {
      what: 'A plain-HTTP registry on port 80 that containerd asks on 443',
      tell: 'the address in the message ends in `:443`, and `curl http://…/v2/` answers',
    },
    {
      what: '`localhost` in the image name: inside a kind or minikube node that is the node itself',
      tell: 'the address is 127.0.0.1 or [::1]',
    },
    { what: 'An IPv6 address without an IPv6 route', tell: 'the address is in brackets and the reason is `network is unreachable`' },
    {
      what: 'hosts.toml was not read, so that the wrong host was asked',
      tell: 'the host in the message is not the mirror that was configured',
    },
  ],
  cases: [
    {
      name: 'loopback',
      says: 'dial tcp 127.0.0.1:5000: connect: connection refused',
      pattern: /dial tcp (?<address>(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]):\d{1,5}): /,
      cause: '{host} is {address}, which is the node itself (in kind and minikube: the node’s container), and nothing listens there.',
      nextStep: 'Start the registry on the node, or use a name that reaches it from the node; look at getent ahosts {host} and /etc/hosts.',
    },
    {
      name: 'noIpv6Route',
      says: 'dial tcp [2001:db8::5]:443: connect: network is unreachable',
      pattern: /dial tcp (?<address>\[[0-9a-f:]{2,45}\]:\d{1,5}): connect: network is unreachable/,
      cause: '{host} was dialled at the IPv6 address {address}, but the node has no IPv6 route.',
      nextStep: 'Check ip -6 route show default; switch off IPv6 answers in the resolver or on the node, or give it a route.',
    },
    {
      name: 'refused',
      says: 'dial tcp 10.0.0.5:5000: connect: connection refused',
      pattern: /dial tcp (?<address>[\w.:[\]-]{1,80}): (?:connect|getsockopt): connection refused/,
      cause: 'At {address} ({host}) the connection was refused: nothing listens at that port, or a firewall rejects.',
      nextStep:
        'From the node, run curl -v against {host} with the scheme and port of the message; a registry on another port needs it in the image name.',
    },
    {
      name: 'noRoute',
      says: 'dial tcp 10.0.0.5:443: connect: no route to host',
      pattern: /dial tcp (?<address>[\w.:[\]-]{1,80}): connect: (?:no route to host|network is unreachable)/,
      cause: 'The node has no way to {address} ({host}).',
      nextStep: 'Run ip route get on that address at the node, and look at its firewall and at the network of the registry.',
    },
  ],
  retriable: true,
  doc: {
    meaning:
      'The node reached a network that answered at once: nobody listens there (`connection refused`), or no way leads there (`no route to host`, `network is unreachable`).',
    impact:
      'The pull fails within milliseconds. A dead mirror is passed over when another host can serve the image; if none can, containerd up to 1.7 shows the dead mirror although the last host decided.',
    diagnosis: [
      {
        what: 'Ask the address in the message as containerd did, with its scheme and port.',
        command: 'curl -v --connect-timeout 5 https://HOST:PORT/v2/',
      },
      { what: 'See which addresses the name has on the node.', command: 'getent ahosts HOST; ip -6 route show default' },
      {
        what: 'Repeat the pull as kubelet does it, then with the hosts directory named.',
        command: 'crictl pull IMAGE\nctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d IMAGE\nnerdctl --debug-full pull IMAGE',
      },
    ],
    mitigation: [
      'Start the registry, or correct the port.',
      'For a plain-HTTP registry write `[host."http://HOST:PORT"]` into the hosts.toml of that namespace.',
      'Replace `localhost` by a name that the node can reach.',
      'Take a dead mirror out of hosts.toml.',
    ],
    restart: 'No. hosts.toml is read on every pull.',
    rules: ['hosts-folder-name', 'hosts-not-read'],
    related: [
      { id: 'net.timeout', apart: 'there nothing answers at all, and the pull waits 30 seconds per host' },
      { id: 'net.proxy', apart: '`proxyconnect` in front: the proxy refused, not the registry' },
      { id: 'registry.mirror-error', apart: 'a mirror that answers with an error status is there; one that cannot be dialled is here' },
      { id: 'cri.runtime-unavailable', apart: '`dial unix`: the runtime socket, not a registry' },
    ],
    sources: ['containerd core/remotes/docker/resolver.go: request.do', 'Go net: OpError'],
  },
  messages: {
    cause: 'Nothing listens at the address, or no route leads there.',
    causeAtHost: 'Nothing listens at {host}, or no route leads there.',
    nextStep: 'From the node, run curl -v against the same scheme, host and port.',
    nextStepAtHost: 'From the node, run curl -v against {host} with the scheme and port of the message.',
  },
};
