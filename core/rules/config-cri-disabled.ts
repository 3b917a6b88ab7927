import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configCriDisabled: ConfigRule = {
  id: 'config-cri-disabled',
  kind: 'config',
  doc: {
    title: 'The CRI plugin is switched off',
    why: `With the CRI plugin disabled containerd serves Docker and ctr, but not kubelet: \`rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService\`. Docker's containerd.io package installs a config.toml with \`disabled_plugins = ["cri"]\`. 2.x needs further plugins for CRI, 2.1 and 2.2 also the image verifier.`,
    bad: `disabled_plugins = ["cri"]
`,
    good: `disabled_plugins = []
`,
    sources: ['containerd cmd/containerd/server/config/config.go: V2DisabledFilter', 'containerd plugins/cri/cri.go'],
  },
  messages: {
    off: 'The CRI plugin is switched off: kubelet and crictl cannot use this containerd.',
    needed: 'Without {plugin} the CRI plugin is not loaded: kubelet and crictl cannot use this containerd.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'cri-disabled')) {
      yield findingOf(problem, { key: problem.args['plugin'] === problem.args['cri'] ? 'off' : 'needed' });
    }
  },
};
