import { tomlReason } from './tomlReason';
import type { TomlHeader } from '../toml/document';
import { hostsFinding, hostsFix, hostsProblems, lineBreak, wholeLines } from './hostsProblems';
import type { Fix, HostsContext, HostsRule } from './rule';

export const hostsNotToml: HostsRule = {
  id: 'hosts-not-toml',
  kind: 'hosts',
  explains: ['not-toml'],
  doc: {
    title: 'hosts.toml is not TOML',
    why: `One syntax error, one key or table written twice, and containerd drops the whole file. The pull does not fail because of it: the log has \`failed to decode hosts.toml\` (2.x: with the full path) once per read, and the registry itself is asked as if there were no mirrors.

Two hosts cannot share a header. Each needs its own. Releases differ: 1.x (go-toml v1) takes a byte order mark, line breaks in inline tables and the same host in two kinds of quotes, and refuses a \`]\` in a header, which every IPv6 address has; 2.x (go-toml v2) is the other way round.`,
    bad: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com", host."https://cache.example.com"]
  capabilities = ["pull", "resolve"]
`,
    good: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]

[host."https://cache.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: loadHostDir, parseHostsFile', 'TOML 1.0.0'],
  },
  messages: {
    syntax: '{reason} containerd drops this whole file and asks the registry itself.',
    further: '{reason}',
    tolerated: '{reason} This release of containerd takes it all the same; others drop the file.',
    joined:
      'Two hosts cannot share one header: "{header}" is not TOML. containerd drops this whole file. Each host needs a header of its own.',
    'fix-joined': 'Give each host a header of its own',
  },

  *check(context) {
    const [decisive] = hostsProblems(context, ['not-toml']);
    const { document, errors } = context.parsed;
    for (const error of errors) {
      if (decisive?.range.start === error.range.start) continue;
      const reason = tomlReason(error, document.text);
      yield { range: error.range, severity: decisive ? 'error' : 'warning', key: decisive ? 'further' : 'tolerated', args: { reason } };
    }
    if (!decisive) return;
    const joined = joinedHosts(
      document.headers.find(({ range }) => onOneLine(document.text, range.start, decisive.range.start)),
      context,
    );
    if (joined) {
      yield hostsFinding(decisive, { key: 'joined', args: { header: joined.header }, fix: joined.fix });
      return;
    }
    const reason = tomlReason({ ...decisive, code: String(decisive.args['code']) }, document.text);
    yield hostsFinding(decisive, { key: 'syntax', args: { reason } });
  },
};

function onOneLine(text: string, a: number, b: number): boolean {
  return !text.slice(Math.min(a, b), Math.max(a, b)).includes('\n');
}

/** `[host."a", host."b"]`, a mistake that guides hand on. The section is written once for each host. */
function joinedHosts(
  header: TomlHeader | undefined,
  { parsed }: HostsContext,
): { readonly header: string; readonly fix: Fix | undefined } | undefined {
  if (!header) return undefined;
  const { text } = parsed.document;
  const lines = wholeLines(text, { start: header.range.start, end: header.range.start });
  const line = text.slice(lines.start, lines.end).trim();
  const [brackets = '', inside = ''] = /^\[([^\]]*)\]/.exec(line) ?? [];
  const parts = inside.split(',');
  const hosts = parts.map((part) => /^\s*host\.("[^"]*"|'[^']*')\s*$/.exec(part)?.[1]);
  if (hosts.length < 2 || hosts.includes(undefined)) return undefined;
  // A key behind the header is one mistake more: what was meant is for a person to say.
  if (line !== brackets) return { header: brackets, fix: undefined };
  const section = wholeLines(text, header.section);
  const body = text.slice(lines.end, section.end).trimEnd();
  const newLine = lineBreak(text);
  const newText = hosts.map((host) => `[host.${host ?? ''}]${newLine}${body === '' ? '' : `${body}${newLine}`}`).join(newLine);
  return {
    header: line,
    fix: hostsFix('hosts-not-toml', [{ range: { start: lines.start, end: section.end }, newText }], true, {}, 'fix-joined'),
  };
}
