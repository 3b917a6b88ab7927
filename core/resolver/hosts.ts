/** What ConfigureHosts builds around each registry host: clients, authorizers, and which of them are shared. */
import type { HostCapability, RegistryHost } from '../hosts/hostsFile';
import type { Authorizer } from './authorizer';
import { does } from './behaviours';
import type { Client, Headers } from './client';
import type { PullContext } from './machine';
import type { LiveHost } from './request';

const defaultDialTimeoutMs = 30_000;

/** Fresh ones: containerd builds them anew for resolve and for fetch, which is why a pull asks for its token twice. */
export function liveHosts(context: PullContext, hosts: readonly RegistryHost[]): readonly LiveHost[] {
  const shared = newAuthorizer(context, newClient(context, undefined), []);
  return hosts.map((host) => {
    const client = newClient(context, host);
    return { host, client, authorizer: hasOwnClient(context, host) ? newAuthorizer(context, client, hostHeaders(context, host)) : shared };
  });
}

/** dockerBase.filterHosts. */
export function withCapabilities(hosts: readonly LiveHost[], wanted: readonly HostCapability[]): readonly LiveHost[] {
  return hosts.filter(({ host }) => wanted.every((capability) => host.capabilities.includes(capability)));
}

/** Of a URL that no registry host stands behind: http.DefaultClient. */
export function plainClient(context: PullContext): Client {
  return newClient(context, undefined);
}

function newClient({ version, go }: PullContext, host: RegistryHost | undefined): Client {
  return {
    version,
    go,
    tls: host?.tls,
    dialTimeoutMs: host?.dialTimeoutMs ?? defaultDialTimeoutMs,
    fallback: host?.tryHttpsFirst === true ? { host: undefined } : undefined,
  };
}

function hasOwnClient({ version }: PullContext, host: RegistryHost): boolean {
  return (
    host.tls !== undefined ||
    host.skipVerify !== null ||
    host.dialTimeoutMs !== undefined ||
    (does(version, 'hostHeadersForTokens') && Object.keys(host.headers).length > 0)
  );
}

function newAuthorizer({ credentials, reference, headers, version, way }: PullContext, client: Client, own: Headers): Authorizer {
  // CRI hands its own headers to the authorizers of the local path only, since 2.1.
  const cri = does(version, 'hostHeadersForTokens') && way === 'cri-local' ? flatten(headers) : [];
  return { client, credentials, headers: [...cri, ...own], scope: `repository:${reference.repository}:pull`, handlers: new Map() };
}

function hostHeaders({ version }: PullContext, host: RegistryHost): Headers {
  return does(version, 'hostHeadersForTokens') ? flatten(host.headers) : [];
}

function flatten(headers: Readonly<Record<string, readonly string[]>>): Headers {
  return Object.entries(headers).flatMap(([name, values]) => values.map((value) => [name, value] as const));
}
