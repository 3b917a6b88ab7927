import { criTables } from '../config/criProblems';
import { entriesAt } from '../config/settings';
import { findingOf, fix, problemsHere } from './problems';
import { inside } from './registryTables';
import type { ConfigRule } from './rule';

export const configSystemdCgroup: ConfigRule = {
  id: 'config-systemd-cgroup',
  kind: 'config',
  doc: {
    title: 'SystemdCgroup is not where runc looks, or no boolean',
    why: `\`SystemdCgroup\` is an option of runc: it belongs into \`containerd.runtimes.runc.options\`, as \`true\` without quotes. Anywhere else it is ignored, and kubelet and runc then use different cgroup drivers. A string is not refused at start but when the first pod is created.`,
    bad: `version = 3

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
  SystemdCgroup = "true"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
  SystemdCgroup = true
`,
    sources: ['containerd internal/cri/config/config.go: GenerateRuntimeOptions', 'containerd api/types/runc/options'],
  },
  messages: {
    place: '"{key}" has no effect here. It belongs into the table containerd.runtimes.<name>.options.',
    string: 'SystemdCgroup must be true or false without quotes: with this string no pod can be created.',
    fix: 'Write {value}',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'systemd-cgroup-place')) yield findingOf(problem, { key: 'place' });
    const { file, version } = context;
    const { runtime } = criTables(file.settings.plugins, version, file.configVersion);
    for (const handler of entriesAt(runtime, ['containerd', 'runtimes'], version).values()) {
      const option = inside(handler, ['options', 'SystemdCgroup'], context);
      if (!option || option.source !== context.path || option.value.kind === 'boolean' || option.value.kind === 'invalid') continue;
      const value =
        option.value.kind === 'string' && /^(?:true|false)$/i.test(option.value.value) ? option.value.value.toLowerCase() : undefined;
      const change =
        value === undefined ? {} : { fix: fix('config-systemd-cgroup', [{ range: option.value.range, newText: value }], true, { value }) };
      yield { range: option.value.range, severity: 'warning', key: 'string', args: {}, ...change };
    }
  },
};
