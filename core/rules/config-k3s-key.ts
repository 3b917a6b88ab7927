import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configK3sKey: ConfigRule = {
  id: 'config-k3s-key',
  kind: 'config',
  doc: {
    title: 'A key that only k3s and RKE2 know',
    why: `\`rewrite\` belongs to the registries.yaml of k3s and RKE2, whose own build of containerd can change repository names. containerd as released ignores it.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example.com"]
  rewrite = { "^library/(.*)" = "proxy/$1" }
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example.com"]
`,
    sources: ['docs.k3s.io: Private Registry Configuration'],
  },
  messages: { k3s: '"{key}" is known to k3s and RKE2 only: containerd as released ignores it.' },

  *check(context) {
    for (const problem of problemsHere(context, 'k3s-key')) yield findingOf(problem, { key: 'k3s' });
  },
};
