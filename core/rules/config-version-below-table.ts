import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configVersionBelowTable: ConfigRule = {
  id: 'config-version-below-table',
  kind: 'config',
  doc: {
    title: 'version stands below a table header',
    why: `A line below \`[header]\` belongs to that table. \`version\` must stand above the first header; below one it is a key that nobody reads, and the file counts as version 1.`,
    containerd: '2.1',
    bad: `[grpc]
  address = "/run/containerd/containerd.sock"

version = 2
`,
    good: `version = 2

[grpc]
  address = "/run/containerd/containerd.sock"
`,
    sources: ['TOML 1.0.0: Table', 'containerd cmd/containerd/server/config/config.go: loadConfigFile'],
  },
  messages: {
    below: 'This "version" belongs to the table above it and is ignored, so the file counts as version 1. Move it above the first header.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'version-below-table')) yield findingOf(problem, { key: 'below' });
  },
};
