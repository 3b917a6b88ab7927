import { publicMirror, publicMirrorTexts, servesDockerHubOnly } from './publicMirrors';
import { endpointsOf, hostOf, registryEntries } from './registryTables';
import type { ConfigRule } from './rule';

export const configPublicMirror: ConfigRule = {
  id: 'config-public-mirror',
  kind: 'config',
  doc: {
    title: 'A public mirror that is closed, is none, or is not for this registry',
    why: `Guides hand on addresses that served Docker Hub years ago, that answer only inside one cloud, or that are registries of their own. They are asked first at every pull. A mirror of Docker Hub below \`"*"\` or below another registry is asked for images that it cannot have.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://hub-mirror.c.163.com"]
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example.com"]
`,
    sources: ['containerd internal/cri/server/images/image_pull.go: registryEndpoints'],
  },
  messages: {
    ...publicMirrorTexts,
    'hub-only': '{host} serves images of Docker Hub only, and here it is asked for those of "{mirror}" too.',
  },

  *check(context) {
    for (const mirror of registryEntries(context, 'mirrors')) {
      for (const { url, range } of endpointsOf(mirror, context)) {
        const host = hostOf(url);
        const known = publicMirror(host);
        if (host === mirror.key.name) continue;
        if (known)
          yield { range, severity: known.what === 'inside' ? 'info' : 'warning', key: known.what, args: { host, whose: known.whose } };
        if (mirror.key.name !== 'docker.io' && servesDockerHubOnly(host))
          yield { range, severity: 'warning', key: 'hub-only', args: { host, mirror: mirror.key.name } };
      }
    }
  },
};
