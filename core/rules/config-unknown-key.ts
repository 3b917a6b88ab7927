import type { ConfigProblem } from '../config/configFile';
import { cri, criImages, criRuntime } from '../schema/migration';
import { printKey, printKeyPath } from '../toml/lookup';
import { foreignKey } from './foreignKeys';
import { findingOf, fix, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configUnknownKey: ConfigRule = {
  id: 'config-unknown-key',
  kind: 'config',
  doc: {
    title: 'containerd does not know a key',
    why: `A key that no release has changes nothing. 1.x does not say a word about it; from 2.0 on the log has \`Ignoring unknown key in TOML\` or \`Ignoring unknown key in TOML for plugin\`, which is easily missed among the lines of a start.

Keys of other files are told by name: \`registry-mirrors\` of Docker's daemon.json, \`unqualified-search-registries\` of Podman's registries.conf, \`mirrors\` of k3s's registries.yaml at the top, keys of hosts.toml.

1.x compares keys letter by letter, 2.x without case.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_paths = "/etc/containerd/certs.d"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd cmd/containerd/server/config/config.go: loadConfigFile, Config.Decode'],
  },
  messages: {
    unknown: 'containerd has no key "{key}" here and ignores it.',
    near: 'containerd has no key "{key}" here and ignores it. Did you mean "{near}"?',
    foreign: '"{key}" is a key of {owner}: in config.toml containerd ignores it. {instead}',
    none: 'No release of containerd has a key "{key}" here: it is ignored. {instead}',
    elsewhere: 'containerd has no key "{key}" here and ignores it. There is one at {elsewhere}.',
    fix: 'Change to "{near}"',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'unknown-key')) {
      const foreign = mayBeForeign(problem) ? foreignKey(String(problem.args['key']), 'config') : undefined;
      if (foreign) {
        const { owner, instead } = foreign;
        yield findingOf(problem, owner ? { key: 'foreign', args: { owner, instead } } : { key: 'none', args: { instead } });
        continue;
      }
      const near = String(problem.args['near'] ?? '');
      const elsewhere = problem.args['elsewhere'] !== undefined;
      const change =
        near === '' ? undefined : fix('config-unknown-key', [{ range: problem.range, newText: printKey(near) }], false, { near });
      yield findingOf(problem, { key: near === '' ? (elsewhere ? 'elsewhere' : 'unknown') : 'near', ...(change && { fix: change }) });
    }
  },
};

/** At the top and in CRI's tables a word says what was meant; `server` or `client` in the table of another plugin may be anything. */
function mayBeForeign({ key, args }: ConfigProblem): boolean {
  return key === printKey(String(args['key'])) || criTables.has(String(args['table']));
}

const criTables: ReadonlySet<string> = new Set(['cri', cri, criImages, criRuntime].map((plugin) => printKeyPath(['plugins', plugin])));
