import { satisfies } from '../versions/versions';
import { endpointsOf, hostOf, inside, registryEntries } from './registryTables';
import type { ConfigRule } from './rule';

export const configInsecureHttp: ConfigRule = {
  id: 'config-insecure-http',
  kind: 'config',
  doc: {
    title: 'insecure_skip_verify for an address without TLS',
    why: `Whether a registry is asked over http or https is decided by the scheme of the endpoint alone. \`insecure_skip_verify\` only says what to do with a certificate, and over http there is none: the table does nothing. 2.0 and later do not read \`configs.*.tls\` at all.`,
    containerd: '1.7',
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."registry.example.com:5000"]
  endpoint = ["http://registry.example.com:5000"]

[plugins."io.containerd.grpc.v1.cri".registry.configs."registry.example.com:5000".tls]
  insecure_skip_verify = true
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."registry.example.com:5000"]
  endpoint = ["http://registry.example.com:5000"]
`,
    sources: ['containerd pkg/cri/server/image_pull.go: registryHosts (1.x)'],
  },
  messages: { http: '{host} is asked over http, where no certificate is checked: insecure_skip_verify does nothing.' },

  *check(context) {
    if (satisfies(context.version, '>=2.0.0')) return;
    const plain = new Set(
      registryEntries(context, 'mirrors')
        .flatMap((mirror) => endpointsOf(mirror, context))
        .flatMap(({ url }) => (url.startsWith('http://') ? [hostOf(url)] : [])),
    );
    for (const config of registryEntries(context, 'configs')) {
      const skip = inside(config, ['tls', 'insecure_skip_verify'], context);
      if (skip?.value.kind !== 'boolean' || !skip.value.value || !plain.has(config.key.name)) continue;
      yield { range: skip.key.range, severity: 'info', key: 'http', args: { host: config.key.name } };
    }
  },
};
