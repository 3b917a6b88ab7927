import type { ErrorClass } from '../errorClass';

export const dnsNxdomain: ErrorClass = {
  id: 'dns.nxdomain',
  title: 'Name does not exist',
  signals: [
    { pattern: /\blookup \S+(?: on \S+)?: no such host/, weight: 74 },
    {
      pattern:
        /\b[Nn]o such host\b|Name or service not known|nodename nor servname|[Nn]o address associated with (?:host)?name|getaddrinfo ENOTFOUND/,
      weight: 66,
    },
    { pattern: /\blookup [\w.-]*\.cluster\.local\b/, weight: 62 },
    { pattern: /\blookup [\w.-]+(?: on [\w.:[\]-]+)?:?\s?$/m, weight: 50 },
    {
      pattern:
        /\bno such host\b|\b(?:name|host) (?:or service )?not (?:known|found)\b|\b(?:not|cannot|can't|unable to|failed to) (?:be )?resolved? (?:the )?(?:host|hostname|address|domain|name)\b|\bunknown host\b|\bENOTFOUND\b|\bNXDOMAIN\b/i,
      weight: 40,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'Failed to pull image "registry.lan.example/app:1": failed to pull and unpack image "registry.lan.example/app:1": failed to resolve reference "registry.lan.example/app:1": failed to do request: Head "https://registry.lan.example/v2/app/manifests/1": dial tcp: lookup registry.lan.example on 10.0.0.1:53: no such host',
      containerd: '2.0',
    },
    { text: 'Error response from daemon: Get "https://registry.lan.example/v2/": dial tcp: lookup registry.lan.example: no such host' },
  ],
  causes: [
    { what: 'A typing error in the host name', tell: 'no resolver knows it' },
    { what: 'A name of the cluster (`*.svc.cluster.local`)', tell: 'pods resolve it, the node does not: nodes do not ask CoreDNS' },
    { what: 'Split DNS or a private zone that is not linked to this network', tell: 'another resolver of the company knows it' },
  ],
  cases: [
    {
      name: 'clusterName',
      says: 'lookup registry.tools.svc.cluster.local on 10.0.0.2:53: no such host',
      pattern: /lookup (?<name>[\w.-]{1,200}\.svc(?:\.cluster\.local)?)\b/,
      cause: '{name} is a name of the cluster’s own DNS, which nodes do not ask.',
      nextStep: 'Use a node port, a load balancer or an ingress name for the registry, or write its address into /etc/hosts of every node.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The resolver that the node uses answered: there is no such name (or it has no address of the wanted kind).',
    impact: 'No request is made to that host; other hosts of the namespace are tried.',
    diagnosis: [
      { what: 'Ask on the node, not in a pod.', command: 'getent ahosts HOST; resolvectl query HOST' },
      { what: 'See which resolver is used.', command: 'cat /etc/resolv.conf; dig HOST @RESOLVER' },
    ],
    mitigation: [
      'Use a name that the node can resolve, or an entry in /etc/hosts.',
      'Link the private zone or forward it in the node’s resolver.',
    ],
    restart: 'No.',
    rules: [],
    related: [{ id: 'dns.server-failure', apart: 'the resolver did not answer properly; here it answered that the name does not exist' }],
    sources: ['Go net: DNSError'],
  },
  messages: {
    cause: 'The node’s resolver says that the host name does not exist.',
    causeAtHost: 'The node’s resolver says that {host} does not exist.',
    nextStep: 'Resolve the name on the node (not in a pod) and compare with /etc/resolv.conf.',
    nextStepAtHost: 'Run getent ahosts {host} on the node (not in a pod) and look at /etc/resolv.conf.',
  },
};
