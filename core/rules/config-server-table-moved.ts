import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configServerTableMoved: ConfigRule = {
  id: 'config-server-table-moved',
  kind: 'config',
  doc: {
    title: 'A version 4 file has a server table of older versions',
    why: `Version 4 keeps the settings of the servers as plugins: \`[plugins."io.containerd.server.v1.grpc"]\`, \`.ttrpc\`, \`.metrics\`. In a version 4 file the tables \`[grpc]\`, \`[ttrpc]\` and \`[metrics]\` are still read and then not used, without a word. In older files containerd moves them.`,
    bad: `version = 4

[grpc]
  address = "/run/containerd/containerd.sock"
`,
    good: `version = 4

[plugins."io.containerd.server.v1.grpc"]
  address = "/run/containerd/containerd.sock"
`,
    sources: ['containerd cmd/containerd/server/config/config.go: serviceMigrate (2.3)'],
  },
  messages: { moved: 'In a version 4 file [{key}] has no effect. Its place is [plugins."{to}"].' },

  *check(context) {
    for (const problem of problemsHere(context, 'server-table-moved')) yield findingOf(problem, { key: 'moved' });
  },
};
