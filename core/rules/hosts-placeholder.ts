import type { TextRange } from '../text/ranges';
import type { TomlDocument } from '../toml/document';
import { advice } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsPlaceholder: HostsRule = {
  id: 'hosts-placeholder',
  kind: 'hosts',
  doc: {
    title: 'An address looks like a placeholder',
    why: `Templates and guides leave words like \`<your-mirror>\`, \`\${MIRROR}\` or \`your-registry.com\` to be filled in. containerd takes the text as it is: it drops the file where it is no URL, and looks up a name that does not exist where it is one.`,
    bad: `[host."https://<your-mirror>"]
  capabilities = ["pull", "resolve"]
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig'],
  },
  messages: {
    placeholder: '"{url}" looks like a placeholder: "{part}". containerd takes it as it is.',
  },

  *check({ parsed }) {
    for (const { url, range } of addresses(parsed.document)) {
      const part = placeholderIn(url);
      if (part !== undefined) yield advice(range, 'warning', { key: 'placeholder', args: { url, part } });
    }
  },
};

/** As the file has them, since a placeholder is often what drops it. */
function addresses({ headers, root }: TomlDocument): readonly { readonly url: string; readonly range: TextRange }[] {
  const hosts = headers.flatMap(({ path }) => (path[0]?.name === 'host' && path[1] && path.length === 2 ? [path[1]] : []));
  const server = root.entries.get('server')?.value;
  const named = hosts.map(({ name, range }) => ({ url: name, range }));
  return server?.kind === 'string' ? [{ url: server.value, range: server.range }, ...named] : named;
}

function placeholderIn(url: string): string | undefined {
  const marked = /<[^<>]*>|\$\{[^{}]*\}|\$\([^()]*\)|\{\{[^{}]*\}\}|%[A-Z_]{2,}%|\b[A-Z]+_[A-Z_]+\b/.exec(url)?.[0];
  return (
    marked ?? /\byour[-_.]?(?:mirror|registry|server|proxy|harbor|host|domain|company|code|id)\b|\bx{3,}\b|\bchange-?me\b/i.exec(url)?.[0]
  );
}
