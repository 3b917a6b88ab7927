import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configStartRefused: ConfigRule = {
  id: 'config-start-refused',
  kind: 'config',
  doc: {
    title: 'containerd ends its start at a setting',
    why: `These values are of the right type, so the file is read, and the start fails when they are used: an address to listen on without a port, a streaming port that is none, a required plugin that the release does not have, and a proxy plugin of a type that it does not have or, in 2.x, a negative \`version\`, which both end in a panic.`,
    bad: `version = 3

[metrics]
  address = "localhost"
`,
    containerd: '2.2',
    good: `version = 3

[metrics]
  address = "localhost:1338"
`,
    sources: ['containerd cmd/containerd/command/main.go: App', 'containerd cmd/containerd/server/server.go: LoadPlugins'],
  },
  messages: { refused: 'containerd does not start because of "{key}": "{text}".' },

  *check(context) {
    for (const problem of problemsHere(context, 'start-refused', 'required-unknown')) yield findingOf(problem, { key: 'refused' });
  },
};
