import { addLine, advice, hostsFix, hostTables, topLevel, writtenUrl } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsPathBeforeV2: HostsRule = {
  id: 'hosts-path-before-v2',
  kind: 'hosts',
  doc: {
    title: 'containerd appends /v2 behind the path of the URL',
    why: `Without \`override_path\`, \`https://harbor.example.com/dockerhub\` is asked at \`/dockerhub/v2/…\`. Repositories of Nexus (\`/repository/NAME\`) and Artifactory (\`/artifactory/api/docker/NAME\`) answer there. Projects of Harbor, and of most others, answer at \`/v2/dockerhub/…\` only: Harbor shows its web page instead, and pulls fail with an unexpected media type \`text/html\`. They want \`/v2/dockerhub\` with \`override_path = true\`.`,
    bad: `server = "https://registry-1.docker.io"

[host."https://harbor.example.com/dockerhub"]
  capabilities = ["pull", "resolve"]
`,
    good: `server = "https://registry-1.docker.io"

[host."https://harbor.example.com/v2/dockerhub"]
  override_path = true
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig'],
  },
  messages: {
    path: 'containerd appends /v2 behind the path: requests go to {path}/library/nginx/manifests/…. Harbor and most registries answer at /v2{before}/… only: that takes the path "/v2{before}" and "override_path = true".',
    fix: 'Use /v2{before} with override_path',
  },

  *check(context) {
    const top = topLevel(context);
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) {
      const { path, host } = entry.host;
      const written = writtenUrl(entry);
      if (written === '' || !path.endsWith('/v2') || path === '/v2' || entry.fields.has('override_path')) continue;
      if (!isPlain(written) || /\/v2\/{0,3}$/.test(written) || path.slice(0, -3).split('/').includes('v2')) continue;
      if (/^\/(?:[\w-]+\/)?(?:repository|api\/docker)\//.test(path)) continue;
      const before = path.slice(0, -3);
      // What Amazon's pull-through caches want is documented, for others the name of the host is only a guess.
      const severity = /\.dkr\.ecr\.[\w-]+\.amazonaws\.com/.test(host) || /harbor/i.test(host) ? 'warning' : 'info';
      yield advice(entry.range, severity, { key: 'path', args: { path, before }, ...fixOf(context, entry, before) });
    }
  },
};

/** An address that means what it says: others have a finding of their own. */
function isPlain(url: string): boolean {
  return /^(?:https?:\/\/)?[^:/?#]+(?::\d+)?\/[^?#]*$/.test(url) && !url.includes('://', 8);
}

function fixOf(
  context: Parameters<typeof addLine>[0],
  entry: Parameters<typeof addLine>[1],
  before: string,
): { readonly fix?: ReturnType<typeof hostsFix> } {
  const { text } = context.parsed.document;
  const quoted = text.slice(entry.range.start, entry.range.end);
  const at = quoted.lastIndexOf(before);
  const line = addLine(context, entry, 'override_path = true');
  if (!line || at < 0) return {};
  const start = entry.range.start + at;
  const edits = [{ range: { start, end: start }, newText: '/v2' }, line];
  return { fix: hostsFix('hosts-path-before-v2', edits, false, { before }) };
}
