import type { ConfigProblem } from '../config/configFile';
import { isFilledInLater } from '../config/template';
import { findingOf, problemsHere } from './problems';
import { tomlReason } from './tomlReason';
import type { ConfigRule } from './rule';

export const configNotToml: ConfigRule = {
  id: 'config-not-toml',
  kind: 'config',
  doc: {
    title: 'config.toml is not TOML',
    why: `containerd reads config.toml as a whole or not at all: with one syntax error, one table or key written twice, or a wrong escape it does not start, and neither do pods.

A common cause is text that was appended: \`containerd config default >> config.toml\` run twice, or a script that adds a table the file already has. Releases differ: 1.x accepts a byte order mark and line breaks inside inline tables, 2.x does not.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = /etc/containerd/certs.d
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd cmd/containerd/server/config/config.go: loadConfigFile', 'TOML 1.0.0'],
  },
  messages: {
    syntax: '{reason} containerd does not start.',
    further: '{reason}',
    tolerated: '{reason} This release of containerd takes it all the same; others do not start.',
    library: '{reason} containerd does not start: "{text}".',
  },

  *check(context) {
    const { text } = context.parsed.document;
    const [decisive] = problemsHere(context, 'not-toml');
    if (decisive) {
      const reason = tomlReason({ ...decisive, code: String(decisive.args['toml']) }, text);
      yield findingOf(decisive, { key: decisive.text === undefined ? 'syntax' : 'library', args: { reason, ...oneLine(decisive) } });
    }
    if (isFilledInLater(context.path, text)) return;
    for (const error of context.parsed.errors) {
      if (decisive && error.range.start === decisive.range.start) continue;
      const reason = tomlReason(error, text);
      yield { range: error.range, severity: decisive ? 'error' : 'warning', key: decisive ? 'further' : 'tolerated', args: { reason } };
    }
  },
};

/** The library quotes the character it stumbles over, which may be a line break. */
function oneLine({ text }: ConfigProblem): { readonly text?: string } {
  return text === undefined ? {} : { text: text.replaceAll('\r', '\\r').replaceAll('\n', '\\n') };
}
