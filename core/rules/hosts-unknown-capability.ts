import { hostsKeys } from '../schema/hostsKeys';
import { closest } from '../text/closest';
import { hostsFinding, hostsFix, hostsProblems } from './hostsProblems';
import type { HostsRule } from './rule';

const allWords = hostsKeys.find(({ name }) => name === 'capabilities')?.values ?? [];

/** What people write for every capability. */
const everything: ReadonlySet<string> = new Set(['all', '*', 'any', 'full']);

export const hostsUnknownCapability: HostsRule = {
  id: 'hosts-unknown-capability',
  kind: 'hosts',
  explains: ['unknown-capability'],
  doc: {
    title: 'A host lists a capability containerd does not know',
    why: `containerd rejects the whole file, logs \`unknown capability\`, and goes on as if it held no hosts: every mirror in it is skipped, and the registry itself is asked.

\`pull\`, \`resolve\` and \`push\` are known to all releases, in any case, \`referrers\` since 2.2.0 only.`,
    bad: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolv"]
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig, loadHostDir'],
  },
  messages: {
    unknown: 'Unknown capability "{value}". containerd drops this whole file and asks the registry itself. It knows {known}.',
    all: 'No capability is called "{value}": containerd drops this whole file and asks the registry itself. For all of them leave "capabilities" out.',
    later:
      'The capability "{value}" is known from containerd {since} on; this release drops the whole file because of it. It knows {known}.',
    fix: 'Change to "{near}"',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['unknown-capability'])) {
      const written = String(problem.args['value']);
      const later = allWords.find(({ value }) => value === written.toLowerCase());
      const near = closest(written.trim(), String(problem.args['known']).split(', '));
      const edit = { range: problem.range, newText: `"${near ?? ''}"` };
      yield hostsFinding(problem, {
        key: later ? 'later' : everything.has(written.toLowerCase()) ? 'all' : 'unknown',
        args: { since: later?.releases.replace('>=', '') ?? '' },
        fix:
          near === undefined || later || everything.has(written.toLowerCase())
            ? undefined
            : hostsFix('hosts-unknown-capability', [edit], true, { near }),
      });
    }
  },
};
