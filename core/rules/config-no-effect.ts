import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configNoEffect: ConfigRule = {
  id: 'config-no-effect',
  kind: 'config',
  doc: {
    title: 'A key is read and never used',
    why: `\`config_path\` of the transfer plugin exists since 1.7, and no release up to 2.3 looks at it. CRI pulls go by config_path of the CRI plugin; ctr goes by \`--hosts-dir\`.`,
    bad: `version = 3

[plugins."io.containerd.transfer.v1.local"]
  config_path = "/etc/containerd/certs.d"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd plugins/transfer/plugin.go', 'containerd issue 12550'],
  },
  messages: {
    unused:
      'No release of containerd uses this key. For pulls over CRI set config_path in the registry table of the CRI plugin; for ctr give --hosts-dir.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'no-effect')) yield findingOf(problem, { key: 'unused' });
  },
};
