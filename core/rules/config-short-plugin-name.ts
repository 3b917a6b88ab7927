import { printString } from '../toml/lookup';
import { findingOf, fix, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configShortPluginName: ConfigRule = {
  id: 'config-short-plugin-name',
  kind: 'config',
  doc: {
    title: 'A plugin table has a short name in a file of version 2 or later',
    why: `\`[plugins.cri]\` is right only in a file of version 1. In later versions tables are named by full ids: 1.x refuses any other name and does not start, 2.x ignores the table in silence.`,
    bad: `version = 2

[plugins.cri.registry]
  config_path = "/etc/containerd/certs.d"
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd services/server/config/config.go: ValidateV2 (1.x)', 'containerd cmd/containerd/server/config/config.go: Decode'],
  },
  messages: {
    ignored: 'In a file of version {configVersion} the table "{plugin}" is ignored. Its name is "{full}".',
    exit: '"{plugin}" is no plugin id. containerd does not start: "{text}".',
    fix: 'Change to "{full}"',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'short-plugin-name')) {
      const full = String(problem.args['full'] ?? '');
      const keys = context.parsed.document.root.entries.get('plugins')?.value;
      const written = keys?.kind === 'table' ? (keys.entries.get(String(problem.args['plugin']))?.keys ?? []) : [];
      const edits = written.map(({ range }) => ({ range, newText: printString(full) }));
      const change =
        full === '' || context.file.configVersion > 2 || edits.length === 0
          ? undefined
          : fix('config-short-plugin-name', edits, false, { full });
      yield findingOf(problem, { key: problem.effect === 'exit' ? 'exit' : 'ignored', severity: 'error', ...(change && { fix: change }) });
    }
  },
};
