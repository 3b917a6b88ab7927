/** Requests that leave the node through one interface: curl's on the node, as nothing else there can choose it. */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Proxy, proxyOf, type ProxySettings } from '../../core/go/proxy';
import { hostname, parseUrl, portOf } from '../../core/go/url';
import type { HttpOutcome, HttpRequest, NetFailure, Node, SendRequest } from '../../core/ports';
import { message, type Message } from '../../core/text/message';
import { quote } from '../../core/probes/quote';
import { NodeAddresses } from '../transport/nodeAddresses';
import { caBundles } from '../transport/nodeFiles';
import { told } from '../transport/sshDial';
import { transportHeaders } from './contentEncoding';
import { CurlAnswer, curlEnd, curlFailure } from './curlReply';
import type { Http } from './http';
import { refusalFor } from './led';
import { isSocks } from './proxy';
import { stopping } from './stopping';

export interface CurlOptions {
  readonly node: Node<Duplex>;
  readonly interface: string;
  /** Where a path of hosts.toml lies on the node. */
  readonly pathOf: (path: string) => string;
  readonly proxies: () => Promise<ProxySettings>;
  readonly limits?: Partial<typeof defaultLimits>;
}

const defaultLimits = { responseMs: 60_000, bodyMs: 15 * 60_000 };

/** More of an answer than this is not read: it travels as text. */
const maxBytes = { head: 1 << 20, digest: 40 << 20, none: 128 << 10 };

/** Why no request can be sent through that interface; undefined when one can. */
export async function curlRefusal(node: Node, name: string): Promise<Message | undefined> {
  const { stdout } = await node.run(
    `command -v curl >/dev/null 2>&1 || { echo no-tool curl; exit; }
command -v base64 >/dev/null 2>&1 || { echo no-tool base64; exit; }
[ -e /sys/class/net/${quote(name)} ] || { echo no-interface; ls /sys/class/net; }`,
    { timeoutMs: 20_000 },
  );
  const [first = '', ...others] = stdout.trim().split('\n');
  const tool = /^no-tool (\w+)$/.exec(first)?.[1];
  if (tool !== undefined) return message('replay-stopped/no-tool', { interface: name, tool });
  if (first !== 'no-interface') return undefined;
  const known = others.map((one) => one.replace(/[^\w.@:-]/g, '')).join(', ');
  return message('replay-stopped/no-interface', { interface: name, others: known });
}

/**
 * What differs from requests of our own: curl judges the server's certificate, with the node's CA bundle, hosts.toml's `ca`, `client` and
 * `skip_verify`, so the words about it are curl's, and each request is a connection of its own.
 */
export function createCurlHttp(options: CurlOptions): Http {
  let settings: Promise<ProxySettings> | undefined;
  const limits = { ...defaultLimits, ...options.limits };
  const addresses = new NodeAddresses(options.node);
  const send: SendRequest = async (request, cancellation) => {
    const started = performance.now();
    const proxy = proxyOf(await (settings ??= options.proxies()), request.url);
    const refusal = refusalOf(request);
    if (refusal) return failed(refusal, 0);
    const pinned = request.led === true && !proxy ? await pin(request.url, options.node, addresses) : [];
    if ('kind' in pinned) return failed(pinned, performance.now() - started);
    const answer = new CurlAnswer(request);
    const timeoutMs = request.want.body === 'digest' ? limits.bodyMs : limits.responseMs;
    const result = await options.node.run(curlScript(request, options.pathOf), {
      timeoutMs: timeoutMs + 5000,
      stdin: configLines([...curlConfig(request, options, proxy, timeoutMs), ...pinned]),
      onStdout: (chunk) => answer.push(chunk),
      ...(cancellation && { cancellation }),
    });
    const total = performance.now() - started;
    if (result.status === 'cancelled') return failed({ kind: 'cancelled' }, total);
    if (result.status === 'timeout') return answer.outcome(false, { kind: 'deadline' }, { total });
    const end = curlEnd(result.stderr);
    const failure = await curlFailure(end, {
      request,
      proxy,
      node: options.node,
      interface: options.interface,
      maxBytes: mostOf(request),
      afterMs: total,
    });
    return answer.outcome(failure === undefined, failure, { ...end.timings, total });
  };
  const http: Http = { send, apart: () => http, close: () => Promise.resolve() };
  return http;
}

function failed(failure: NetFailure, total: number): HttpOutcome {
  return { ok: false, failure, timings: { total } };
}

/** A name that a registry chose: curl connects to the addresses that were looked at, and to nothing else. */
async function pin(url: string, node: Node, addresses: NodeAddresses<Duplex>): Promise<readonly Setting[] | NetFailure> {
  const parsed = parseUrl(url);
  if (!parsed.ok) return [];
  const host = hostname(parsed.url.host);
  const port = Number(portOf(parsed.url.host) || (parsed.url.scheme === 'http' ? 80 : 443));
  const found = await addresses.of(host);
  if (found.length === 0) return told(node, 'Could not resolve host', host, port, 0);
  const refused = found.map(refusalFor(host)).find((one) => one !== undefined);
  return refused ?? [['resolve', `${host}:${port}:${found.map((one) => (isIP(one) === 6 ? `[${one}]` : one)).join(',')}`]];
}

/** What would be another request in curl's hands. */
function refusalOf({ headers, url, tls }: HttpRequest): NetFailure | undefined {
  const odd = headers.find(([name, value]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\0\r\n]/.test(value));
  if (odd) return { kind: 'unavailable', reason: `net/http: invalid header field ${JSON.stringify(odd[0])}` };
  if (!/^https?:\/\/[^/\s\0][^\s\0]*$/.test(url))
    return { kind: 'unavailable', reason: `${JSON.stringify(url)} is no http or https URL with a host` };
  return tls?.serverName === undefined ? undefined : stopping('server-name', {});
}

/**
 * The configuration of curl comes on descriptor 5: nothing of a request is in an argument list. What it writes goes to descriptor 8, apart
 * from its own words; of those only lines pass that hold no header. CA files of hosts.toml come on stdin, behind the system's: Go's pool has both.
 */
function curlScript(request: HttpRequest, pathOf: CurlOptions['pathOf']): string {
  const own = request.tls && !request.tls.skipVerify ? request.tls.caFiles.map((path) => quote(pathOf(path))) : [];
  return `exec 5<&0
ask() { curl -q -K /dev/fd/5 3>&1 >&2; echo "crb-exit $?" >&2; }
bundle() { for f in ${caBundles.join(' ')}; do [ -r "$f" ] && { cat "$f"; break; }; done; cat ${own.join(' ')}; }
{ ${own.length > 0 ? 'bundle | ask' : 'ask </dev/null'} 2>&1 >&8 | grep -E '^(crb-|curl: |[*] +Trying |[*] connect to )' >&2; } 8>&1 | head -c ${mostOf(request)} | base64`;
}

function mostOf({ want }: HttpRequest): number {
  switch (want.body) {
    case 'none':
      return maxBytes.none;
    case 'text':
      return maxBytes.head + want.maxBytes;
    case 'digest':
      return maxBytes.digest;
  }
}

type Setting = readonly [name: string, value?: string | number];

/** curl_easy_setopt in the words of curl(1), one a line. A password may follow the path of a certificate behind a colon. */
function curlConfig(
  request: HttpRequest,
  { interface: name, pathOf }: CurlOptions,
  proxy: Proxy | undefined,
  timeoutMs: number,
): readonly Setting[] {
  const { method, url, headers, body, tls, dialTimeoutMs } = request;
  const client = tls?.clientCertificates[0];
  return [
    ['url', url],
    ['interface', `if!${name}`],
    ...['silent', 'show-error', 'verbose', 'http1.1', 'globoff', 'path-as-is'].map((one) => [one] as const),
    ['output', '/dev/fd/3'],
    ['write-out', 'crb-times %{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer}\n'],
    ['connect-timeout', seconds(dialTimeoutMs > 0 ? dialTimeoutMs : 30_000)],
    ['max-time', seconds(timeoutMs)],
    [method === 'HEAD' ? 'head' : 'include'],
    ...(method === 'POST' ? [['data-binary', body ?? ''] as const] : []),
    ...headerSettings([...headers, ...transportHeaders(request)]),
    ...(tls?.skipVerify ? [['insecure'] as const] : tls?.caFiles.length ? [['cacert', '/dev/stdin'] as const] : []),
    ...(client ? [['cert', pathOf(client.cert).replace(/[\\:]/g, '\\$&')] as const, ['key', pathOf(client.key)] as const] : []),
    ...proxySettingsOf(proxy),
  ];
}

/** The way of a request in curl's configuration: by this proxy, or directly whatever the environment says. It may hold a password. */
export function curlWay(proxy: Proxy | undefined): string {
  return configLines(proxySettingsOf(proxy));
}

function configLines(settings: readonly Setting[]): string {
  return settings.map(([option, value]) => `${option}${value === undefined ? '' : ` = ${configText(String(value))}`}\n`).join('');
}

/** The headers of the request, and none of curl's own. `Name;` is how curl sends one without a value. */
function headerSettings(headers: HttpRequest['headers']): readonly Setting[] {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const own = ['User-Agent', 'Accept', 'Content-Type', 'Expect', 'Proxy-Connection'].filter((name) => !given.has(name.toLowerCase()));
  return [
    ...headers.map(([name, value]) => ['header', value === '' ? `${name};` : `${name}: ${value}`] as const),
    ...own.map((name) => ['header', `${name}:`] as const),
  ];
}

/** Names are resolved by a SOCKS proxy, as with Go. */
function proxySettingsOf(proxy: Proxy | undefined): readonly Setting[] {
  if (!proxy) return [['noproxy', '*']];
  const scheme = isSocks(proxy) ? 'socks5h' : proxy.scheme === 'https' ? 'https' : 'http';
  // As a URL, like in the environment that it comes from, a recording knows it again without the password; curl decodes it as Go does.
  const user = proxy.user?.replace(/[^\w.~:%-]/g, (char) => encodeURIComponent(char).replace("'", '%27'));
  const login = user === undefined ? '' : `${user}@`;
  return [
    ['noproxy', ''],
    ['proxy', `${scheme}://${login}${proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host}:${proxy.port}`],
    ['suppress-connect-headers'],
  ];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** A quoted value of curl's configuration: curl(1), `--config`. */
function configText(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };
  return `"${text.replace(/[\\"\n\r\t\v]/g, (char) => escapes[char] ?? char)}"`;
}
