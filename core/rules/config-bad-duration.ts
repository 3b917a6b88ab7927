import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configBadDuration: ConfigRule = {
  id: 'config-bad-duration',
  kind: 'config',
  doc: {
    title: 'A duration is not written as Go wants it',
    why: `Durations are a number with its unit: \`"5m"\`, \`"1h30m"\`, \`"500ms"\`. A bare number is refused. In a CRI table the CRI plugin is then not loaded; in the table of another plugin containerd does not start.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.images"]
  image_pull_progress_timeout = "5"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images"]
  image_pull_progress_timeout = "5m"
`,
    sources: ['containerd internal/cri/config/config.go: ValidateImageConfig, ValidateRuntimeConfig, ValidateServerConfig'],
  },
  messages: {
    cri: '"{value}" is no duration, write a number with its unit such as "5m". The CRI plugin is not loaded: "{text}".',
    exit: '"{value}" is no duration, write a number with its unit such as "5m". containerd does not start: "{text}".',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'bad-duration')) yield findingOf(problem, { key: problem.effect });
  },
};
