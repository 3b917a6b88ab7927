import { inside, registryEntries } from './registryTables';
import type { ConfigRule } from './rule';

export const configClearTextCredentials: ConfigRule = {
  id: 'config-clear-text-credentials',
  kind: 'config',
  doc: {
    title: 'Credentials stand in config.toml in clear text',
    why: `They work, but config.toml is readable for every process of the node unless its mode says otherwise, it is often kept in a repository, and on 2.1 and later the table also switches pulls back to the old way (local pull). kubelet can bring credentials with each request: imagePullSecrets, or a credential provider.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.configs."registry.example.com".auth]
  username = "me"
  password = "secret"
`,
    good: `version = 2
`,
    sources: ['containerd internal/cri/config/config.go: AuthConfig', 'kubernetes.io: Configure a kubelet image credential provider'],
  },
  messages: { secret: 'A credential in clear text. Prefer imagePullSecrets or a credential provider of kubelet.' },

  *check(context) {
    const secrets = [
      ...registryEntries(context, 'configs').map((config) => inside(config, ['auth'], context)),
      ...registryEntries(context, 'auths'),
    ];
    for (const auth of secrets) {
      for (const name of ['password', 'auth', 'identitytoken']) {
        const secret = auth && inside(auth, [name], context);
        if (secret?.value.kind === 'string' && secret.value.value !== '')
          yield { range: secret.key.range, severity: 'info', key: 'secret', args: {} };
      }
    }
  },
};
