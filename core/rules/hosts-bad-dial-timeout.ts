import { hostsFinding, hostsFix, hostsProblems } from './hostsProblems';
import type { HostsRule } from './rule';

export const hostsBadDialTimeout: HostsRule = {
  id: 'hosts-bad-dial-timeout',
  kind: 'hosts',
  explains: ['bad-duration'],
  doc: {
    title: 'dial_timeout is no Go duration',
    why: `\`dial_timeout\` is a text like \`"3s"\`, \`"500ms"\` or \`"1m30s"\`. Without a unit, or with one that Go does not have, containerd drops the whole file. Releases before 2.0.7 do not know the key and ignore it.`,
    bad: `[host."https://mirror.example.com"]
  dial_timeout = "5"
`,
    good: `[host."https://mirror.example.com"]
  dial_timeout = "5s"
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig', 'Go time: ParseDuration'],
  },
  messages: {
    bad: '"{value}" is no duration ({reason}). containerd drops this whole file. Write it with a unit: "5s", "500ms".',
    fix: 'Take it as seconds: "{value}s"',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['bad-duration'])) {
      const value = String(problem.args['value']);
      const edit = { range: problem.range, newText: `"${value}s"` };
      const fix = /^\d+$/.test(value) ? hostsFix('hosts-bad-dial-timeout', [edit], false, { value }) : undefined;
      yield hostsFinding(problem, { key: 'bad', fix });
    }
  },
};
