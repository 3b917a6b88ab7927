import { hostDirectory, hostOfFolder, hostsPathOf } from '../hosts/directory';
import type { HostEntry } from '../hosts/hostsFile';
import { advice, hostTables, topLevel } from './hostsProblems';
import { isWellKnown } from './registryTables';
import type { HostsContext, HostsRule } from './rule';

export const hostsTlsNotInherited: HostsRule = {
  id: 'hosts-tls-not-inherited',
  kind: 'hosts',
  doc: {
    title: 'TLS settings of server do not count for a host, nor the other way round',
    why: `\`ca\`, \`client\` and \`skip_verify\` above the first header belong to \`server\` alone, those below a \`[host]\` header to that host alone: nothing is inherited. Where both are the same address, it is asked twice, the second time without the settings, and the error of that second attempt may be the one that is shown.`,
    bad: `server = "https://registry.example.com"

[host."https://registry.example.com"]
  capabilities = ["pull", "resolve"]
  skip_verify = true
`,
    good: `server = "https://registry.example.com"
skip_verify = true

[host."https://registry.example.com"]
  capabilities = ["pull", "resolve"]
  skip_verify = true
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostsFile'],
  },
  messages: {
    host: '"{keys}" of the host {url} does not count for "server", which is the same address and is asked once more without it.',
    server: '"{keys}" at the top belongs to "server" only: the host {url} is the same address and is asked without it first.',
    default:
      '"{keys}" of the host {url} does not count for the last attempt: without "server", {host} is asked once more as the registry of the image, without it. Set "server" to the same address, with the same settings above the first header.',
    mirror:
      '"{keys}" at the top belongs to "server" only, and here there is no "server": it counts for the image\'s own registry, not for {url}.',
    public:
      '"{keys}" at the top belongs to "server" only, which is {host}, a public registry: it does not count for {url}. For that host it stands below its header.',
  },

  *check(context) {
    const top = topLevel(context);
    if (!top) return;
    const ofTop = settings(top);
    const hosts = hostTables(context);
    for (const entry of hosts) {
      const ofHost = settings(entry);
      if (!isSame(entry, top) || ofHost.length > 0 === ofTop.length > 0) continue;
      const keys = (ofHost.length > 0 ? ofHost : ofTop).join('", "');
      yield advice(entry.range, 'warning', { key: ofHost.length > 0 ? 'host' : 'server', args: { keys, url: entry.name } });
    }
    for (const entry of top.host.host === '' ? hosts : []) {
      const keys = settings(entry);
      if (keys.length === 0 || entry.host.scheme !== 'https' || !isRegistryItself(entry, context)) continue;
      yield advice(entry.range, 'warning', { key: 'default', args: { keys: keys.join('", "'), url: entry.name, host: entry.host.host } });
    }
    const [first] = hosts;
    const field = top.fields.get(ofTop[0] ?? '');
    if (!first || !field || hosts.some((entry) => settings(entry).length > 0 || entry.host.scheme !== 'https')) return;
    const args = { keys: ofTop.join('", "'), url: first.name, host: top.host.host };
    if (top.host.host === '') yield advice(field.key.range, 'warning', { key: 'mirror', args });
    else if (isWellKnown(top.host.host) && hosts.every(({ host }) => isOwn(host.host))) {
      yield advice(field.key.range, 'warning', { key: 'public', args });
    }
  },
};

/** An address that no public registry has: another port than 443, an IP, or a name that only a network of one's own resolves. */
function isOwn(host: string): boolean {
  const [, name = '', port = '443'] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? [];
  return port !== '443' || /^\[|^[\d.]+$|^[^.]*$|\.(?:local|localdomain|internal|intranet|lan|home|corp)$/i.test(name);
}

/** Whether the folder is that of this very host: by the file's own path, or by where its certificates lie. */
function isRegistryItself({ host, table }: HostEntry, { path, certsDirs, parsed }: HostsContext): boolean {
  const [folder = ''] = hostsPathOf(path, certsDirs).names;
  const own = parsed.document.text.slice(table.range.start, Math.min(table.range.end, table.range.start + 4000));
  return (
    hostOfFolder(folder) === host.host || own.includes(`/certs.d/${host.host}/`) || own.includes(`/certs.d/${hostDirectory(host.host)}/`)
  );
}

function settings({ fields }: HostEntry): readonly string[] {
  return ['ca', 'client', 'skip_verify'].filter((key) => fields.has(key));
}

function isSame(a: HostEntry, b: HostEntry): boolean {
  return (
    a.host.host !== '' &&
    a.host.scheme === 'https' &&
    b.host.scheme === 'https' &&
    a.host.host === b.host.host &&
    a.host.path === b.host.path
  );
}
