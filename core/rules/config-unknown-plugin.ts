import type { TextRange } from '../text/ranges';
import { printKey, printKeyPath } from '../toml/lookup';
import { findingOf, fix, problemsHere } from './problems';
import type { ConfigContext } from './rule';
import type { ConfigRule } from './rule';

export const configUnknownPlugin: ConfigRule = {
  id: 'config-unknown-plugin',
  kind: 'config',
  doc: {
    title: 'containerd has no plugin of that name',
    why: `A table for a plugin that does not exist is ignored by every release without a word, so a typo in the id takes all settings below it away. Snapshotters and other plugins that run as programs of their own are not configured here but registered under \`proxy_plugins\`; builds with additional plugins (k3s) may know more than the releases of containerd.`,
    bad: `version = 2

[plugins."io.containerd.grpc.vi.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd cmd/containerd/server/config/config.go: Config.Decode'],
  },
  messages: {
    unknown: 'containerd as released has no plugin "{plugin}": the table is ignored.',
    near: 'containerd has no plugin "{plugin}": the table is ignored. Did you mean "{known}"?',
    inside: 'The quotes must end after "{known}": as it stands, containerd has no such plugin and ignores the table.',
    fix: 'Change to "{known}"',
    'fix-quotes': 'Close the quotes after "{known}"',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'unknown-plugin')) {
      const [plugin, known] = [String(problem.args['plugin']), String(problem.args['known'])];
      const inner = known !== '' && plugin.startsWith(`${known}.`);
      const newText = inner ? printKeyPath([known, ...plugin.slice(known.length + 1).split('.')]) : printKey(known);
      const edits = writtenKeys(context, plugin).map((range) => ({ range, newText }));
      const change = known === '' ? {} : { fix: fix('config-unknown-plugin', edits, false, { known }, inner ? 'fix-quotes' : 'fix') };
      yield findingOf(problem, {
        key: inner ? 'inside' : known === '' ? 'unknown' : 'near',
        ...(known !== '' && { severity: 'error' }),
        ...change,
      });
    }
  },
};

function writtenKeys({ parsed }: ConfigContext, plugin: string): readonly TextRange[] {
  const plugins = parsed.document.root.entries.get('plugins')?.value;
  const entry = plugins?.kind === 'table' ? plugins.entries.get(plugin) : undefined;
  return entry?.keys.map(({ range }) => range) ?? [];
}
