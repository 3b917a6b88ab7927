import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configMisplacedKey: ConfigRule = {
  id: 'config-misplaced-key',
  kind: 'config',
  doc: {
    title: 'A setting stands in the wrong table',
    why: `The key exists, only not in this table, so it is ignored: 1.x says nothing, 2.x writes \`Ignoring unknown key in TOML for plugin\` to the log.

Typical: \`config_path\` right below the CRI table instead of below its \`registry\`, registry settings in the runtime table of version 3, \`registry."docker.io"\` without the word \`mirrors\`, pull settings of CRI in the transfer plugin.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images"]
  config_path = "/etc/containerd/certs.d"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: [
      'containerd cmd/containerd/server/config/config.go: Config.Decode',
      'containerd internal/cri/config/config.go: ImageConfig, RuntimeConfig, ServerConfig',
    ],
  },
  messages: {
    place: '"{key}" has no effect here: its place is {to}.',
    mirrors: 'registry."{key}" is no table that containerd reads. A mirror belongs to {to}.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'other-cri-table', 'belongs-below-registry', 'other-plugin'))
      yield findingOf(problem, { key: 'place' });
    for (const problem of problemsHere(context, 'mirrors-word-missing')) yield findingOf(problem, { key: 'mirrors' });
  },
};
