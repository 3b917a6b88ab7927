import { hostsFinding, hostsProblems, hostTables, advice, topLevel, writtenUrl, hostsFix } from './hostsProblems';
import { message, type Message } from '../text/message';
import type { HostEntry } from '../hosts/hostsFile';
import type { Finding, HostsContext, HostsRule } from './rule';

export const hostsBadUrl: HostsRule = {
  id: 'hosts-bad-url',
  kind: 'hosts',
  explains: ['bad-url'],
  doc: {
    title: 'An address is not a URL, or not the one that it looks like',
    why: `An address that Go cannot parse (a space, a port that is no number) drops the whole file. Others parse to something else: containerd puts \`https://\` in front of anything that does not start with the letters \`http\` and checks no scheme, so \`HTTPS://reg\` becomes a host called \`HTTPS:\`, and a name like \`http-mirror.local:5000\` becomes a URL without a host, which is a dead entry, or for \`server\` means the image's own registry.

User and password in the URL, the query and the fragment are dropped.`,
    bad: `[host."https://mirror.example.com:port"]
  capabilities = ["pull", "resolve"]
`,
    good: `[host."https://mirror.example.com:5000"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: parseHostConfig', 'Go net/url: Parse'],
  },
  messages: {
    bad: '"{url}" is no URL: {reason}. containerd drops this whole file and asks the registry itself.',
    'no-host': '"{url}" has no host as containerd reads it (scheme "{scheme}"), so {consequence}. Write https:// or http:// in front.',
    scheme: 'containerd knows http and https, in small letters: of "{url}" it makes the host "{host}", which nothing answers to.',
    'no-name': 'No host can be called "{host}": {consequence}. {hint}',
    'no-scheme': '"{url}" has no scheme: containerd uses https://. Write it out.',
    user: 'containerd drops the user name and password of a URL: the host is asked without them.',
    query: 'containerd drops the query and fragment of a URL: "{dropped}" has no effect.',
    fix: 'Write {near}',
    upstream: "the image's own registry is asked",
    fails: 'requests to it fail',
    twice: 'The address has "://" twice.',
    'no-wildcard': 'There is no wildcard in hosts.toml: the folder _default is for all registries.',
    form: 'Write it as https://host or https://host:port.',
  },

  *check(context) {
    for (const problem of hostsProblems(context, ['bad-url'])) yield hostsFinding(problem, { key: 'bad' });
    const top = topLevel(context);
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) yield* strange(context, entry);
  },
};

function* strange(context: HostsContext, entry: HostEntry): Iterable<Finding> {
  const url = writtenUrl(entry);
  const { scheme, host } = entry.host;
  if (url === '') return;
  if (host === '') {
    const consequence = message(entry.name === undefined ? 'hosts-bad-url/upstream' : 'hosts-bad-url/fails');
    yield advice(entry.range, 'warning', { key: 'no-host', args: { url, scheme, consequence } });
  } else if (/^[A-Z][A-Z0-9+.-]*:\/\//i.test(url) && !/^https?:\/\//.test(url)) {
    yield advice(entry.range, 'warning', { key: 'scheme', args: { url, host }, fix: lowerCase(context, entry, url) });
  } else if (!isHostName(host)) {
    const consequence = message('hosts-bad-url/fails');
    yield advice(entry.range, 'warning', { key: 'no-name', args: { host, consequence, hint: hintAt(url, host) } });
  } else if (!/^https?:\/\//.test(url) && isQuoted(context, entry)) yield advice(entry.range, 'info', { key: 'no-scheme', args: { url } });
  if (/^(?:https?:\/\/)?[^/?#]*@/.test(url)) yield advice(entry.range, 'warning', { key: 'user' });
  const tail = url.search(/[?#]/);
  if (tail >= 0) yield advice(entry.range, 'warning', { key: 'query', args: { dropped: url.slice(tail) } });
}

/** Without quotes it is cut at its dots, which hosts-unknown-key says. */
function isQuoted({ parsed }: HostsContext, { range }: HostEntry): boolean {
  return /["']/.test(parsed.document.text.charAt(range.start));
}

/** A name or address with its port, as a resolver could find it; other letters than ASCII are left to it. */
function isHostName(host: string): boolean {
  return !host.endsWith(':') && !/[\s*"<>()!$&',;=]/.test(host);
}

function hintAt(url: string, host: string): Message {
  if (url.split('://').length > 2) return message('hosts-bad-url/twice');
  return message(host.includes('*') ? 'hosts-bad-url/no-wildcard' : 'hosts-bad-url/form');
}

/** `HTTPS://` and the like, where the quotes are plain. */
function lowerCase({ parsed }: HostsContext, { range }: HostEntry, url: string): ReturnType<typeof hostsFix> | undefined {
  const match = /^(https?):\/\//i.exec(url);
  const written = parsed.document.text.slice(range.start + 1, range.end - 1);
  if (!match?.[1] || written !== url) return undefined;
  const near = match[1].toLowerCase();
  return hostsFix('hosts-bad-url', [{ range: { start: range.start + 1, end: range.start + 1 + near.length }, newText: near }], true, {
    near: `${near}://`,
  });
}
