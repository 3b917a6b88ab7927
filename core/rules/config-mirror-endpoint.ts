import { printString } from '../toml/lookup';
import { fix } from './problems';
import { endpointsOf, hostOf, misspeltRegistry, registryEntries } from './registryTables';
import type { ConfigRule } from './rule';

export const configMirrorEndpoint: ConfigRule = {
  id: 'config-mirror-endpoint',
  kind: 'config',
  doc: {
    title: 'An endpoint of a mirror is no complete URL',
    why: `An endpoint is a URL with \`http://\` or \`https://\`. Without a scheme containerd takes https (http for localhost); any other scheme fails at each pull with \`unsupported protocol scheme\`. Text that is no URL makes all pulls of that registry fail, not only those from this mirror. A path is used as it stands: \`/v2\` is added only where the URL has no path at all, other than in hosts.toml.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["mirror.example.com:5000"]
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example.com:5000"]
`,
    sources: ['containerd internal/cri/server/images/image_pull.go: registryHosts, addDefaultScheme'],
  },
  messages: {
    scheme: '"{url}" has no scheme: containerd uses {scheme}://. Write it out.',
    other: 'Scheme "{scheme}" does not exist for registries: the pull fails with unsupported protocol scheme. Use https:// or http://.',
    invalid: '"{url}" is no URL: every pull of {mirror} fails.',
    near: 'Is "{host}" right? There is a public registry "{near}".',
    fix: 'Write {scheme}://{url}',
  },

  *check(context) {
    for (const mirror of registryEntries(context, 'mirrors')) {
      for (const { url, range } of endpointsOf(mirror, context)) {
        const colon = url.indexOf('://');
        const written = colon < 0 ? '' : url.slice(0, colon);
        const scheme = /^(?:localhost|127\.|\[::1\])/.test(url) ? 'http' : 'https';
        const args = { url, mirror: mirror.key.name, scheme: colon < 0 ? scheme : written };
        if (/[\s"<>\\^`{|}]|\$[({]/.test(url) || hostOf(url) === '') yield { range, severity: 'warning', key: 'invalid', args };
        else if (colon < 0) {
          const newText = printString(`${scheme}://${url}`);
          yield {
            range,
            severity: 'warning',
            key: 'scheme',
            args,
            fix: fix('config-mirror-endpoint', [{ range, newText }], true, { url, scheme }),
          };
        } else if (misspeltRegistry(hostOf(url)) !== undefined) {
          yield {
            range,
            severity: 'warning',
            key: 'near',
            args: { ...args, host: hostOf(url), near: misspeltRegistry(hostOf(url)) ?? '' },
          };
        } else if (written !== 'http' && written !== 'https') yield { range, severity: 'warning', key: 'other', args };
      }
    }
  },
};
