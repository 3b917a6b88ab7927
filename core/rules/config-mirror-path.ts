import { endpointsOf, registryEntries } from './registryTables';
import type { ConfigRule } from './rule';

export const configMirrorPath: ConfigRule = {
  id: 'config-mirror-path',
  kind: 'config',
  doc: {
    title: 'The path of an endpoint does not lead to the registry API',
    why: `The path of an endpoint is used as it stands, and \`/v2\` is added only where there is none. \`https://mirror.example.com/proxy\` is asked for \`/proxy/library/nginx/manifests/…\`, which registries answer with 404 or a web page. Write the whole way to the API. (hosts.toml is different: it appends \`/v2\` unless override_path is set.)`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://harbor.example.com/dockerhub"]
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://harbor.example.com/v2/dockerhub"]
`,
    sources: ['containerd internal/cri/server/images/image_pull.go: registryHosts'],
  },
  messages: { path: 'Requests go to {path}/… without /v2. Where the API is at /v2{path}, write that.' },

  *check(context) {
    for (const mirror of registryEntries(context, 'mirrors')) {
      for (const { url, range } of endpointsOf(mirror, context)) {
        const path = /^https?:\/\/[^/]+(\/[^?#]*[^/?#])\/?$/.exec(url)?.[1] ?? '';
        if (path !== '' && !path.split('/').includes('v2')) yield { range, severity: 'warning', key: 'path', args: { path } };
      }
    }
  },
};
