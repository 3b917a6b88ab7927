import type { HostsProblem } from '../hosts/hostsFile';
import type { TomlTable } from '../toml/document';
import { printString } from '../toml/lookup';
import { hostsFinding, hostsFix, hostsProblems, lineBreak, wholeLines } from './hostsProblems';
import type { Fix, HostsContext, HostsRule } from './rule';

export const hostsHostWithoutHeader: HostsRule = {
  id: 'hosts-host-without-header',
  kind: 'hosts',
  explains: ['host-not-in-header'],
  doc: {
    title: 'A host is written as an inline table or dotted key',
    why: `Since 2.0 containerd finds the hosts and their order by the headers \`[host."…"]\` alone. A host written as \`"https://…" = { … }\` below \`[host]\`, or as \`host."https://…".ca = …\`, is decoded and then never tried: no log line says so. 1.x takes all three.`,
    bad: `server = "https://registry-1.docker.io"

[host]
"https://mirror.example.com" = { capabilities = ["pull", "resolve"], skip_verify = true }
`,
    good: `server = "https://registry-1.docker.io"

[host]
[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
  skip_verify = true
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: getSortedHosts'],
  },
  messages: {
    lost: 'containerd 2.x looks for hosts in headers only, so "{name}" is never tried. Write it as a table of its own: [host."{name}"].',
    fix: 'Make it a table with a header',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['host-not-in-header']))
      yield hostsFinding(problem, { key: 'lost', fix: withHeader(context, problem) });
  },
};

/** An inline table on a line of its own below `[host]`, with nothing but assignments of its kind between them. */
function withHeader({ parsed }: HostsContext, { range, args }: HostsProblem): Fix | undefined {
  const { text, assignments, headers } = parsed.document;
  const found = assignments.find(({ path }) => path.length === 1 && path[0]?.range.start === range.start);
  if (found?.value.kind !== 'table' || found.header?.path.length !== 1 || headers.at(-1) !== found.header) return undefined;
  const all = assignments.filter(({ header }) => header === found.header);
  if (all.some(({ value }) => value.kind !== 'table' || value.form !== 'inline')) return undefined;
  const lines = wholeLines(text, found.range);
  const newText = section(text, String(args['name']), found.value);
  return hostsFix('hosts-host-without-header', [{ range: lines, newText }], true);
}

function section(text: string, name: string, { entries }: TomlTable): string {
  const keys = [...entries.values()].map(
    ({ key, value }) => `  ${text.slice(key.range.start, key.range.end)} = ${text.slice(value.range.start, value.range.end)}`,
  );
  return [`[host.${printString(name)}]`, ...keys, ''].join(lineBreak(text));
}
