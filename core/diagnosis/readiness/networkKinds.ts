import type { CheckKind } from './check';

const noRoute = 'errors/net.refused-or-no-route';

export const runningKind = {
  id: 'interface-running',
  asks: 'Is the interface there, up and running? Those named with --interface, else those of the default route.',
  source: '/sys/class/net/*/flags, operstate, carrier',
  outcomes: {
    pass: { status: 'pass', text: '{interface} is up and running.' },
    missing: {
      status: 'fail',
      text: 'There is no interface {interface}; the node has {others}.',
      when: 'no folder of that name in /sys/class/net, and no address',
      means: 'The interface is not attached yet, or has another name.',
      next: 'Attach it, or name one of those above; ready --watch waits for it.',
      docs: noRoute,
    },
    unseen: {
      status: 'warn',
      text: 'The state of {interface} cannot be read.',
      when: 'addresses but no folder in /sys/class/net',
      means: 'Only its addresses are known: /sys of another network namespace is mounted here.',
      next: 'Run "ip link show {interface}" on the node.',
      docs: noRoute,
    },
    loopback: {
      status: 'fail',
      text: '{interface} is a loopback interface: no registry is behind it.',
      when: 'IFF_LOOPBACK is set',
      means: 'Only this machine answers there.',
      next: 'Name the interface that leads to the registry.',
      docs: noRoute,
    },
    down: {
      status: 'fail',
      text: '{interface} is down.',
      when: 'IFF_UP is not set',
      means: 'The kernel sends nothing over it.',
      next: 'Run "ip link set {interface} up", or let the network manager of the node do it.',
      docs: noRoute,
    },
    'not-running': {
      status: 'fail',
      text: '{interface} is up but not running (operstate {operstate}): the link is not there yet.',
      when: 'operstate is neither up nor unknown, or carrier is not 1',
      means: 'An interface that has just been attached needs a moment; a pull in that moment times out.',
      next: 'Let pulls wait for it: ready --interface {interface} --print-gate.',
      docs: 'errors/net.timeout',
    },
    unknown: {
      status: 'fail',
      text: 'The state of {interface} cannot be read.',
      when: 'neither flags nor operstate can be read',
      means: 'An interface that was named and cannot be judged does not count as ready.',
      next: 'Run "ip link show {interface}" on the node.',
      docs: noRoute,
    },
  },
} as const satisfies CheckKind;

export const addressKind = {
  id: 'interface-address',
  asks: 'Has the interface an address that reaches beyond the machine? IPv4, IPv6 and link-local are told apart.',
  source: 'ip -o addr, else /proc/net/fib_trie with /proc/net/route, and /proc/net/if_inet6',
  outcomes: {
    pass: { status: 'pass', text: '{interface} has {addresses}.' },
    none: {
      status: 'fail',
      text: '{interface} has no address.',
      when: 'no address at all',
      means: 'DHCP has not answered yet, or nobody has configured it.',
      next: 'Look at the DHCP client of the node; ready --watch shows when the address comes.',
      docs: noRoute,
    },
    loopback: {
      status: 'fail',
      text: '{interface} has only loopback addresses ({addresses}).',
      when: 'only 127.0.0.0/8 or ::1',
      means: 'No registry can answer to a loopback address.',
      next: 'Name the interface that leads to the registry.',
      docs: noRoute,
    },
    pending: {
      status: 'fail',
      text: '{interface} has no address it can use yet ({addresses}).',
      when: 'all are tentative, or duplicates on the link',
      means: 'Duplicate address detection is not through, or has found the address elsewhere.',
      next: 'Wait a second; a duplicate has to be taken off the other machine.',
      docs: noRoute,
    },
    'link-local': {
      status: 'warn',
      text: '{interface} has only link-local addresses ({addresses}): that is rarely enough to reach a registry.',
      when: 'only 169.254.0.0/16 or fe80::/10',
      means: 'Such addresses come without DHCP, and no router passes them on.',
      next: 'Look at the DHCP client or the router advertisements of the node.',
      docs: noRoute,
    },
    unattributed: {
      status: 'warn',
      text: 'Which interface has {addresses} cannot be told; {interface} shows no address of its own.',
      when: 'a /32 that no route ties to an interface, and no ip to ask',
      means: 'The address may belong to {interface}.',
      next: 'Run "ip addr show {interface}" where there is an ip.',
      docs: noRoute,
    },
    missing: { status: 'skip', text: 'The interface is not there.' },
  },
} as const satisfies CheckKind;

export const mtuKind = {
  id: 'interface-mtu',
  asks: 'How large may a packet of the interface be?',
  source: '/sys/class/net/*/mtu',
  outcomes: {
    pass: { status: 'pass', text: '{interface} sends packets of up to {mtu} bytes.' },
    small: {
      status: 'warn',
      text: '{interface} sends packets of at most {mtu} bytes.',
      when: 'below 1280, which every IPv6 link carries',
      means: 'Where the way back does not know of it, TLS handshakes and layers stop half way while small requests work.',
      next: 'Set the MTU that the network has: "ip link set {interface} mtu 1500".',
      docs: 'errors/net.timeout',
    },
  },
} as const satisfies CheckKind;

export const routeKind = {
  id: 'default-route',
  asks: 'Is there a way out of the own network?',
  source: '/proc/net/route, /proc/net/ipv6_route',
  outcomes: {
    pass: { status: 'pass', text: 'The default route leads over {interfaces}.' },
    none: {
      status: 'warn',
      text: 'There is no default route: only directly connected networks can be reached.',
      when: 'no default route that is up, IPv4 or IPv6',
      means: 'That is right for an air-gapped node whose registry is next to it, and wrong elsewhere.',
      next: 'Run "ip route" on the node, and add the gateway of its network.',
      docs: noRoute,
    },
    unknown: { status: 'skip', text: 'The routes of the node cannot be read.' },
  },
} as const satisfies CheckKind;

export const neighbourKind = {
  id: 'gateway-neighbour',
  asks: 'Does the IPv4 gateway answer on the link?',
  source: '/proc/net/arp',
  outcomes: {
    pass: { status: 'pass', text: 'The gateway {gateway} answers on {interface}.' },
    unasked: { status: 'skip', text: 'The gateway {gateway} was not asked for lately on {interface}.' },
    silent: {
      status: 'warn',
      text: 'The gateway {gateway} does not answer on {interface}.',
      when: 'its entry is incomplete: ARP was asked and got no answer',
      means: 'Nothing beyond the own network can be reached over {interface}.',
      next: 'Check the address of the gateway and the switch, VLAN or security group of {interface}.',
      docs: noRoute,
    },
  },
} as const satisfies CheckKind;

export const resolverKind = {
  id: 'resolver',
  asks: 'Whom does the node ask for names?',
  source: '/etc/resolv.conf',
  outcomes: {
    pass: { status: 'pass', text: 'Names are asked of {servers}.' },
    none: {
      status: 'warn',
      text: '/etc/resolv.conf names no server: Go asks 127.0.0.1:53.',
      when: 'no nameserver line',
      means: 'Unless a name server runs on the node itself, every registry is an unknown host.',
      next: 'Put a nameserver line into /etc/resolv.conf, by whatever writes that file on the node.',
      docs: 'errors/dns.server-failure',
    },
    unreadable: {
      status: 'warn',
      text: '/etc/resolv.conf cannot be read.',
      when: 'the file is missing or may not be read',
      means: 'Without it Go asks 127.0.0.1:53; containerd, as root, may see another file.',
      next: 'Look at the link /etc/resolv.conf and at systemd-resolved behind it.',
      docs: 'errors/dns.server-failure',
    },
  },
} as const satisfies CheckKind;

export const overInterfaceKind = {
  id: 'registry-over-interface',
  asks: 'Does the registry answer /v2/ through the interface that was named, and no other?',
  source: 'curl --interface, where the node has curl; through the proxy that containerd takes',
  outcomes: {
    pass: { status: 'pass', text: '{url} answers {status} through {interface}.' },
    proxy: { status: 'pass', text: '{url} answers {status} through {interface} and the proxy {proxy}, which containerd takes for it.' },
    unanswered: {
      status: 'fail',
      text: '{url} does not answer through {interface}: {reason}.',
      when: 'curl ends without an HTTP status',
      means: 'The registry may well answer over another interface: routes or filters of {interface} are what differs.',
      next: 'Run "ip route get" for the address of the registry with "oif {interface}" on the node.',
      docs: 'errors/net.timeout',
    },
    'proxy-unanswered': {
      status: 'fail',
      text: '{url} does not answer through {interface} and the proxy {proxy}, which containerd takes for it: {reason}.',
      when: 'the same, by the proxy of containerd; or the proxy refuses',
      means: 'containerd takes that proxy whatever the interface; the way through {interface} has to lead to it.',
      next: 'Run "ip route get" for the address of the proxy with "oif {interface}" on the node; if it is the proxy that refuses, look into its log.',
      docs: 'errors/net.proxy',
    },
    'no-tool': {
      status: 'skip',
      text: 'Not asked through {interface}: the node has no curl, and nothing else here can choose an interface.',
    },
    unknown: { status: 'skip', text: 'Not asked through {interface}: the request gave no result.' },
  },
} as const satisfies CheckKind;

export const proxyKind = {
  id: 'containerd-proxy',
  asks: 'Which proxies was containerd started with?',
  source: '/proc/PID/environ of containerd (root), else Environment and EnvironmentFile of its unit (systemctl show)',
  outcomes: {
    none: { status: 'pass', text: 'containerd was started without a proxy.' },
    set: { status: 'pass', text: 'containerd was started with {variables}.' },
    through: { status: 'pass', text: 'containerd asks {url} through the proxy {proxy}; so does this check.' },
    direct: { status: 'skip', text: '{url} was asked directly: whether containerd takes a proxy for it cannot be read.' },
    'not-running': { status: 'skip', text: 'No containerd runs whose proxies could be read.' },
    unknown: { status: 'skip', text: 'The environment of containerd cannot be read: that needs root.' },
  },
} as const satisfies CheckKind;
