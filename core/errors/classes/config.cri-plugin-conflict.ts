import type { ErrorClass } from '../errorClass';

export const configCriPluginConflict: ErrorClass = {
  id: 'config.cri-plugin-conflict',
  title: 'CRI plugin refuses its configuration',
  signals: [
    { pattern: /`(?:mirrors|configs\.tls|configs)` cannot be set when `config_path` is provided/, weight: 96, scope: 'anywhere' },
    { pattern: /invalid (?:cri image|cri runtime|plugin) config: /, weight: 93, scope: 'anywhere' },
    {
      pattern:
        /unable to load CRI (?:image|runtime) service plugin dependency|load required plugin io\.containerd\.(?:grpc\.v1\.cri|cri\.v1)/,
      weight: 93,
      scope: 'anywhere',
    },
    {
      pattern: /failed to load plugin "?io\.containerd\.(?:grpc\.v1\.cri|cri\.v1\.\w+)|failed to create CRI service/,
      weight: 90,
      scope: 'anywhere',
    },
    { pattern: /failed to load plugin"?/, then: /id=io\.containerd\.(?:grpc\.v1\.cri|cri\.v1)\b/, weight: 90, scope: 'anywhere' },
    {
      pattern:
        /no corresponding runtime configured in `containerd\.runtimes`|failed to parse registry url "[^"]*" from `registry|failed to parse image_pull_progress_timeout|invalid image pull progress timeout/,
      weight: 86,
      scope: 'anywhere',
    },
  ],
  examples: [
    {
      text: 'level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="invalid plugin config: `mirrors` cannot be set when `config_path` is provided"',
      containerd: '1.7',
    },
    {
      text: 'level=warning msg="failed to load plugin" error="invalid cri image config: `mirrors` cannot be set when `config_path` is provided" id=io.containerd.cri.v1.images type=io.containerd.cri.v1',
      containerd: '2.1',
    },
  ],
  causes: [
    {
      what: 'Old `registry.mirrors` or `registry.configs` next to `config_path`',
      tell: '`cannot be set when config_path is provided`; in 2.2.0 config_path also has a default',
    },
    { what: 'A snapshotter or default runtime that does not exist', tell: '`failed to find snapshotter`, `no corresponding runtime`' },
    { what: 'A duration without unit or a URL that does not parse', tell: 'the value is quoted in the text' },
  ],
  retriable: false,
  doc: {
    meaning: 'containerd runs, but its CRI plugin did not load, because it refuses its part of config.toml.',
    impact: 'ctr still works; kubelet and crictl get `unknown service runtime.v1.ImageService` for everything.',
    diagnosis: [
      { what: 'See which plugin failed.', command: 'ctr plugins ls | grep -E "cri|error"' },
      { what: 'Read why.', command: 'journalctl -u containerd -b | grep -E "failed to load plugin|invalid .* config" | tail' },
    ],
    mitigation: [
      'Remove `registry.mirrors` and `registry.configs.*.tls`, and write hosts.toml files instead (`containerd-runbooks config migrate FILE --to certs.d`).',
      'Correct the named value.',
    ],
    restart: 'Yes, containerd.',
    rules: [
      'config-mirrors-beside-config-path',
      'config-tls-beside-config-path',
      'config-cri-refused',
      'config-bad-duration',
      'config-default-runtime',
      'config-snapshotter',
    ],
    related: [
      { id: 'cri.unimplemented', apart: 'what kubelet sees of it' },
      { id: 'config.daemon-toml-invalid', apart: 'containerd does not start at all' },
      { id: 'config.ignored-setting', apart: 'the setting is only ignored' },
    ],
    sources: ['containerd internal/cri/config/config.go: ValidateImageConfig', 'containerd cmd/containerd/server/server.go'],
  },
  messages: {
    cause: 'The CRI plugin refused its configuration and did not load; containerd runs without it.',
    nextStep: 'Read ctr plugins ls and the start of the journal, correct config.toml, and restart containerd.',
  },
};
