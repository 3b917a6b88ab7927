/** registry.mirrors and configs.tls put as hosts.toml files that lead to the same requests. */
import { pathClean } from '../go/path';
import { parseUrl } from '../go/url';
import { hostDirectory } from '../hosts/directory';
import { isLocalhost } from '../hosts/registryHost';
import { message, type Message } from '../text/message';
import { printString } from '../toml/lookup';

/** What config.toml says of registries, whatever release it is for. */
export interface LegacyRegistry {
  /** Image host, or `*`, to endpoints. */
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
  /** Host of an endpoint to its TLS settings. */
  readonly tls: ReadonlyMap<string, LegacyTls>;
}

export interface LegacyTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly skipVerify?: boolean;
}

export interface HostsFileText {
  /** The image host, or `*`. */
  readonly name: string;
  /** Folder below certs.d. */
  readonly folder: string;
  readonly text: string;
}

/**
 * One file for each image host that has a mirror, and for each that needs one to be asked as before: the endpoints of `*`, and the hosts
 * of configs.tls. registryEndpoints of the CRI plugin is what they follow.
 */
export function mirrorHostsFiles(registry: LegacyRegistry, note: (message: Message) => void): readonly HostsFileText[] {
  const names = new Set(registry.mirrors.keys());
  for (const endpoint of registry.mirrors.get('*') ?? []) {
    const address = addressOf(endpoint);
    if (address) names.add(address.host);
  }
  for (const host of registry.tls.keys()) for (const name of imageHosts(host)) names.add(name);
  return [...names].map((name) => fileOf(name, registry, note));
}

/** Images of docker.io come from registry-1.docker.io. */
function imageHosts(host: string): readonly string[] {
  return host === 'registry-1.docker.io' ? ['docker.io', host] : [host];
}

interface Address {
  readonly scheme: string;
  readonly host: string;
  /** As written: empty means /v2. */
  readonly path: string;
}

function fileOf(name: string, registry: LegacyRegistry, note: (message: Message) => void): HostsFileText {
  const addresses = addressesOf(name, registry, note);
  const upstream = name === '*' ? undefined : defaultAddress(name);
  const server = addresses.some(({ host }) => host === name) ? addresses.pop() : upstream;
  const isUnchecked = ({ scheme, host }: Address): boolean => isLocalhost(name) && scheme === 'http' && !registry.tls.has(host);
  for (const address of [...addresses, ...(server ? [server] : [])].filter(isUnchecked))
    note(message('migrate/loopback', { url: urlOf(address) }));
  const last = addresses.at(-1);
  const hosts = server && last && urlOf(last) === urlOf(server) ? addresses.slice(0, -1) : addresses;
  const parts = [
    ...(server ? [[`server = ${printString(urlOf(server))}`, ...traits(server, registry, note)].join('\n')] : []),
    ...hosts.map((address) =>
      [
        `[host.${printString(urlOf(address))}]`,
        '  capabilities = ["pull", "resolve"]',
        ...traits(address, registry, note).map((line) => `  ${line}`),
      ].join('\n'),
    ),
    ...(hosts.length === 0 ? ['[host]'] : []),
  ];
  // Up to 1.7.31 a file without a [host] table is dropped: an empty one is enough.
  return { name, folder: name === '*' ? '_default' : hostDirectory(name), text: `${parts.join('\n\n')}\n` };
}

/** The endpoints in their order, each URL once: it is the name of a table. */
function addressesOf(name: string, { mirrors }: LegacyRegistry, note: (message: Message) => void): Address[] {
  const endpoints = mirrors.get(name) ?? mirrors.get('*') ?? [];
  const byUrl = new Map<string, Address>();
  for (const endpoint of endpoints) {
    const address = addressOf(endpoint);
    if (!address) note(message('migrate/bad-endpoint', { endpoint, name }));
    else if (!byUrl.has(urlOf(address))) byUrl.set(urlOf(address), address);
    if (address && hasOwnPath(address) && !`${pathClean(address.path)}/`.includes('/v2/'))
      note(message('migrate/root-path', { endpoint, name }));
  }
  return [...byUrl.values()];
}

function addressOf(endpoint: string): Address | undefined {
  const parsed = parseUrl(endpoint.includes('://') ? endpoint : `${defaultScheme(endpoint.split('/', 1)[0] ?? '')}://${endpoint}`);
  if (!parsed.ok || parsed.url.host === '' || !/^https?$/.test(parsed.url.scheme)) return undefined;
  const { scheme, host, path } = parsed.url;
  return { scheme, host, path };
}

function defaultAddress(name: string): Address {
  const host = name === 'docker.io' ? 'registry-1.docker.io' : name;
  return { scheme: defaultScheme(host), host, path: '' };
}

function defaultScheme(host: string): string {
  return isLocalhost(host) ? 'http' : 'https';
}

function urlOf(address: Address): string {
  return `${address.scheme}://${address.host}${hasOwnPath(address) ? pathClean(address.path) : ''}`;
}

/** In mirrors a path is used as it is; hosts.toml puts /v2 behind it unless override_path is set. */
function hasOwnPath({ path }: Address): boolean {
  return path !== '' && pathClean(path) !== '/v2';
}

/** TLS settings only where there is TLS: an http address with some would be tried by https first. */
function traits(address: Address, { tls }: LegacyRegistry, note: (message: Message) => void): readonly string[] {
  const settings = address.scheme === 'https' ? tls.get(address.host) : undefined;
  return [...(settings ? tlsLines(settings, address.host, note) : []), ...(hasOwnPath(address) ? ['override_path = true'] : [])];
}

function tlsLines({ caFile = '', certFile = '', keyFile = '', skipVerify }: LegacyTls, host: string, note: (message: Message) => void) {
  const lines: string[] = [];
  if (caFile !== '') lines.push(`ca = ${printString(caFile)}`);
  if (certFile !== '' && keyFile !== '') lines.push(`client = [[${printString(certFile)}, ${printString(keyFile)}]]`);
  else if (certFile !== '' || keyFile !== '') note(message('migrate/half-pair', { host }));
  if (skipVerify === true) lines.push('skip_verify = true');
  return lines;
}
