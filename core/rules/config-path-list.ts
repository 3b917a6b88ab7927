import { printString } from '../toml/lookup';
import { findingOf, fix, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configPathList: ConfigRule = {
  id: 'config-path-list',
  kind: 'config',
  doc: {
    title: 'config_path names several folders, and none of them is read',
    why: `The documentation allows a list of folders joined by \`:\`, and up to 2.0 it works. From 2.1 on CRI pulls go through the transfer service, which takes the whole text as the name of one folder. No such folder exists, so no hosts.toml is found, nothing is logged, and pulls go to the registry itself.

2.2 and 2.3 even preset such a list. Name one folder, or set \`use_local_image_pull = true\`, which brings the old way of pulling back.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd core/transfer/registry/registry.go: NewOCIRegistry', 'containerd issues 12415, 12636, 12808, 13246'],
  },
  messages: {
    list: 'From 2.1 on this list is taken as the name of one folder, so no hosts.toml is read. Name one folder, or set use_local_image_pull = true.',
    fix: 'Keep only {first}',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'config-path-list')) {
      const first = String(problem.args['first']);
      const edits = [{ range: problem.range, newText: printString(first) }];
      yield findingOf(problem, { key: 'list', severity: 'error', fix: fix('config-path-list', edits, false, { first }) });
    }
  },
};
