import { printString } from '../toml/lookup';
import { fix } from './problems';
import { dockerHubNames, hostOf, registryEntries } from './registryTables';
import type { ConfigRule } from './rule';

export const configMirrorKey: ConfigRule = {
  id: 'config-mirror-key',
  kind: 'config',
  doc: {
    title: 'A key of mirrors is no registry host',
    why: `containerd looks a mirror up by the host of the image reference, with its port: \`docker.io\` for Docker Hub, \`registry.example.com:5000\`, or \`*\` for all that have no entry of their own. A URL, a path, capital letters or another name of Docker Hub never match, and the mirror is never asked.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."https://registry.example.com:5000"]
  endpoint = ["https://mirror.example.com"]
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."registry.example.com:5000"]
  endpoint = ["https://mirror.example.com"]
`,
    sources: [
      'containerd pkg/cri/server/image_pull.go: registryEndpoints (1.x)',
      'containerd internal/cri/server/images/image_pull.go: registryEndpoints (2.x)',
    ],
  },
  messages: {
    url: '"{key}" is a URL, and an image reference starts with a host: this entry is never used. The key is the registry of the images: write "{host}", or "docker.io" for a mirror of Docker Hub.',
    path: '"{key}" has a path: mirrors are looked up by host alone, so this entry is never used. Write "{host}".',
    hub: 'References to Docker Hub have the host docker.io, so "{key}" is used only for images that are written with this name.',
    default: '"_default" is the name of a folder under certs.d. In mirrors the entry for all other registries is "*".',
    mangled:
      'No registry is called "{key}"; it looks like a URL that lost its "://". An image reference starts with the host: write "{host}".',
    case: 'Host names in references are lower case, so "{key}" is never used.',
    fix: 'Change to "{host}"',
  },

  *check(context) {
    for (const { key } of registryEntries(context, 'mirrors')) {
      const wrong = wrongKey(key.name);
      if (!wrong) continue;
      const { host } = wrong;
      const change = fix('config-mirror-key', [{ range: key.range, newText: printString(host) }], false, { host });
      yield { range: key.range, severity: 'warning', key: wrong.key, args: { key: key.name, host }, fix: change };
    }
  },
};

function wrongKey(name: string): { readonly key: string; readonly host: string } | undefined {
  if (name.includes('://')) return { key: 'url', host: hostOf(name) };
  if (name.includes('/')) return { key: 'path', host: hostOf(name) };
  if (dockerHubNames.has(name.toLowerCase())) return { key: 'hub', host: 'docker.io' };
  const mangled = /^https?[.\-_]/.test(name) && name.includes('.', 6) ? name.slice(name.startsWith('https') ? 6 : 5) : undefined;
  if (mangled !== undefined) return { key: 'mangled', host: mangled };
  if (name === '_default') return { key: 'default', host: '*' };
  return name === name.toLowerCase() ? undefined : { key: 'case', host: name.toLowerCase() };
}
