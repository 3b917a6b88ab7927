import { findingOf, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configLogSettings: ConfigRule = {
  id: 'config-log-settings',
  kind: 'config',
  doc: {
    title: 'debug.level or debug.format has a value containerd does not know',
    why: `An unknown level or format ends the start of containerd. Levels: trace, debug, info, warn, error, fatal, panic. Formats: text, json.`,
    bad: `version = 3

[debug]
  level = "verbose"
`,
    good: `version = 3

[debug]
  level = "debug"
`,
    sources: ['containerd cmd/containerd/command/main.go: setLogLevel, setLogFormat'],
  },
  messages: {
    level: '"{value}" is no log level. containerd does not start: "{text}".',
    format: '"{value}" is no log format. containerd does not start: "{text}".',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'log-level')) yield findingOf(problem, { key: 'level' });
    for (const problem of problemsHere(context, 'log-format')) yield findingOf(problem, { key: 'format' });
  },
};
