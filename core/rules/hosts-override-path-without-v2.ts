import { advice, hostTables, topLevel, writtenUrl } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsOverridePathWithoutV2: HostsRule = {
  id: 'hosts-override-path-without-v2',
  kind: 'hosts',
  doc: {
    title: 'override_path is set, and the path has no /v2 in it',
    why: `\`override_path = true\` does one thing: containerd does not append \`/v2\` to the path of the URL. Without \`/v2\` in the path, requests go to \`/library/nginx/manifests/…\`, which registries answer with 404 or a web page. It has nothing to do with falling back to another host.

For a proxy project as Harbor has it the URL is \`https://harbor.example.com/v2/project\` with \`override_path = true\`.`,
    bad: `[host."https://harbor.example.com/dockerhub"]
  capabilities = ["pull", "resolve"]
  override_path = true
`,
    good: `[host."https://harbor.example.com/v2/dockerhub"]
  capabilities = ["pull", "resolve"]
  override_path = true
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig'],
  },
  messages: {
    path: 'With override_path, requests go to {url}/library/nginx/manifests/… as they stand, and there is no /v2 in "{path}". Most registries want it: /v2{path}.',
    'no-path':
      'With override_path and no path in the URL, requests go to {url}/library/nginx/manifests/…, without the /v2 that registries want. Leave override_path out, or give the path.',
  },

  *check(context) {
    const top = topLevel(context);
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) {
      const override = entry.fields.get('override_path');
      const { scheme, host, path } = entry.host;
      if (override?.value.kind !== 'boolean' || !override.value.value || writtenUrl(entry) === '') continue;
      if (path.split('/').includes('v2')) continue;
      const key = path === '' || path === '/' ? 'no-path' : 'path';
      yield advice(override.value.range, 'warning', { key, args: { url: `${scheme}://${host}${path === '/' ? '' : path}`, path } });
    }
  },
};
