/** golang.org/x/net/http/httpproxy, which http.ProxyFromEnvironment calls: which proxy a request goes through. */
import { hostname, parseUrl, portOf, type GoUrl } from './url';
import { parseIp, parseCidr, sameIp, isInside, isLoopback, type Ip } from './ip';

/** The proxy settings of a process, as its environment has them. */
export interface ProxySettings {
  readonly http: string;
  readonly https: string;
  readonly none: string;
}

export interface Proxy {
  /** `http`, `https`, `socks5`, or what Go takes for a scheme in a text that is no URL. */
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  /** As written in the URL; a secret. */
  readonly user: string | undefined;
}

/** FromEnvironment: upper case before lower case, the first that is not empty. */
export function proxySettings(env: ReadonlyMap<string, string>): ProxySettings {
  const first = (name: string): string => [name, name.toLowerCase()].map((one) => env.get(one) ?? '').find((text) => text !== '') ?? '';
  return { http: first('HTTP_PROXY'), https: first('HTTPS_PROXY'), none: first('NO_PROXY') };
}

/** ProxyFunc: undefined for a direct connection. A proxy text that Go cannot parse counts as none. */
export function proxyOf(settings: ProxySettings, url: string): Proxy | undefined {
  const parsed = parseUrl(url);
  if (!parsed.ok) return undefined;
  const { scheme, host } = parsed.url;
  const text = scheme === 'https' ? settings.https : scheme === 'http' ? settings.http : '';
  const proxy = text === '' ? undefined : parseProxy(text);
  if (!proxy || !usesProxy(settings.none, hostname(host), portOf(host) || (scheme === 'https' ? '443' : '80'))) return undefined;
  const port = portOf(proxy.host) || (defaultPorts.get(proxy.scheme) ?? '');
  return { scheme: proxy.scheme, host: hostname(proxy.host), port, user: proxy.user };
}

/** `http://squid.example:3128`: without its user. */
export function shownProxy({ scheme, host, port }: Proxy): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}${port === '' ? '' : `:${port}`}`;
}

const defaultPorts: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
  ['socks5', '1080'],
  ['socks5h', '1080'],
]);

/** parseProxy: without scheme or host, `http://` is tried before it. */
function parseProxy(text: string): GoUrl | undefined {
  const parsed = parseUrl(text);
  if (parsed.ok && parsed.url.scheme !== '' && parsed.url.host !== '') return parsed.url;
  const again = parseUrl(`http://${text}`);
  if (again.ok) return again.url;
  return parsed.ok ? parsed.url : undefined;
}

/** useProxy: never for localhost and loopback addresses, nor for what NO_PROXY names. */
function usesProxy(none: string, host: string, port: string): boolean {
  const ip = parseIp(host);
  if (host === 'localhost' || (ip && isLoopback(ip))) return false;
  const name = host.trim().toLowerCase();
  return !none.split(',').some((entry) => isExempt(entry.trim().toLowerCase(), { name, port, ip }));
}

interface Address {
  readonly name: string;
  readonly port: string;
  readonly ip: Ip | undefined;
}

/** One entry: `*`, a CIDR block, an address or a domain, the latter two with or without a port. */
function isExempt(entry: string, { name, port, ip }: Address): boolean {
  if (entry === '' || entry === '*') return entry === '*';
  const block = parseCidr(entry);
  if (block) return ip !== undefined && isInside(ip, block);
  const { host, port: wanted } = splitPort(entry);
  if (host === '' || (wanted !== undefined && wanted !== '' && wanted !== port)) return false;
  const address = parseIp(host);
  if (address || ip) return address !== undefined && ip !== undefined && sameIp(address, ip);
  const domain = host.startsWith('*.') ? host.slice(1) : host;
  return domain.startsWith('.') ? name.endsWith(domain) : name === domain || name.endsWith(`.${domain}`);
}

/** net.SplitHostPort; an entry it refuses is a host as a whole. */
function splitPort(entry: string): { readonly host: string; readonly port: string | undefined } {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry);
  if (!match) return { host: entry, port: undefined };
  return { host: match[1] ?? match[2] ?? '', port: match[3] };
}
