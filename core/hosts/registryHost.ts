/** hosts.go ConfigureHosts, its second half: from the kept table to the RegistryHost that requests are made from. */
import { splitHostPort } from '../go/path';
import type { TlsSettings } from '../ports';
import { satisfies, type Version } from '../versions/versions';
import { allCapabilities, type HostConfig } from './hostConfig';
import type { RegistryHost } from './hostsFile';

export interface HostOptions {
  /** `ctr --plain-http` and the transfer service's resolver may set one. */
  readonly defaultScheme?: string;
  /** Whether the caller brings TLS settings of its own: `ctr --skip-verify`, `--tlscacert`. CRI does not. */
  readonly defaultTls?: boolean;
}

export function registryHost(config: HostConfig, version: Version, options: HostOptions = {}): RegistryHost {
  const tls = tlsSettings(config);
  const tryHttpsFirst =
    config.scheme === 'http' && (options.defaultTls === true || hasTls(config, version)) && guessesHttps(config.host, version);
  return {
    scheme: tryHttpsFirst ? 'https' : config.scheme,
    host: config.host,
    path: config.path,
    capabilities: config.capabilities,
    skipVerify: config.skipVerify ?? null,
    headers: config.header ?? {},
    tls,
    tryHttpsFirst,
    dialTimeoutMs: config.dialTimeoutMs,
  };
}

/** hosts.go ConfigureHosts: the host that the image's own registry gets when the last entry names none. */
export function withDefaultHost(config: HostConfig, namespace: string, version: Version, options: HostOptions = {}): HostConfig {
  const base = { ...config, path: '/v2', capabilities: allCapabilities(version) };
  if (namespace === 'docker.io') return { ...base, scheme: 'https', host: 'registry-1.docker.io' };
  if (isLocalhost(namespace) && satisfies(version, '>=1.6.9')) return localHost(base, namespace, version, options);
  return { ...base, scheme: options.defaultScheme ?? 'https', host: namespace };
}

/** Port 443 or none means https, 80 http, any other is tried both ways; nothing is verified. Before 1.6.25 and 1.7.7 always http. */
function localHost(base: HostConfig, host: string, version: Version, { defaultScheme }: HostOptions): HostConfig {
  if (satisfies(version, '<1.6.25 || >=1.7.0 <1.7.7')) {
    const scheme = defaultScheme ?? 'http';
    return { ...base, host, scheme, ...(scheme === 'http' ? { skipVerify: true } : {}) };
  }
  if (defaultScheme !== undefined) return { ...base, host, scheme: defaultScheme };
  const { port } = splitHostPort(host);
  return { ...base, host, scheme: port === '' || port === '443' ? 'https' : 'http', ...(port === '80' ? {} : { skipVerify: true }) };
}

/** docker.IsLocalhost (remotes/docker/registry.go): the name, or an address that Go calls a loopback. */
export function isLocalhost(hostPort: string): boolean {
  const { host } = splitHostPort(hostPort);
  const name = host === '' ? hostPort : host;
  if (name === 'localhost') return true;
  const octets = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(name);
  if (octets) return octets.slice(1).every((octet) => Number(octet) <= 255 && String(Number(octet)) === octet);
  return isLoopback6(name);
}

/** `::1` in any spelling. */
function isLoopback6(address: string): boolean {
  const groups = address.split(':');
  const zeros = groups.slice(0, -1).every((group) => /^0{0,4}$/.test(group));
  const whole = groups.length === 8 ? !groups.includes('') : address.split('::').length === 2 && groups.length < 9;
  return zeros && whole && /^0{0,3}1$/.test(groups.at(-1) ?? '') && !address.includes(':::');
}

/** Since 2.0.7 a dial_timeout alone counted too, until 2.1.0 told the two apart. */
function hasTls({ caCerts, clientPairs, skipVerify, dialTimeoutMs }: HostConfig, version: Version): boolean {
  const explicit = caCerts !== undefined || clientPairs !== undefined || skipVerify !== undefined;
  return explicit || (dialTimeoutMs !== undefined && satisfies(version, '>=2.0.7 <2.1.0'));
}

/** The ports for which an http address with TLS settings is tried by https first: since 1.6.25 and 1.7.7. */
function guessesHttps(host: string, version: Version): boolean {
  const { port } = splitHostPort(host);
  if (satisfies(version, '<1.6.25 || >=1.7.0 <1.7.7')) return false;
  if (satisfies(version, '=1.7.7')) return true;
  // A URL without a port is left alone in 1.6 and, up to 1.7.23, in 1.7.
  return port !== '80' && (port !== '' || satisfies(version, '>=1.7.24'));
}

function tlsSettings({ caCerts, clientPairs, skipVerify }: HostConfig): TlsSettings | undefined {
  if (caCerts === undefined && clientPairs === undefined && skipVerify === undefined) return undefined;
  return {
    skipVerify: skipVerify ?? false,
    caFiles: (caCerts ?? []).map(({ path }) => path),
    clientCertificates: (clientPairs ?? []).map(({ cert, key }) => ({ cert: cert.path, key: (key ?? cert).path })),
  };
}
