/** CRI's legacy registry tables (`registry.mirrors`, `registry.configs`): what the CRI plugin's own pull uses while config_path is empty. */
import { quote } from '../go/quote';
import { parseUrl, type GoUrl } from '../go/url';
import type { RegistryHost } from '../hosts/hostsFile';
import { isLocalhost } from '../hosts/registryHost';
import { keyPairProblem, readPem } from '../hosts/tlsFiles';
import type { ConfigTree, TlsSettings } from '../ports';
import { satisfies, type Version } from '../versions/versions';
import type { HostsResult } from './machine';

export interface MirrorSettings {
  /** Image host, or `*`, to endpoints. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** `registry.configs."HOST".tls`, 1.x only. */
  readonly tls: Readonly<Record<string, MirrorTls | undefined>>;
}

interface MirrorTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly insecureSkipVerify?: boolean;
}

/** registryHosts of the CRI plugin (internal/cri/server/images/image_pull.go). */
export function mirrorHosts(namespace: string, settings: MirrorSettings, version: Version, tree: ConfigTree): HostsResult {
  const endpoints = registryEndpoints(namespace, settings);
  if (!endpoints.ok) return { ok: false, error: `get registry endpoints: parse endpoint url: ${endpoints.error}` };
  const hosts: RegistryHost[] = [];
  for (const { text, url } of endpoints.endpoints) {
    const own = satisfies(version, '<2.0.0') && Object.hasOwn(settings.tls, url.host) ? settings.tls[url.host] : undefined;
    const problem = own && tlsConfigProblem(own, tree);
    if (problem !== undefined) return { ok: false, error: `get TLSConfig for registry ${quote(text)}: ${problem}` };
    hosts.push({
      scheme: url.scheme,
      host: url.host,
      path: url.plainPath === '' ? '/v2' : url.plainPath,
      capabilities: ['pull', 'resolve'],
      skipVerify: null,
      headers: {},
      tls: own ? tlsSettings(own) : isLocalhost(namespace) && url.scheme === 'http' ? tlsSettings({ insecureSkipVerify: true }) : undefined,
      tryHttpsFirst: false,
      dialTimeoutMs: undefined,
    });
  }
  return { ok: true, hosts, apart: true };
}

interface Endpoint {
  readonly text: string;
  readonly url: GoUrl;
}

type Endpoints = { readonly ok: true; readonly endpoints: readonly Endpoint[] } | { readonly ok: false; readonly error: string };

/** The image's own registry comes last, unless an endpoint has its name. */
function registryEndpoints(namespace: string, { mirrors }: MirrorSettings): Endpoints {
  const written = Object.hasOwn(mirrors, namespace) ? mirrors[namespace] : Object.hasOwn(mirrors, '*') ? mirrors['*'] : undefined;
  const own = namespace === 'docker.io' ? 'registry-1.docker.io' : namespace;
  const endpoints: Endpoint[] = [];
  for (const text of [...(written ?? []), `${defaultScheme(own)}://${own}`]) {
    const full = addDefaultScheme(text);
    if (!full.ok) return full;
    const parsed = parseUrl(full.text);
    if (!parsed.ok) return parsed;
    endpoints.push({ text: full.text, url: parsed.url });
  }
  const listed = endpoints.slice(0, -1);
  return { ok: true, endpoints: listed.some(({ url }) => url.host === namespace) ? listed : endpoints };
}

function addDefaultScheme(endpoint: string): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string } {
  if (endpoint.includes('://')) return { ok: true, text: endpoint };
  const parsed = parseUrl(`dummy://${endpoint}`);
  return parsed.ok ? { ok: true, text: `${defaultScheme(parsed.url.host)}://${endpoint}` } : parsed;
}

function defaultScheme(host: string): string {
  return isLocalhost(host) ? 'http' : 'https';
}

function tlsSettings({ caFile = '', certFile = '', keyFile = '', insecureSkipVerify = false }: MirrorTls): TlsSettings {
  return {
    skipVerify: insecureSkipVerify,
    caFiles: caFile === '' ? [] : [caFile],
    clientCertificates: certFile === '' || keyFile === '' ? [] : [{ cert: certFile, key: keyFile }],
  };
}

/** getTLSConfig of 1.x. A CA file without a certificate is as good as none to it. */
function tlsConfigProblem({ caFile = '', certFile = '', keyFile = '' }: MirrorTls, tree: ConfigTree): string | undefined {
  if (certFile !== '' && keyFile === '') return `cert file ${quote(certFile)} was specified, but no corresponding key file was specified`;
  if (certFile === '' && keyFile !== '') return `key file ${quote(keyFile)} was specified, but no corresponding cert file was specified`;
  const pair = certFile === '' ? undefined : loadX509KeyPair(tree, certFile, keyFile);
  if (pair !== undefined) return `failed to load cert file: ${pair}`;
  const ca = caFile === '' ? undefined : readError(readPem(tree, { path: caFile, absolute: true }));
  return ca === undefined ? undefined : `failed to load CA file: ${ca}`;
}

function loadX509KeyPair(tree: ConfigTree, certFile: string, keyFile: string): string | undefined {
  const [cert, key] = [certFile, keyFile].map((path) => readPem(tree, { path, absolute: true }));
  const unread = readError(cert) ?? readError(key);
  if (unread !== undefined || !cert || !key || 'reason' in cert || 'reason' in key) return unread;
  return keyPairProblem(cert, key);
}

/** What we may not read containerd may: it is root. */
function readError(read: ReturnType<typeof readPem>): string | undefined {
  return read && 'reason' in read && read.judged && read.kind !== 'denied' ? read.reason : undefined;
}
