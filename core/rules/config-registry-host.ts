import { printString } from '../toml/lookup';
import { fix } from './problems';
import { dockerHubNames, hostOf, registryEntries } from './registryTables';
import type { ConfigRule } from './rule';

export const configRegistryHost: ConfigRule = {
  id: 'config-registry-host',
  kind: 'config',
  doc: {
    title: 'A key of configs is not the host that is asked',
    why: `Credentials and TLS settings are looked up by the host of the request, with its port. For Docker Hub that is \`registry-1.docker.io\`, not \`docker.io\`; for a mirror it is the mirror's host. A URL or a wildcard never matches.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.configs."docker.io".auth]
  username = "me"
  password = "secret"
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.configs."registry-1.docker.io".auth]
  username = "me"
  password = "secret"
`,
    sources: ['containerd internal/cri/server/images/image_pull.go: registryHosts'],
  },
  messages: {
    hub: 'Docker Hub is asked at registry-1.docker.io, so "{key}" is never looked up.',
    url: '"{key}" is a URL, and settings are looked up by host and port: this table is never used. Write "{host}".',
    wildcard: 'There is no wildcard in configs: "{key}" is never looked up.',
    fix: 'Change to "{host}"',
  },

  *check(context) {
    for (const { key } of registryEntries(context, 'configs')) {
      const { name, range } = key;
      const host = name.includes('://') || name.includes('/') ? hostOf(name) : 'registry-1.docker.io';
      const change = fix('config-registry-host', [{ range, newText: printString(host) }], false, { host });
      if (name === '*') yield { range, severity: 'warning', key: 'wildcard', args: { key: name } };
      else if (name.includes('/')) yield { range, severity: 'warning', key: 'url', args: { key: name, host }, fix: change };
      else if (name === 'docker.io' || (dockerHubNames.has(name) && name !== host))
        yield { range, severity: 'warning', key: 'hub', args: { key: name }, fix: change };
    }
  },
};
