import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configMirrorsBesideConfigPath: ConfigRule = {
  id: 'config-mirrors-beside-config-path',
  kind: 'config',
  doc: {
    title: 'registry.mirrors stands beside registry.config_path',
    why: `There are two ways to name mirrors, and containerd refuses both at once: the CRI plugin is not loaded. containerd itself starts and looks healthy, while kubelet and crictl get \`Unimplemented: unknown service runtime.v1.ImageService\`.

2.2.0 and 2.2.1 preset config_path, so there mirrors alone were already too much; 2.2.2 fixed that. Move the mirrors to hosts.toml files (\`containerd-runbooks config migrate\` writes them), or leave config_path out.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.cri.v1.images".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example.com"]
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: [
      'containerd internal/cri/config/config.go: ValidateImageConfig (2.x)',
      'containerd pkg/cri/config/config.go: ValidatePluginConfig (1.x)',
    ],
  },
  messages: {
    both: 'mirrors and config_path ("{configPath}") exclude each other: the CRI plugin is not loaded, and kubelet sees no image service. Move the mirrors to hosts.toml files below config_path.',
    preset: 'This release presets config_path, so mirrors alone keep the CRI plugin from loading. 2.2.2 fixes that.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'mirrors-beside-config-path')) {
      yield findingOf(problem, { key: problem.args['file'] === '' ? 'preset' : 'both' });
    }
  },
};
