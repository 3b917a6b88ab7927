import { printString } from '../toml/lookup';
import { findingOf, fix, problemsHere } from './problems';
import type { ConfigRule } from './rule';

export const configImportMissing: ConfigRule = {
  id: 'config-import-missing',
  kind: 'config',
  doc: {
    title: 'An imported file is not there',
    why: `A plain name in \`imports\` must exist, otherwise containerd does not start. A pattern with \`*\` may match nothing. Relative names start at the folder of the importing file (patterns before 1.6.29 and 1.7.16: at the working directory of containerd, which finds nothing).

\`containerd config dump\` of 2.x hides a missing import, so it is no proof. Without \`--root\` a missing file is only a hint: the configuration may be meant for another machine.`,
    bad: `version = 3
imports = ["/etc/containerd/conf.d/registry.toml"]
`,
    good: `version = 3
imports = ["/etc/containerd/conf.d/*.toml"]
`,
    sources: ['containerd cmd/containerd/server/config/config.go: LoadConfig, resolveImports'],
  },
  messages: {
    missing: '"{import}" is not there. containerd does not start: "{text}".',
    unreadable: '{path} is no readable file. containerd does not start.',
    relative:
      '"{import}" is a relative pattern: containerd looks it up in its own working directory, not beside this file, and finds nothing. Write the whole path.',
    fix: 'Change to "{meant}"',
    here: '{path} is not on this machine. Where it is missing, containerd does not start.',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'import-missing')) yield findingOf(problem, { key: 'missing' });
    for (const problem of problemsHere(context, 'import-unreadable')) yield findingOf(problem, { key: 'unreadable' });
    for (const problem of problemsHere(context, 'import-relative')) {
      const meant = String(problem.args['meant']);
      const change = fix('config-import-missing', [{ range: problem.range, newText: printString(meant) }], false, { meant });
      yield findingOf(problem, { key: 'relative', fix: change });
    }
    for (const problem of problemsHere(context, 'import-not-here')) yield findingOf(problem, { key: 'here', severity: 'hint' });
  },
};
