import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configImportRefused: ConfigRule = {
  id: 'config-import-refused',
  kind: 'config',
  doc: {
    title: 'An imported file keeps containerd or CRI from running',
    why: `containerd reads config.toml and its imports as one. What is fatal in a drop-in is fatal for the whole, even if config.toml itself is fine.`,
    files: {
      '/etc/containerd/conf.d/registry.toml': `oom_score = "low"
`,
    },
    bad: `version = 3
imports = ["/etc/containerd/conf.d/*.toml"]
`,
    good: `version = 3
`,
    sources: ['containerd cmd/containerd/server/config/config.go: LoadConfig'],
  },
  messages: { exit: 'containerd does not start because of {file}.', cri: 'The CRI plugin is not loaded because of {file}.' },

  *check(context) {
    for (const problem of problemsHere(context, 'import-refused')) yield findingOf(problem, { key: problem.effect });
  },
};
