import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configDefaultRuntime: ConfigRule = {
  id: 'config-default-runtime',
  kind: 'config',
  doc: {
    title: 'default_runtime_name names no runtime',
    why: `The name must be one of \`containerd.runtimes\`, otherwise the CRI plugin is not loaded and no pod runs. 2.x has a preset handler \`runc\`. 1.x forgets that preset as soon as the file has a \`runtimes\` table of its own, so \`runc\` must then be listed too.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.runtime".containerd]
  default_runtime_name = "nvidia"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.runtime".containerd]
  default_runtime_name = "nvidia"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia]
  runtime_type = "io.containerd.runc.v2"
`,
    sources: [
      'containerd internal/cri/config/config.go: ValidateRuntimeConfig',
      'containerd pkg/cri/config/config.go: ValidatePluginConfig (1.x)',
    ],
  },
  messages: {
    missing: 'There is no runtime "{name}": the CRI plugin is not loaded. Add [….containerd.runtimes.{name}].',
    empty: 'default_runtime_name is empty: the CRI plugin is not loaded.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'default-runtime-missing')) yield findingOf(problem, { key: 'missing' });
    for (const problem of problemsHere(context, 'default-runtime-empty')) yield findingOf(problem, { key: 'empty' });
  },
};
