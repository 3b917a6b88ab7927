import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configDropInWipes: ConfigRule = {
  id: 'config-drop-in-wipes',
  kind: 'config',
  doc: {
    title: "A drop-in replaces a plugin's whole table",
    why: `In 1.5 to 1.7 an imported file does not add to the table of a plugin, it replaces it: a drop-in that sets one CRI key takes config_path, sandbox_image, runtimes and all else from config.toml, without a word. 2.x merges key by key.`,
    containerd: '1.7',
    path: '/etc/containerd/conf.d/downloads.toml',
    files: {
      '/etc/containerd/config.toml': `version = 2
imports = ["/etc/containerd/conf.d/*.toml"]

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    },
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri"]
  max_concurrent_downloads = 5
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri"]
  max_concurrent_downloads = 5

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd services/server/config/config.go: mergeConfig (1.x)'],
  },
  messages: {
    wipes:
      'This table replaces the one in {file} as a whole: {lost} and all else there is gone. Repeat here what should stay, or keep it all in one file.',
    wiped: '{file} has a table for this plugin too and replaces this one as a whole: "{key}" has no effect.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'drop-in-wipes')) yield findingOf(problem, { key: 'wipes' });
    for (const problem of problemsHere(context, 'wiped-by-drop-in')) yield findingOf(problem, { key: 'wiped' });
  },
};
