/** CRI's legacy mirrors (`registry.mirrors`): registryHosts and registryEndpoints of the CRI plugin, used when config_path is empty. */
import { quote } from '../go/quote';
import { parseUrl } from '../go/url';
import type { RegistryHost } from '../hosts/hostsFile';
import { isLocalhost } from '../hosts/registryHost';
import { satisfies, type Version } from '../versions/versions';
import type { HostsResult } from './machine';

export interface MirrorSettings {
  /** Image host, or `*`, to endpoints. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** `registry.configs."HOST".tls`, 1.x only. */
  readonly tls: Readonly<
    Record<
      string,
      { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string; readonly insecureSkipVerify?: boolean } | undefined
    >
  >;
}

export function mirrorHosts(namespace: string, settings: MirrorSettings, version: Version): HostsResult {
  const hosts: RegistryHost[] = [];
  for (const endpoint of registryEndpoints(namespace, settings)) {
    const parsed = parseUrl(endpoint);
    if (!parsed.ok) return { ok: false, error: `get registry endpoints: parse endpoint url: ${parsed.error}` };
    const { scheme, host, path } = parsed.url;
    const tls = satisfies(version, '<2.0.0') && Object.hasOwn(settings.tls, host) ? settings.tls[host] : undefined;
    const problem = tls && keyProblem(tls);
    if (problem !== undefined) return { ok: false, error: `get TLSConfig for registry ${quote(endpoint)}: ${problem}` };
    const skipVerify = tls?.insecureSkipVerify === true || (isLocalhost(namespace) && scheme === 'http');
    hosts.push({
      scheme,
      host,
      path: path === '' ? '/v2' : path,
      capabilities: ['pull', 'resolve'],
      skipVerify: null,
      headers: {},
      tls:
        tls || skipVerify
          ? {
              skipVerify,
              caFiles: tls?.caFile === undefined ? [] : [tls.caFile],
              clientCertificates:
                tls?.certFile !== undefined && tls.keyFile !== undefined ? [{ cert: tls.certFile, key: tls.keyFile }] : [],
            }
          : undefined,
      tryHttpsFirst: false,
      dialTimeoutMs: undefined,
    });
  }
  return { ok: true, hosts };
}

/** The image's own registry comes last, unless an endpoint has its name. */
function registryEndpoints(namespace: string, { mirrors }: MirrorSettings): readonly string[] {
  const written = Object.hasOwn(mirrors, namespace) ? mirrors[namespace] : Object.hasOwn(mirrors, '*') ? mirrors['*'] : undefined;
  const endpoints = (written ?? []).map((endpoint) =>
    endpoint.includes('://') ? endpoint : `${defaultScheme(endpoint.split('/', 1)[0] ?? '')}://${endpoint}`,
  );
  const named = endpoints.some((endpoint) => {
    const parsed = parseUrl(endpoint);
    return parsed.ok && parsed.url.host === namespace;
  });
  const own = namespace === 'docker.io' ? 'registry-1.docker.io' : namespace;
  return named ? endpoints : [...endpoints, `${defaultScheme(own)}://${own}`];
}

function defaultScheme(host: string): string {
  return isLocalhost(host) ? 'http' : 'https';
}

/** getTLSConfig of 1.x: half a key pair. */
function keyProblem({ certFile = '', keyFile = '' }: NonNullable<MirrorSettings['tls'][string]>): string | undefined {
  if (certFile !== '' && keyFile === '') return `cert file ${quote(certFile)} was specified, but no corresponding key file was specified`;
  return certFile === '' && keyFile !== ''
    ? `key file ${quote(keyFile)} was specified, but no corresponding cert file was specified`
    : undefined;
}
