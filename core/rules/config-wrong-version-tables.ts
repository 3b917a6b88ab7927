import { cri, placeInVersion3 } from '../schema/migration';
import { satisfies } from '../versions/versions';
import type { ConfigProblem } from '../config/configFile';
import { entryAt, printKeyPath } from '../toml/lookup';
import { findingOf, fix, problemsHere } from './problems';
import type { ConfigContext, ConfigRule, Fix } from './rule';

export const configWrongVersionTables: ConfigRule = {
  id: 'config-wrong-version-tables',
  kind: 'config',
  doc: {
    title: "Plugin tables do not belong to the file's version",
    why: `\`version\` says how plugin tables are named, and tables of another version are not read:

- version 1, or no version: \`[plugins.cri]\`
- version 2: \`[plugins."io.containerd.grpc.v1.cri"]\`
- version 3 and 4: \`[plugins."io.containerd.cri.v1.images"]\`, \`[plugins."io.containerd.cri.v1.runtime"]\`, and for the streaming server \`[plugins."io.containerd.grpc.v1.cri"]\`

1.x ignores a table of another version in silence. 2.0 to 2.2 take version 3 names in a version 2 file, but move the old CRI table only when the file says \`version = 2\`: without a version, or with \`version = 3\`, its registry settings are gone with one warning in the log. 2.3 moves them in any file below version 4.`,
    containerd: '2.1',
    bad: `version = 3

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: [
      'containerd cmd/containerd/server/config/config.go: LoadConfig, v1Migrate, Config.Decode',
      'containerd plugins/cri/images/plugin.go: configMigration',
      'containerd services/server/config/config.go: Config.Decode (1.x)',
    ],
  },
  messages: {
    old: 'containerd {release} does not look here in a file of version {configVersion} and ignores "{key}". Its place is {to}.',
    unversioned:
      'The file has no version, so containerd {release} does not move this table to where it looks, and ignores "{key}". Put version = 2 on the first line.',
    newer:
      '"{key}" belongs to version 3 of config.toml, which containerd 1.x does not have: the whole table is ignored. Here it is [plugins."io.containerd.grpc.v1.cri"] with version = 2.',
    id: 'A file of version 1, or without a version, names plugins by their short ids, so "{key}" is ignored with all its settings. Put version = 2 on the first line.',
    fix: 'Move to {to}',
    'fix-version': 'Write version = 2',
  },

  *check(context) {
    const release = `${context.version.major}.${context.version.minor}`;
    const { configVersion } = context.file;
    const missing = !hasVersion(context);
    for (const problem of problemsHere(context, 'old-cri-table')) {
      const moved = missing ? versionFix(context) : moveFix(context, problem);
      yield findingOf(problem, {
        key: missing ? 'unversioned' : 'old',
        severity: 'error',
        args: { release, configVersion },
        ...(moved && { fix: moved }),
      });
    }
    for (const problem of problemsHere(context, 'version-3-table')) yield findingOf(problem, { key: 'newer', severity: 'error' });
    for (const problem of problemsHere(context, 'id-in-version-1')) {
      const change = missing ? versionFix(context) : undefined;
      yield findingOf(problem, { key: 'id', severity: 'error', ...(change && { fix: change }) });
    }
  },
};

function hasVersion({ parsed }: ConfigContext): boolean {
  return parsed.document.root.entries.has('version');
}

/** Only in the root file: what a drop-in lacks, its root has. */
function versionFix(context: ConfigContext): Fix | undefined {
  if (context.file.sources[0]?.path !== context.path) return undefined;
  return fix('config-wrong-version-tables', [{ range: { start: 0, end: 0 }, newText: 'version = 2\n' }], false, {}, 'fix-version');
}

/** Renames the headers that stand for this table, as long as nothing else of the old table is written in them. */
function moveFix({ parsed, version }: ConfigContext, problem: ConfigProblem): Fix | undefined {
  const name = String(problem.args['key']);
  const place = placeInVersion3([name]);
  if (satisfies(version, '<2.0.0') || name === 'containerd' || name === 'sandbox_image' || place.plugin === cri) return undefined;
  const entry = entryAt(parsed.document.root, ['plugins', cri, name]);
  const headers = parsed.document.headers.filter(
    ({ path }) => path[0]?.name === 'plugins' && path[1]?.name === cri && path[2]?.name === name,
  );
  if (!entry || entry.value.kind !== 'table' || headers.length < entry.keys.length) return undefined;
  const edits = headers.flatMap(({ path }) => (path[1] ? [{ range: path[1].range, newText: JSON.stringify(place.plugin) }] : []));
  return fix('config-wrong-version-tables', edits, false, { to: printKeyPath(['plugins', place.plugin, ...place.path]) });
}
