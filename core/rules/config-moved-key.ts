import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configMovedKey: ConfigRule = {
  id: 'config-moved-key',
  kind: 'config',
  doc: {
    title: 'A key of config version 2 is looked for elsewhere in version 3',
    why: `Version 3 took the CRI table apart, and \`sandbox_image\` became one of the \`pinned_images\`. In a file of version 3 the old key is ignored with one line in the log, and containerd uses its preset pause image: behind a firewall no pod starts any more. In a file of version 2 containerd 2.x moves it by itself.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images"]
  sandbox_image = "registry.example.com/pause:3.10"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "registry.example.com/pause:3.10"
`,
    sources: ['containerd plugins/cri/images/plugin.go: migrateConfig'],
  },
  messages: { moved: 'containerd does not look for "{key}" here and ignores it: its place is {to}.' },

  *check(context) {
    for (const problem of problemsHere(context, 'moved-key')) yield findingOf(problem, { key: 'moved' });
  },
};
