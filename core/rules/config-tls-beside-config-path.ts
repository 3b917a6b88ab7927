import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configTlsBesideConfigPath: ConfigRule = {
  id: 'config-tls-beside-config-path',
  kind: 'config',
  doc: {
    title: 'registry.configs.*.tls stands beside registry.config_path',
    why: `1.5 to 1.7 refuse TLS settings in config.toml as soon as config_path is set, and do not load the CRI plugin. CA, client certificate and skip_verify belong into the hosts.toml of that host. \`configs.*.auth\` may stay. 2.0 no longer has the key: it is ignored.`,
    containerd: '1.7',
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.grpc.v1.cri".registry.configs."registry.example.com".tls]
  ca_file = "/etc/ssl/registry.crt"
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd pkg/cri/config/config.go: ValidatePluginConfig (1.7)'],
  },
  messages: {
    both: 'configs.*.tls and config_path ("{configPath}") exclude each other: the CRI plugin is not loaded. Put ca, client and skip_verify into the hosts.toml of this host.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'configs-tls-beside-config-path')) yield findingOf(problem, { key: 'both' });
  },
};
