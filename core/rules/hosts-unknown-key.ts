import type { HostsProblem } from '../hosts/hostsFile';
import { hostsKeysOf } from '../schema/hostsKeys';
import { closest } from '../text/closest';
import { nodeAtOffset } from '../toml/lookup';
import { foreignKey } from './foreignKeys';
import { hostsFinding, hostsFix, hostsProblems } from './hostsProblems';
import type { Fix, HostsContext, HostsRule } from './rule';

/** Found in guides and answers, in no release: credentials come with the pull request or not at all. */
const credentialKeys: ReadonlySet<string> = new Set([
  'credential_helper',
  'credential_helpers',
  'credhelper',
  'credhelpers',
  'username',
  'user',
  'password',
  'auth',
  'auths',
  'token',
  'identitytoken',
  'identity_token',
  'credentials',
  'credential',
  'basic_auth',
]);

/** Keys of other tools and other files, by what they are for. */
const otherKeys: ReadonlyMap<string, string> = new Map([
  ['insecure_skip_verify', 'skip_verify'],
  ['insecure', 'skip_verify'],
  ['tls_skip_verify', 'skip_verify'],
  ['skip-verify', 'skip_verify'],
  ['skipverify', 'skip_verify'],
  ['ca_file', 'ca'],
  ['cacert', 'ca'],
  ['headers', 'header'],
  ['hosts', 'host'],
  ['mirror', 'host'],
  ['capability', 'capabilities'],
  ['timeout', 'dial_timeout'],
]);

export const hostsUnknownKey: HostsRule = {
  id: 'hosts-unknown-key',
  kind: 'hosts',
  explains: ['unknown-key'],
  doc: {
    title: 'containerd has no such key',
    why: `hosts.toml is decoded without checks: containerd passes over a key or table that it does not know and does not log a word, in every release. The line looks as if it worked.

Found most often: \`credential_helper\`, \`username\` and \`auth\`, which no release has ever had (credentials come from imagePullSecrets, a kubelet credential provider, or an \`Authorization\` header); \`server\` below a \`[host]\` header, where it belongs to that host; \`[hosts."…"]\` for \`[host."…"]\`; \`insecure_skip_verify\` for \`skip_verify\`; and keys of other files, such as \`registry-mirrors\` of Docker's daemon.json, \`unqualified-search-registries\` of Podman's registries.conf, \`mirrors\` and \`endpoint\` of config.toml.`,
    bad: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilites = ["pull", "resolve"]
`,
    good: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: hostFileConfig, parseHostsFile'],
  },
  messages: {
    unknown: 'containerd has no key "{key}" here and ignores it without a word.',
    near: 'containerd has no key "{key}" here and ignores it without a word. Did you mean "{near}"?',
    credentials:
      'No release of containerd has a key "{key}": it is ignored, and the host is asked without credentials. They come from imagePullSecrets, a kubelet credential provider, or an Authorization header.',
    'server-in-host':
      '"server" stands below a [host] header and so belongs to that host, where containerd ignores it. It has to stand above the first header.',
    'table-word': 'The table is called "host", not "{key}": containerd ignores it with all hosts in it.',
    'quoted-word':
      'The quotes stand around "host." too, so this is a table of another name, which containerd ignores. Only the address has quotes: [host."https://…"].',
    foreign: '"{key}" is a key of {owner}: in hosts.toml containerd ignores it without a word. {instead}',
    none: 'No release of containerd has a key "{key}" in hosts.toml: it is ignored without a word. {instead}',
    config: '"{key}" belongs into config.toml. In hosts.toml containerd ignores it.',
    unquoted:
      'Without quotes, "{host}" is read as the host "{name}" and a table "{key}", which containerd ignores. Put the address in quotes: [host."https://{host}"].',
    fix: 'Change to "{near}"',
    'fix-quotes': 'Put the address in quotes',
    'fix-word': 'Put quotes around the address only',
  },

  *check(context) {
    const names = { top: namesIn('top', context), host: namesIn('host', context) };
    for (const problem of hostsProblems(context, ['unknown-key'])) {
      const key = String(problem.args['key']);
      const unquoted = unquotedHost(context, problem);
      if (unquoted) yield hostsFinding(problem, { key: 'unquoted', ...unquoted });
      else if (key === 'server') yield hostsFinding(problem, { key: 'server-in-host' });
      else if (credentialKeys.has(key.toLowerCase())) yield hostsFinding(problem, { key: 'credentials' });
      else if (/^hosts?\.["']?https?:/.test(key)) yield hostsFinding(problem, { key: 'quoted-word', fix: unquotedWord(context, problem) });
      else if (['plugins', 'version', 'config_path', 'imports'].includes(key)) yield hostsFinding(problem, { key: 'config' });
      else yield hostsFinding(problem, named(context, problem, key, problem.args['where'] === 'top' ? names.top : names.host));
    }
  },
};

function namesIn(where: 'top' | 'host', { version }: HostsContext): readonly string[] {
  return hostsKeysOf(version).flatMap((one) => (one.where === 'both' || one.where === where ? [one.name] : []));
}

function named(context: HostsContext, problem: HostsProblem, key: string, names: readonly string[]): Parameters<typeof hostsFinding>[1] {
  const foreign = isTableWord(context, key) ? undefined : foreignKey(key, 'hosts');
  if (foreign?.owner) return { key: 'foreign', args: { owner: foreign.owner, instead: foreign.instead } };
  if (foreign) return { key: 'none', args: { instead: foreign.instead } };
  const other = otherKeys.get(key.toLowerCase());
  const near = other !== undefined && names.includes(other) ? other : closest(key.replaceAll('-', '_'), names);
  if (near === undefined || (near === 'host' && !isTable(context, key))) return { key: 'unknown' };
  const isWord = near === 'host' && problem.args['where'] === 'top';
  const alone = isWord && !context.parsed.document.root.entries.has('host');
  return { key: isWord ? 'table-word' : 'near', args: { near }, fix: renamed(context, key, near, problem, alone) };
}

/** `[mirror."https://…"]` is meant as `[host."https://…"]`; `mirror = "https://…"` is not. */
function isTableWord({ parsed }: HostsContext, key: string): boolean {
  const value = parsed.document.root.entries.get(key)?.value;
  return value?.kind === 'table' && [...value.entries.keys()].some((name) => /^https?:/.test(name));
}

function isTable({ parsed }: HostsContext, key: string): boolean {
  return parsed.document.root.entries.get(key)?.value.kind === 'table';
}

/** The table's word stands in every header of it; any other key in one place. */
function renamed({ parsed }: HostsContext, key: string, near: string, { range }: HostsProblem, safe: boolean): Fix {
  const words = near === 'host' ? (parsed.document.root.entries.get(key)?.keys ?? []) : [];
  const ranges = words.length === 0 ? [range] : words.map((word) => word.range);
  return hostsFix(
    'hosts-unknown-key',
    ranges.map((one) => ({ range: one, newText: near })),
    safe,
    { near },
  );
}

/** `["host.\"https://…\""]`: the key is the text that should have stood in the header. */
function unquotedWord({ parsed }: HostsContext, { args, range }: HostsProblem): Fix | undefined {
  const url = /^hosts?\.(["']?)(https?:\/\/[^"'\\\s]+)\1$/.exec(String(args['key']))?.[2];
  if (url === undefined || parsed.document.root.entries.has('host')) return undefined;
  return hostsFix('hosts-unknown-key', [{ range, newText: `host."${url}"` }], true, {}, 'fix-word');
}

/** `[host.mirror.example.com]`: the table `example` below the host `mirror`, with nothing but bare keys in the header. */
function unquotedHost(
  { parsed }: HostsContext,
  { range }: HostsProblem,
): { readonly args: Record<string, string>; readonly fix: Fix } | undefined {
  const { header } = nodeAtOffset(parsed.document, range.start);
  const isHost = header?.path[0]?.name === 'host' && header.path[2]?.range.start === range.start;
  const parts = isHost ? header.path.slice(1) : [];
  const [first] = parts;
  const last = parts.at(-1);
  if (!first || !last || !parts.every(({ style }) => style === 'bare')) return undefined;
  const host = parts.map(({ name }) => name).join('.');
  const edit = { range: { start: first.range.start, end: last.range.end }, newText: `"https://${host}"` };
  return { args: { host, name: first.name }, fix: hostsFix('hosts-unknown-key', [edit], false, {}, 'fix-quotes') };
}
