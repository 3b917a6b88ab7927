/** What ConfigureHosts builds around each registry host: clients, authorizers, and which of them are shared. */
import type { GoUrl } from '../go/url';
import type { HostCapability, RegistryHost } from '../hosts/hostsFile';
import type { Authorizer } from './authorizer';
import { does } from './behaviours';
import type { Client } from './client';
import { flatten, type Headers } from './headers';
import type { HostsResult, PullContext } from './machine';
import type { LiveHost } from './request';

const defaultDialTimeoutMs = 30_000;

/**
 * Fresh ones: containerd builds them anew for resolve and for fetch, which is why a pull asks for its token twice, and why no connection
 * of the one serves the other.
 */
export function liveHosts(
  context: PullContext,
  { hosts, apart = false }: Extract<HostsResult, { ok: true }>,
  stage: 'resolve' | 'fetch',
): readonly LiveHost[] {
  const shared = newAuthorizer(context, newClient(context, undefined, stage), []);
  return hosts.map((host, index) => {
    const client = newClient(context, host, apart || hasOwnTransport(host) ? `${stage} ${index}` : stage);
    const own = apart || hasOwnClient(context, host);
    return { host, client, authorizer: own ? newAuthorizer(context, client, hostHeaders(context, host), host.host) : shared };
  });
}

/** dockerBase.filterHosts. */
export function withCapabilities(hosts: readonly LiveHost[], wanted: readonly HostCapability[]): readonly LiveHost[] {
  return hosts.filter(({ host }) => wanted.every((capability) => host.capabilities.includes(capability)));
}

/** What Fetch makes of a foreign URL: http.DefaultClient and nobody who authorizes. */
export function foreignHost(context: PullContext, { scheme, host, plainPath }: GoUrl): LiveHost {
  const registry: RegistryHost = {
    scheme,
    host,
    path: plainPath,
    capabilities: ['pull'],
    skipVerify: null,
    headers: {},
    tls: undefined,
    tryHttpsFirst: false,
    dialTimeoutMs: undefined,
  };
  return { host: registry, client: newClient(context, registry, 'default'), authorizer: undefined };
}

function newClient({ version, go }: PullContext, host: RegistryHost | undefined, transport: string): Client {
  return {
    version,
    go,
    tls: host?.tls,
    dialTimeoutMs: host?.dialTimeoutMs ?? defaultDialTimeoutMs,
    transport,
    fallback: host?.tryHttpsFirst === true ? { host: undefined } : undefined,
  };
}

function hasOwnClient({ version }: PullContext, host: RegistryHost): boolean {
  return hasOwnTransport(host) || (does(version, 'hostHeadersForTokens') && Object.keys(host.headers).length > 0);
}

function hasOwnTransport(host: RegistryHost): boolean {
  return host.tls !== undefined || host.skipVerify !== null || host.dialTimeoutMs !== undefined;
}

function newAuthorizer(
  { credentials, reference, headers, version, way }: PullContext,
  client: Client,
  own: Headers,
  endpoint?: string,
): Authorizer {
  // CRI hands its own headers to the authorizers of the local path only, since 2.1.
  const cri = does(version, 'hostHeadersForTokens') && way === 'cri-local' ? flatten(headers) : [];
  return {
    client,
    credentials: credentials && ((host) => credentials(host, endpoint)),
    headers: [...cri, ...own],
    scope: `repository:${reference.repository}:pull`,
    handlers: new Map(),
  };
}

function hostHeaders({ version }: PullContext, host: RegistryHost): Headers {
  return does(version, 'hostHeadersForTokens') ? flatten(host.headers) : [];
}
