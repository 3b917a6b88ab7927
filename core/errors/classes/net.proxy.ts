import type { ErrorClass } from '../errorClass';

export const netProxy: ErrorClass = {
  id: 'net.proxy',
  title: 'HTTP proxy failed or refused',
  signals: [
    { pattern: /proxyconnect tcp/, weight: 88 },
    { pattern: /\b407 Proxy Auth|Proxy Authentication Required/i, weight: 86 },
    {
      pattern: /\b(?:Head|Get|Post) "?https?:\/\/[^\s"]+"?: (?!EOF\b|Denied\b)[A-Z][A-Za-z-]+(?: [A-Z][a-z-]+){0,3}\.?(?=$|["'`,;)\]])/m,
      weight: 85,
    },
    { pattern: /invalid proxy (?:address|URL)|socks connect tcp|unknown Socks|proxy: unknown scheme/, weight: 86 },
    {
      pattern:
        /proxy (?:server )?(?:refused|returned|responded)|bad response from proxy|malformed HTTP response from proxy|Tunnel (?:or SSL )?Forbidden/i,
      weight: 78,
    },
    { pattern: /\bprox(?:y|ies)\b/i, weight: 38, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to resolve reference "docker.io/library/busybox:1": failed to do request: Head "https://registry-1.docker.io/v2/library/busybox/manifests/1": proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused',
      containerd: '1.7',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to resolve image: failed to do request: Head "https://registry.example/v2/app/manifests/1": Forbidden',
      containerd: '2.1',
    },
  ],
  causes: [
    { what: 'The proxy is not running or its address is wrong', tell: '`proxyconnect tcp: dial tcp` with the proxy’s address' },
    { what: 'The proxy does not allow the registry', tell: 'a bare `Forbidden` after the URL, without a number' },
    { what: 'The proxy wants credentials', tell: '`407` or `Proxy Authentication Required`' },
    {
      what: 'The variables are set for another process',
      tell: 'CRI pulls use the environment of the containerd unit; `ctr --local` and nerdctl that of the shell, and sudo drops it',
    },
    { what: 'NO_PROXY lacks a registry in the own network', tell: 'an internal host is asked through the proxy' },
  ],
  cases: [
    {
      name: 'password',
      says: 'Proxy Authentication Required',
      pattern: /Proxy Authentication Required|\b407\b/,
      cause: 'The HTTP proxy wants a user name and password that containerd did not send.',
      nextStep:
        'Put them into HTTPS_PROXY=http://USER:PASSWORD@PROXY:PORT of containerd’s systemd drop-in (percent-encode special characters and write each % as %%, as units want it), then systemctl daemon-reload and systemctl restart containerd.',
    },
    {
      name: 'unreachable',
      says: 'proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused',
      pattern: /proxyconnect tcp: dial tcp (?<proxy>[\w.:[\]-]{1,80}): /,
      cause: 'The HTTP proxy at {proxy} cannot be reached from the node.',
      nextStep:
        'Check HTTPS_PROXY with systemctl show containerd -p Environment and try curl -v -x http://{proxy} https://registry-1.docker.io/v2/ on the node; put registries of the own network into NO_PROXY.',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'The request never reached the registry: the HTTP proxy could not be reached, or refused to open the tunnel.',
    impact: 'Every pull that goes through the proxy fails, whatever the registry.',
    diagnosis: [
      {
        what: 'See the environment containerd was started with.',
        command: 'systemctl show containerd -p Environment\ntr "\\0" "\\n" < /proc/$(pgrep -xo containerd)/environ | grep -i proxy',
      },
      { what: 'Use the same proxy by hand.', command: 'curl -v -x "$HTTPS_PROXY" https://HOST/v2/' },
    ],
    mitigation: [
      'Set HTTPS_PROXY and NO_PROXY in a drop-in of the containerd unit: `systemctl edit containerd`, there `[Service]` and `Environment=HTTPS_PROXY=http://PROXY:3128 NO_PROXY=REGISTRY,10.0.0.0/8,.svc,.cluster.local`; then `systemctl restart containerd`.',
      'Add the registry, the cluster’s networks and `.svc` to NO_PROXY.',
      'Allow the registry, its token host and its storage host in the proxy.',
    ],
    restart: 'Yes: `systemctl daemon-reload && systemctl restart containerd`.',
    rules: [],
    related: [
      { id: 'authz.denied-403', apart: '`403 Forbidden` with its number comes from the server; a bare `Forbidden` from the proxy' },
      { id: 'net.refused-or-no-route', apart: 'the same words without `proxyconnect` are about the registry' },
    ],
    sources: ['Go net/http: Transport.dialConn'],
  },
  messages: {
    cause: 'The HTTP proxy could not be reached, or it refused the request; the registry never saw it.',
    nextStep: 'Check HTTPS_PROXY and NO_PROXY in the environment of the containerd process: systemctl show containerd -p Environment.',
  },
};
