import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configLostInMigration: ConfigRule = {
  id: 'config-lost-in-migration',
  kind: 'config',
  doc: {
    title: 'containerd 2.x forgets these settings of a version 2 file',
    why: `When 2.0 to 2.3 move the CRI table of a version 2 file, \`snapshotter\`, \`disable_snapshot_annotations\` and \`discard_unpacked_layers\` come along only if the same table also has \`containerd.runtimes\`. Without it they are lost without a word. Add the runtimes table, or write the file as version 3.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "native"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "native"
`,
    sources: ['containerd plugins/cri/images/plugin.go: migrateConfig'],
  },
  messages: { lost: 'containerd 2.x forgets "{key}" when it moves this table, because there is no containerd.runtimes in it.' },

  *check(context) {
    for (const problem of problemsHere(context, 'lost-in-migration')) yield findingOf(problem, { key: 'lost' });
  },
};
