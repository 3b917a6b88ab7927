import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configCriRefused: ConfigRule = {
  id: 'config-cri-refused',
  kind: 'config',
  doc: {
    title: 'The CRI plugin refuses a setting',
    why: `These combinations are checked when the CRI plugin starts. It is then not loaded: containerd runs, and kubelet sees no runtime and no image service.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
  io_type = "pipe"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
  io_type = "fifo"
`,
    sources: [
      'containerd internal/cri/config/config.go: ValidateRuntimeConfig, ValidateImageConfig',
      'containerd internal/cri/config/streaming.go: getStreamListenerMode',
      'containerd plugins/metadata/plugin.go: BoltConfig.Validate',
      'containerd plugins/transfer/plugin.go; plugins/services/diff/local.go; core/runtime/v2/task_manager.go',
    ],
  },
  messages: { refused: 'The CRI plugin is not loaded because of "{key}": "{text}".' },

  *check(context) {
    for (const problem of problemsHere(
      context,
      'bad-auths-url',
      'all-devices-without-none',
      'bad-io-type',
      'runtime-v1-key',
      'cni-dir-twice',
      'streaming-tls',
      'sharing-policy',
      'plugin-refused',
    ))
      yield findingOf(problem, { key: 'refused' });
  },
};
