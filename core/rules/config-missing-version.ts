import { isFilledInLater } from '../config/template';
import { satisfies } from '../versions/versions';
import { fix } from './problems';
import type { ConfigContext, ConfigRule, Fix, Severity } from './rule';

export const configMissingVersion: ConfigRule = {
  id: 'config-missing-version',
  kind: 'config',
  doc: {
    title: 'config.toml does not say its version',
    why: `Without \`version\` the file counts as version 1, whose plugin tables have short names (\`[plugins.cri]\`). Tables named by full ids are then ignored by 1.x, and by 2.0 to 2.2 the CRI table as well. 2.3 sorts it out at each start.

\`version\` must stand above the first table: below a header it is a key of that table.`,
    containerd: '1.7',
    bad: `[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    good: `version = 2
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: [
      'containerd services/server/config/config.go: GetVersion, Decode (1.x)',
      'containerd cmd/containerd/server/config/config.go: LoadConfig (2.x)',
    ],
  },
  messages: {
    missing:
      'The file does not say its version and counts as version 1. Put version = 2 on the first line, or version = 3 for containerd 2.x and its table names.',
    ids: 'The file does not say its version and counts as version 1, in which 1.x and 2.0 to 2.2 ignore the CRI table by this name. Put version = 2 on the first line.',
    fix: 'Write version = 2',
  },

  *check(context) {
    const { parsed, file, path } = context;
    if (file.sources[0]?.path !== path || parsed.document.root.entries.has('version') || parsed.errors.length > 0) return;
    if (hasVersionOfOtherCase(context) || isFilledInLater(path, parsed.document.text)) return;
    const plugins = parsed.document.root.entries.get('plugins');
    const range = plugins?.key.range ?? parsed.document.assignments[0]?.path[0]?.range ?? { start: 0, end: 0 };
    const change = plugins && namesFullIds(context) ? { fix: added() } : {};
    yield {
      range,
      severity: severity(context, plugins !== undefined),
      key: plugins && namesFullIds(context) ? 'ids' : 'missing',
      args: {},
      ...change,
    };
  },
};

function severity(context: ConfigContext, hasPlugins: boolean): Severity {
  if (!hasPlugins) return 'hint';
  return namesFullIds(context) || satisfies(context.version, '<2.3.0') ? 'warning' : 'info';
}

function hasVersionOfOtherCase({ parsed, version }: ConfigContext): boolean {
  return satisfies(version, '>=2.0.0') && [...parsed.document.root.entries.keys()].some((name) => name.toLowerCase() === 'version');
}

function namesFullIds({ parsed }: ConfigContext): boolean {
  const plugins = parsed.document.root.entries.get('plugins')?.value;
  return (
    plugins?.kind === 'table' &&
    [...plugins.entries.keys()].every((name) => name.startsWith('io.containerd.')) &&
    plugins.entries.has('io.containerd.grpc.v1.cri')
  );
}

function added(): Fix {
  return fix('config-missing-version', [{ range: { start: 0, end: 0 }, newText: 'version = 2\n' }], false);
}
