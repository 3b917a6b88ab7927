import type { ErrorClass } from '../errorClass';

export const criRuntimeUnavailable: ErrorClass = {
  id: 'cri.runtime-unavailable',
  title: 'No runtime at the socket',
  signals: [
    {
      pattern: /\bdial unix (?=\S*(?:containerd|crio|cri-o|dockershim|cri-dockerd|docker|runtime)\.sock\b(?!\.ttrpc))/,
      weight: 90,
      scope: 'anywhere',
    },
    {
      pattern:
        /(?:containerd|crio|dockershim|cri-dockerd)\.sock"?: (?:connect: )?(?:no such file|connect|permission denied|context deadline)|[Cc]annot access socket \S*(?:containerd|docker|crio)/,
      weight: 86,
      scope: 'anywhere',
    },
    {
      pattern:
        /failed to connect: (?:context deadline exceeded|failed to connect)|connect(?:ing)? (?:to )?endpoint '?"?unix:|unable to determine (?:runtime|image) API version|connect: connect endpoint/,
      weight: 88,
      scope: 'anywhere',
    },
    {
      pattern:
        /[Cc]annot connect to the (?:Docker|containerd|Podman) (?:daemon|socket)|container runtime (?:is down|is not running|status check may not have completed)|failed to dial "\/\S+"/,
      weight: 86,
      scope: 'anywhere',
    },
    {
      pattern: /Error while dialing:? "?(?:dial )?unix|dial unix \S+: connect: (?:no such file|connection refused|permission denied)/,
      weight: 74,
      scope: 'anywhere',
      unless: /nydus|stargz|soci|snapshotter|overlaybd|grpc\.sock|\.sock\.ttrpc/,
    },
    {
      pattern: /code = Unavailable desc = (?:connection error|transport|error reading|closing)/,
      weight: 66,
      scope: 'anywhere',
      with: /unix|\.sock|containerd|image|Image|runtime/,
    },
    {
      pattern:
        /timed? ?out waiting for containerd|rootless containerd not running|open \/\/\.\/pipe\/\w+: The system cannot find|error getting runtime version|[Ff]ailed to create an? (?:image|runtime) service client|failed to dial \S+\.sock/,
      weight: 82,
      scope: 'anywhere',
    },
    { pattern: /\b(?:container ?runtime|docker daemon|daemon) (?:\w+ ){0,2}(?:not|unavailable|down)\b/i, weight: 39, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to connect: failed to connect, make sure you are running as root and the runtime has been started: context deadline exceeded',
    },
    {
      text: 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix /run/containerd/containerd.sock: connect: no such file or directory"',
    },
  ],
  causes: [
    { what: 'containerd is stopped or crashes at start', tell: '`systemctl status containerd`' },
    { what: 'crictl uses another socket', tell: '/etc/crictl.yaml; the path in the message' },
    { what: 'The user may not open the socket', tell: '`permission denied`' },
  ],
  cases: [
    {
      name: 'dockershim',
      says: 'dial unix /var/run/dockershim.sock: connect: no such file or directory',
      pattern: /dockershim\.sock/,
      cause: 'The socket of dockershim was asked, which kubelet has not had since 1.24.',
      nextStep: 'Set runtime-endpoint: unix:///run/containerd/containerd.sock in /etc/crictl.yaml (kubelet: --container-runtime-endpoint).',
    },
    {
      name: 'socket',
      says: 'dial unix /run/containerd/containerd.sock: connect: connection refused',
      pattern: /(?<socket>\/[\w./-]{1,200}\.sock)\b/,
      cause: 'Nobody answers at the socket {socket}.',
      nextStep: 'Run systemctl status of the runtime and ls -l {socket}; crictl’s endpoint stands in /etc/crictl.yaml.',
    },
  ],
  retriable: true,
  doc: {
    meaning: 'Nobody answers at the runtime’s socket.',
    impact: 'kubelet marks the node NotReady; nothing can be pulled or started.',
    diagnosis: [
      { what: 'See the service and the socket.', command: 'systemctl status containerd --no-pager; ls -l /run/containerd/containerd.sock' },
      {
        what: 'See which socket crictl uses.',
        command: 'cat /etc/crictl.yaml; crictl --runtime-endpoint unix:///run/containerd/containerd.sock version',
      },
    ],
    mitigation: [
      'Start containerd; if it does not stay up, see config.daemon-toml-invalid.',
      'Name the endpoint in /etc/crictl.yaml.',
      'Run the client as root.',
    ],
    restart: 'containerd must run (`systemctl start containerd`); none for the endpoint of crictl.',
    rules: [],
    related: [
      { id: 'cri.unimplemented', apart: 'something answers, without the CRI service' },
      { id: 'unpack.snapshotter-plugin', apart: 'the socket is a snapshotter’s' },
      { id: 'cancel.deadline', apart: '`context deadline exceeded` without `failed to connect`' },
    ],
    sources: ['kubernetes-sigs/cri-tools cmd/crictl/main.go'],
  },
  messages: {
    cause: 'Nobody answers at the container runtime’s socket.',
    nextStep: 'Run systemctl status containerd, and compare the socket with /etc/crictl.yaml.',
  },
};
