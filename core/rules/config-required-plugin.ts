import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configRequiredPlugin: ConfigRule = {
  id: 'config-required-plugin',
  kind: 'config',
  doc: {
    title: 'A required plugin is switched off',
    why: `containerd does not start unless every plugin of \`required_plugins\` is loaded. One that \`disabled_plugins\` switches off never is.`,
    bad: `version = 3
disabled_plugins = ["io.containerd.grpc.v1.cri"]
required_plugins = ["io.containerd.grpc.v1.cri"]
`,
    good: `version = 3
required_plugins = ["io.containerd.grpc.v1.cri"]
`,
    sources: ['containerd cmd/containerd/server/server.go: New'],
  },
  messages: { disabled: '"{id}" is required here and switched off in disabled_plugins. containerd does not start: "{text}".' },

  *check(context) {
    for (const problem of problemsHere(context, 'required-disabled')) yield findingOf(problem, { key: 'disabled' });
  },
};
