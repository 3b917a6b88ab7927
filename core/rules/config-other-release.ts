import { formatVersion } from '../versions/versions';
import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configOtherRelease: ConfigRule = {
  id: 'config-other-release',
  kind: 'config',
  doc: {
    title: 'A key or plugin belongs to another release of containerd',
    why: `Keys come and go. One that this release does not have is ignored: 1.x says nothing, 2.x has a line in the log; for a whole plugin table both are silent.

Gone with 2.0: \`registry.configs.*.tls\` (use hosts.toml), \`systemd_cgroup\`, \`no_pivot\`, \`runtime_engine\`, \`runtime_root\`, \`default_runtime\`, \`untrusted_workload_runtime\`. Gone with 2.1: \`plugin_dir\`.`,
    bad: `version = 2

[plugins."io.containerd.grpc.v1.cri"]
  systemd_cgroup = true
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true
`,
    sources: ['containerd cmd/containerd/server/config/config.go: Config.Decode', 'containerd docs/containerd-2.0.md'],
  },
  messages: {
    gone: '"{key}" is gone since containerd {until} and has no effect.',
    instead: '"{key}" is gone since containerd {until} and has no effect. Use {instead}.',
    newer: '"{key}" has no effect before containerd {since}; this is judged for {release}.',
    plugin: 'containerd {release} has no plugin "{plugin}", so this table is ignored.',
  },

  *check(context) {
    const release = formatVersion(context.version);
    for (const problem of problemsHere(context, 'key-gone'))
      yield findingOf(problem, { key: problem.args['instead'] === '' ? 'gone' : 'instead' });
    for (const problem of problemsHere(context, 'key-newer')) yield findingOf(problem, { key: 'newer', args: { release } });
    for (const problem of problemsHere(context, 'plugin-of-other-release')) yield findingOf(problem, { key: 'plugin', args: { release } });
  },
};
