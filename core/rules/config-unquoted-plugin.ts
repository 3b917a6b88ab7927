import type { TextEdit } from '../text/ranges';
import { printString } from '../toml/lookup';
import { findingOf, fix, problemsHere } from './problems';
import type { ConfigContext } from './rule';
import type { ConfigRule } from './rule';

export const configUnquotedPlugin: ConfigRule = {
  id: 'config-unquoted-plugin',
  kind: 'config',
  doc: {
    title: 'A plugin id stands without quotes',
    why: `A dot in a bare key opens a table inside a table. \`[plugins.io.containerd.grpc.v1.cri]\` is therefore no table of the CRI plugin but five tables inside each other: 1.x does not start, 2.x ignores it all in silence.`,
    bad: `version = 2

[plugins.io.containerd.grpc.v1.cri.registry]
  config_path = "/etc/containerd/certs.d"
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['TOML 1.0.0: Keys', 'containerd services/server/config/config.go: ValidateV2 (1.x)'],
  },
  messages: {
    ignored: 'Without quotes these are tables inside each other, which containerd ignores. Write [{quoted}].',
    exit: 'Without quotes these are tables inside each other. containerd does not start: "{text}". Write [{quoted}].',
    fix: 'Put the plugin id in quotes',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'unquoted-plugin')) {
      const edits = quoted(context, String(problem.args['plugin']));
      const change = edits.length === 0 ? {} : { fix: fix('config-unquoted-plugin', edits, true) };
      yield findingOf(problem, { key: problem.effect === 'exit' ? 'exit' : 'ignored', severity: 'error', ...change });
    }
  },
};

/** Every header that spells out the id, as one quoted key. */
function quoted({ parsed }: ConfigContext, plugin: string): TextEdit[] {
  const parts = plugin.split('.');
  return parsed.document.headers.flatMap(({ path }) => {
    const [table, ...rest] = path;
    const id = rest.slice(0, parts.length);
    const [first, last] = [id[0], id.at(-1)];
    const same = id.length === parts.length && id.every((key, i) => key.name === parts[i]);
    if (table?.name !== 'plugins' || !same || !first || !last) return [];
    return [{ range: { start: first.range.start, end: last.range.end }, newText: printString(plugin) }];
  });
}
