import { settingAt } from '../config/settings';
import { registryEntries, registryTable } from './registryTables';
import type { ConfigRule } from './rule';

export const configDeprecatedRegistry: ConfigRule = {
  id: 'config-deprecated-registry',
  kind: 'config',
  doc: {
    title: 'registry.mirrors, configs or auths are deprecated',
    why: `Since 1.5 registries are described by hosts.toml files below \`config_path\`. The old tables still work, up to 2.3 at least, but containerd warns at each start, and from 2.1 on one of them is enough to switch every CRI pull from the transfer service back to local pull. \`auths\` is older still; credentials belong into the request (imagePullSecrets). \`containerd-runbooks config migrate FILE --to certs.d\` writes the hosts.toml files.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example.com"]
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: [
      'containerd pkg/deprecation/deprecation.go: CRIRegistryMirrors, CRIRegistryConfigs, CRIRegistryAuths',
      'containerd internal/cri/config/config.go: CheckLocalImagePullConfigs',
    ],
  },
  messages: {
    mirrors: 'registry.mirrors is deprecated: describe mirrors in hosts.toml files below config_path.',
    configs: 'registry.configs is deprecated: TLS settings belong into hosts.toml, credentials into the request.',
    auths: 'registry.auths is deprecated: credentials belong into the request (imagePullSecrets).',
  },

  *check(context) {
    const registry = registryTable(context);
    for (const table of ['mirrors', 'configs', 'auths'] as const) {
      const setting = settingAt(registry, [table], context.version);
      if (setting?.source !== context.path || registryEntries(context, table).length === 0) continue;
      yield { range: setting.key.range, severity: 'info', key: table, args: {} };
    }
  },
};
