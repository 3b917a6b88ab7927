import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configPathRelative: ConfigRule = {
  id: 'config-path-relative',
  kind: 'config',
  doc: {
    title: 'config_path is a relative path',
    why: `containerd does not resolve config_path against the folder of config.toml but against its own working directory, \`/\` for a service. The folder is not found, and hosts.toml files are not read.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "certs.d"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: HostDirFromRoot'],
  },
  messages: { relative: '"{value}" is looked up in the working directory of containerd, not beside this file. Write an absolute path.' },

  *check(context) {
    for (const problem of problemsHere(context, 'config-path-relative')) yield findingOf(problem, { key: 'relative' });
  },
};
