import { printString } from '../toml/lookup';
import { findingOf, fix, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configBadPluginId: ConfigRule = {
  id: 'config-bad-plugin-id',
  kind: 'config',
  doc: {
    title: 'disabled_plugins or required_plugins name no plugin id',
    why: `Both lists want full ids such as \`io.containerd.grpc.v1.cri\`. From config version 2 on a short name ends the start of containerd: 1.x wants four parts with dots (1.7 also the prefix \`io.containerd.\`), 2.x at least one dot. Only in a file of version 1, or without a version, short names are right.`,
    bad: `version = 2
disabled_plugins = ["cri"]
`,
    good: `version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]
`,
    sources: [
      'containerd services/server/config/config.go: ValidateV2 (1.x)',
      'containerd cmd/containerd/server/config/config.go: ValidateVersion (2.x)',
    ],
  },
  messages: {
    bad: '"{id}" is no plugin id. containerd does not start: "{text}".',
    full: '"{id}" is no plugin id here, it must be "{full}". containerd does not start: "{text}".',
    fix: 'Change to "{full}"',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'bad-plugin-id')) {
      const full = String(problem.args['full']);
      const change =
        full === '' ? undefined : fix('config-bad-plugin-id', [{ range: problem.range, newText: printString(full) }], true, { full });
      yield findingOf(problem, { key: change ? 'full' : 'bad', ...(change && { fix: change }) });
    }
  },
};
