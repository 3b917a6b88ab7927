import { hostsPathOf } from '../hosts/directory';
import { advice, hostsFix, hostTables, topLevel, writtenUrl } from './hostsProblems';
import type { HostsRule } from './rule';

/** Names that people give to Docker Hub; its registry answers at registry-1.docker.io. */
const notTheRegistry: ReadonlySet<string> = new Set([
  'docker.io',
  'www.docker.io',
  'hub.docker.com',
  'index.docker.io',
  'registry.docker.io',
  'www.docker.com',
]);

export const hostsDockerIoServer: HostsRule = {
  id: 'hosts-docker-io-server',
  kind: 'hosts',
  doc: {
    title: 'An address of Docker Hub that is not its registry',
    why: `Only for an image without configuration, or with a file that has no \`server\`, containerd turns \`docker.io\` into \`registry-1.docker.io\`. A \`server\` or \`[host]\` that names \`docker.io\` is taken literally, and what answers there is the web site. (containerd's own docs/hosts.md has it in one example.)`,
    bad: `server = "https://docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    good: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: ConfigureHosts'],
  },
  messages: {
    web: 'containerd asks {host} as it is written, and that is not where the registry of Docker Hub answers. Its address is https://registry-1.docker.io.',
    fix: 'Change to "https://registry-1.docker.io"',
  },

  *check(context) {
    const top = topLevel(context);
    const { text } = context.parsed.document;
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) {
      const { host } = entry.host;
      if (!notTheRegistry.has(host.replace(/:443$/, ''))) continue;
      const plain =
        /^["'](?:https?:\/\/)?[\w.]+(?::443)?\/?["']$/.test(text.slice(entry.range.start, entry.range.end)) && writtenUrl(entry) !== '';
      const edit = { range: entry.range, newText: '"https://registry-1.docker.io"' };
      const isHub = hostsPathOf(context.path, context.certsDirs).names[0] === 'docker.io';
      yield advice(entry.range, 'warning', {
        key: 'web',
        args: { host },
        fix: plain ? hostsFix('hosts-docker-io-server', [edit], isHub && entry.name === undefined) : undefined,
      });
    }
  },
};
