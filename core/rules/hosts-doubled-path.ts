import { addLine, advice, hostsFix, hostTables, topLevel, writtenUrl } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsDoubledPath: HostsRule = {
  id: 'hosts-doubled-path',
  kind: 'hosts',
  doc: {
    title: 'The path has /v2 in it, and containerd appends another',
    why: `containerd appends \`/v2\` to the path of a URL unless it already ends in \`/v2\`. A path like \`/v2/project\`, which proxy projects of Harbor and repositories of Artifactory and Nexus have, becomes \`/v2/project/v2\`: the registry answers 404 or a web page, and the next host is asked. \`override_path = true\` (since 1.6.0) takes the path as it stands.`,
    bad: `[host."https://harbor.example.com/v2/dockerhub"]
  capabilities = ["pull", "resolve"]
`,
    good: `[host."https://harbor.example.com/v2/dockerhub"]
  override_path = true
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig'],
  },
  messages: {
    doubled:
      'containerd appends /v2, so requests go to {path}/library/nginx/manifests/…, with /v2 twice. With "override_path = true" the path is taken as it stands.',
    fix: 'Add "override_path = true"',
  },

  *check(context) {
    const top = topLevel(context);
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) {
      const { path } = entry.host;
      if (writtenUrl(entry) === '' || path.split('/').filter((part) => part === 'v2').length < 2) continue;
      const written = entry.fields.get('override_path')?.value;
      const edit = written ? { range: written.range, newText: 'true' } : addLine(context, entry, 'override_path = true');
      const fix = edit && hostsFix('hosts-doubled-path', [edit], false);
      yield advice(entry.range, 'warning', { key: 'doubled', args: { path }, fix });
    }
  },
};
