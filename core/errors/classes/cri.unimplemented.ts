import type { ErrorClass } from '../errorClass';

export const criUnimplemented: ErrorClass = {
  id: 'cri.unimplemented',
  title: 'CRI service absent',
  signals: [
    {
      pattern: /unknown service (?:runtime\.v1(?:alpha2)?\.(?:Image|Runtime)Service|api\.v1\.CRIPluginService|runtime\.\S+)/,
      weight: 94,
      scope: 'anywhere',
    },
    { pattern: /unknown service [\w.]+Service\b/, weight: 78, scope: 'anywhere', with: /Unimplemented|CRI|cri|runtime/ },
    {
      pattern: /CRI v1 (?:image|runtime) API is not implemented|unknown method \w+ for service runtime/,
      weight: 92,
      scope: 'anywhere',
    },
    { pattern: /method Transfer not implemented(?! for)|unknown service containerd\.services\.transfer\./, weight: 78, scope: 'anywhere' },
    { pattern: /code = Unimplemented/, weight: 40, unless: /unknown (?:method \w+ for )?service (?!runtime|containerd)/ },
  ],
  examples: [
    { text: 'rpc error: code = Unimplemented desc = unknown service runtime.v1.ImageService' },
    {
      text: 'validate service connection: CRI v1 runtime API is not implemented for endpoint "unix:///run/containerd/containerd.sock": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService',
    },
  ],
  causes: [
    { what: '`disabled_plugins = ["cri"]`, as the packages of Docker ship it', tell: 'the line in config.toml' },
    { what: 'The CRI plugin failed to load', tell: '`ctr plugins ls` shows an error for cri' },
    {
      what: 'kubelet or crictl asks for an API version that this containerd does not have',
      tell: 'v1 against containerd before 1.6, v1alpha2 against 2.0 and newer',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'Something answers at the socket, but it does not offer the CRI service.',
    impact: 'kubelet and crictl can do nothing on this node; ctr still works.',
    diagnosis: [
      { what: 'See the plugin.', command: 'ctr plugins ls | grep cri; grep -n disabled_plugins /etc/containerd/config.toml' },
      { what: 'Read why it failed.', command: 'journalctl -u containerd -b | grep "failed to load plugin"' },
    ],
    mitigation: [
      'Take `cri` out of disabled_plugins.',
      'Correct what the load error names.',
      'Bring kubelet, crictl and containerd to releases that share an API version.',
    ],
    restart: 'Yes, containerd.',
    rules: ['config-cri-disabled', 'config-cri-refused'],
    related: [
      { id: 'config.cri-plugin-conflict', apart: 'the cause in containerd’s own log' },
      { id: 'cri.runtime-unavailable', apart: 'nothing answers at the socket' },
    ],
    sources: ['containerd plugins/cri/cri.go', 'kubernetes staging/src/k8s.io/cri-client/pkg/remote_image.go'],
  },
  messages: {
    cause: 'containerd answers at its socket, but without the CRI service.',
    nextStep: 'Run ctr plugins ls and look for cri: it is disabled or failed to load.',
  },
};
