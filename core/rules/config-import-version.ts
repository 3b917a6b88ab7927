import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configImportVersion: ConfigRule = {
  id: 'config-import-version',
  kind: 'config',
  doc: {
    title: 'A drop-in is of a newer version than config.toml',
    why: `2.0 to 2.2 give the whole configuration the version of the file read last. A version 3 drop-in beside a version 2 config.toml makes all of it version 3, so its \`[plugins."io.containerd.grpc.v1.cri"]\` table is no longer moved to where 2.x looks: mirrors, config_path and the pause image are gone. NVIDIA's toolkit used to write such a drop-in.

2.3 refuses to start when a drop-in is newer than config.toml.`,
    containerd: '2.1',
    path: '/etc/containerd/conf.d/99-nvidia.toml',
    files: {
      '/etc/containerd/config.toml': `version = 2
imports = ["/etc/containerd/conf.d/*.toml"]

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
  runtime_type = "io.containerd.runc.v2"
`,
    },
    bad: `version = 3

[plugins."io.containerd.cri.v1.runtime".containerd]
  default_runtime_name = "nvidia"
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".containerd]
  default_runtime_name = "nvidia"
`,
    sources: ['containerd cmd/containerd/server/config/config.go: LoadConfig (2.0–2.2), LoadConfigWithPlugins (2.3)'],
  },
  messages: {
    lifts:
      'This makes the whole configuration version {version}: the io.containerd.grpc.v1.cri table of config.toml, which is version 2, is then ignored.',
    newer: 'A drop-in of version {version} below a config.toml of version {root}: containerd 2.3 does not start ("{text}").',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'import-lifts-version')) yield findingOf(problem, { key: 'lifts' });
    for (const problem of problemsHere(context, 'import-newer')) yield findingOf(problem, { key: 'newer' });
  },
};
