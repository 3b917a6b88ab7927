import { advice, hostTables, topLevel, writtenUrl } from './hostsProblems';
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

  *check(context) {
    const top = topLevel(context);
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) {
      const url = writtenUrl(entry);
      const part = placeholderIn(url);
      if (part !== undefined) yield advice(entry.range, 'warning', { key: 'placeholder', args: { url, part } });
    }
  },
};

function placeholderIn(url: string): string | undefined {
  const marked = /<[^<>]*>|\$\{[^{}]*\}|\$\([^()]*\)|\{\{[^{}]*\}\}|%[A-Z_]{2,}%|\b[A-Z]+_[A-Z_]+\b/.exec(url)?.[0];
  return (
    marked ?? /\byour[-_]?(?:mirror|registry|server|proxy|harbor|host|domain|company|code|id)\b|\bx{3,}\b|\bchange-?me\b/i.exec(url)?.[0]
  );
}
