import type { HostsProblem } from '../hosts/hostsFile';
import type { MessageArgs } from '../text/message';
import { hostsFinding, hostsFix, hostsProblems } from './hostsProblems';
import { typeMessage } from './typeTexts';
import type { Fix, HostsContext, HostsRule } from './rule';

export const hostsWrongType: HostsRule = {
  id: 'hosts-wrong-type',
  kind: 'hosts',
  explains: ['wrong-type', 'client-pair-size', 'panics'],
  doc: {
    title: 'A value has a type that its key does not take',
    why: `containerd decodes the file into a Go struct. A string where a list belongs, \`true\` in quotes or a number as a header value ends the decoding: the whole file is dropped, with one line in the log, and the registry itself is asked.

Some shapes make containerd itself panic, which ends the daemon with every pull it was at: in 1.x a plain key beside other entries in \`[host]\`, in the upstream builds of 2.x \`skip_verify\` as a second dotted key of a host and a table below a key that takes none, in those of 2.0 to 2.2 a date without quotes.`,
    bad: `[host."https://mirror.example.com"]
  capabilities = "pull"
  skip_verify = "true"
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull"]
  skip_verify = true
`,
    sources: [
      'containerd core/remotes/docker/config/hosts.go: hostFileConfig, parseHostConfig, makeStringSlice, getSortedHosts',
      'pelletier/go-toml v1 marshal.go: valueFromToml; v2 unmarshaler.go: typeMismatchString',
    ],
  },
  messages: {
    wrong: '"{key}" takes {wanted}, and {quoted} is {found}. containerd drops this whole file and asks the registry itself.',
    pair: 'A pair in "client" is a certificate and its key, and {quoted} has {count} parts. containerd drops this whole file.',
    panics: '{quoted} makes containerd itself panic while it reads this file: "{key}" cannot hold this.',
    fix: 'Write {replacement}',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['wrong-type', 'client-pair-size', 'panics'])) {
      const quoted = shortened(context.parsed.document.text.slice(problem.range.start, problem.range.end));
      yield hostsFinding(problem, { key: keyOf(problem), args: { quoted, ...types(problem) }, fix: changed(context, problem) });
    }
  },
};

function types({ code, args }: HostsProblem): MessageArgs {
  return code === 'wrong-type' ? { wanted: typeMessage(String(args['wanted'])), found: typeMessage(String(args['found'])) } : {};
}

function keyOf({ code }: HostsProblem): string {
  if (code === 'panics') return 'panics';
  return code === 'client-pair-size' ? 'pair' : 'wrong';
}

function shortened(written: string): string {
  const line = written.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** Where only the clothes are wrong: one string for a list of them, a boolean or list in quotes too many or too few. */
function changed({ parsed }: HostsContext, { code, range, args }: HostsProblem): Fix | undefined {
  if (code !== 'wrong-type') return undefined;
  const written = parsed.document.text.slice(range.start, range.end);
  const replacement = replacementOf(String(args['key']), written);
  return replacement === undefined ? undefined : hostsFix('hosts-wrong-type', [{ range, newText: replacement }], true, { replacement });
}

function replacementOf(key: string, written: string): string | undefined {
  const isString = /^"[^"\\\n]*"$|^'[^'\n]*'$/.test(written);
  const inner = written.slice(1, -1).trim().toLowerCase();
  if (key === 'capabilities' && isString) return `[${written}]`;
  if ((key === 'skip_verify' || key === 'override_path') && isString && (inner === 'true' || inner === 'false')) return inner;
  if (key.startsWith('header "') && /^(?:\d+|true|false)$/.test(written)) return `"${written}"`;
  const only = /^\[\s*("[^"\\\n]*"|'[^'\n]*')\s*\]$/.exec(written)?.[1];
  return key === 'server' ? only : undefined;
}
