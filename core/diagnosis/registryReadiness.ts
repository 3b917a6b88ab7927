/** What one GET of `/v2/` says about the way to a registry: name, connection, TLS, answer. */
import { failureText } from '../go/netErrors';
import { shownProxy, type Proxy } from '../go/proxy';
import { isIpAddress } from '../go/url';
import type { HttpOutcome, NetFailure } from '../ports';
import type { CheckDocument } from '../protocol/ready';
import { transportClass } from '../resolver/verdict';
import type { MessageArgs } from '../text/message';
import { goOf } from '../versions/goBuilds';
import { newestVersion } from '../versions/versions';
import { checkOf, type CheckKind } from './readiness/check';
import { dnsKind, tcpKind, tlsKind, versionKind, wayKind } from './readiness/registryKinds';

export interface RegistryTarget {
  /** As the person wrote it. */
  readonly registry: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Ends in `/v2/`. */
  readonly url: string;
  /** As image references name it: the folder of its own hosts.toml. Undefined where a path stands behind it, as only a mirror has one. */
  readonly namespace: string | undefined;
}

/** A bare host means https; a URL may name scheme, port and a path before `/v2/`. Undefined when it is neither. */
export function registryTarget(registry: string): RegistryTarget | undefined {
  const match = /^(?:(https?):\/\/)?(\[[\da-f:.]{2,45}\]|[\w.-]{1,253})(?::(\d{1,5}))?(\/[^?#\s]{0,500})?$/i.exec(registry.trim());
  if (!match) return undefined;
  const scheme = match[1]?.toLowerCase() === 'http' ? 'http' : 'https';
  // containerd asks Docker Hub under this name (docker.DefaultHost).
  const host = match[2] === 'docker.io' ? 'registry-1.docker.io' : (match[2] ?? '');
  const port = Number(match[3] ?? (scheme === 'http' ? 80 : 443));
  if (port < 1 || port > 65535) return undefined;
  const path = (match[4] ?? '').replace(/\/$/, '').replace(/\/v2$/, '');
  const authority = match[3] === undefined ? host : `${host}:${match[3]}`;
  const namespace = path === '' ? authority.replace(/^registry-1\.docker\.io$/, 'docker.io') : undefined;
  return { registry, scheme, host: host.replace(/^\[|\]$/g, ''), port, url: `${scheme}://${authority}${path}/v2/`, namespace };
}

/** `proxy`: what the request went through, as it goes for containerd on the node; then name and connection are the proxy's. */
export function registryChecks(target: RegistryTarget, outcome: HttpOutcome, proxy?: Proxy): readonly CheckDocument[] {
  const { registry, host, port, url, scheme, namespace = host } = target;
  const reason = outcome.ok ? '' : reasonText(outcome.failure);
  const docs = pageOf(outcome);
  const through = { proxy: proxy ? shownProxy(proxy) : '', proxyHost: proxy?.host ?? '' };
  const args = { host, port, url, namespace, reason, before: '', status: outcome.ok ? outcome.status : 0, ...(proxy && through) };
  const say = (kind: CheckKind, key: string, more: MessageArgs = {}) =>
    checkOf(kind, registry, key, { ...args, ...more }, reason || evidence(outcome), docs);
  const skip = (kind: CheckKind, before: string) => checkOf(kind, registry, 'after', { ...args, before });
  const of = (key: string) => (proxy ? `proxy-${key}` : key);
  const ways = (way: () => CheckDocument) => (proxy ? [way()] : []);
  const dns = say(dnsKind, proxy ? (isIpAddress(proxy.host) ? 'proxy-address' : 'proxy') : isIpAddress(host) ? 'address' : 'pass');
  const tcp = say(tcpKind, proxy ? 'proxy' : 'pass');
  const led = ways(() => say(wayKind, 'pass'));
  const tls = say(tlsKind, scheme === 'http' ? 'plain' : 'pass');
  const none = say(versionKind, 'fail');
  const unled = (before: string) => ways(() => skip(wayKind, before));
  const end = endOf(outcome, scheme, proxy);
  switch (end.at) {
    case 'answer':
      return [dns, tcp, ...led, tls, say(versionKind, versionKey(end.status, scheme))];
    case 'unavailable':
      return [skip(dnsKind, 'tcp'), say(tcpKind, 'unavailable'), ...unled('tcp'), skip(tlsKind, 'tcp'), say(versionKind, 'unasked')];
    case 'dns':
      return [say(dnsKind, of(end.isKnown ? 'fail' : 'no-answer')), skip(tcpKind, 'dns'), ...unled('dns'), skip(tlsKind, 'dns'), none];
    case 'tcp':
      return [dns, say(tcpKind, of(/connection refused$/.test(reason) ? 'refused' : 'fail')), ...unled('tcp'), skip(tlsKind, 'tcp'), none];
    case 'proxy':
      return [dns, tcp, say(wayKind, end.key, end.reason), skip(tlsKind, wayKind.id), say(versionKind, 'fail', end.reason)];
    case 'tls':
      return [dns, tcp, ...led, say(tlsKind, tlsKey(docs)), none];
    case 'registry-v2':
      return [dns, tcp, ...led, tls, none];
  }
}

/** Seconds that the registry is ahead of us by its Date header; undefined without one. `atMs`: our clock when the answer came. */
export function registryOffset(outcome: HttpOutcome, atMs: number): number | undefined {
  const date = outcome.ok ? outcome.headers.find(([name]) => name === 'date')?.[1] : undefined;
  const milliseconds = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(milliseconds) ? undefined : (milliseconds - atMs) / 1000;
}

function pageOf(outcome: HttpOutcome): string | undefined {
  if (outcome.ok) return undefined;
  const found = transportClass(outcome.failure);
  return found === 'other' ? undefined : `errors/${found}`;
}

function versionKey(status: number, scheme: RegistryTarget['scheme']): keyof typeof versionKind.outcomes {
  if (status >= 500) return 'trouble';
  switch (status) {
    case 200:
    case 401:
      return 'pass';
    case 400:
      return scheme === 'http' ? 'wants-tls' : 'status';
    case 403:
      return 'denied';
    case 404:
      return 'not-found';
    case 429:
      return 'limited';
    default:
      return 'status';
  }
}

function tlsKey(docs: string | undefined): keyof typeof tlsKind.outcomes {
  switch (docs) {
    case 'errors/tls.unknown-ca':
      return 'unknown-ca';
    case 'errors/tls.scheme-mismatch':
      return 'scheme';
    case 'errors/tls.san-mismatch':
      return 'name';
    case 'errors/tls.expired-or-clock':
      return 'expired';
    default:
      return 'fail';
  }
}

/** How far the request came. */
type End =
  | { readonly at: 'answer'; readonly status: number }
  | { readonly at: 'dns'; readonly isKnown: boolean }
  | { readonly at: 'proxy'; readonly key: keyof typeof wayKind.outcomes; readonly reason: { readonly reason?: string } }
  | { readonly at: 'tcp' | 'tls' | 'registry-v2' | 'unavailable' };

function endOf(outcome: HttpOutcome, scheme: RegistryTarget['scheme'], proxy: Proxy | undefined): End {
  if (!outcome.ok) return endOfFailure(outcome.failure, scheme === 'https' && outcome.timings.tls === undefined, proxy);
  const { status, statusText } = outcome;
  // No registry asks for this: of plain HTTP the proxy itself answers.
  if (status === 407 && proxy) return { at: 'proxy', key: 'login', reason: { reason: statusText || 'Proxy Authentication Required' } };
  return { at: 'answer', status };
}

/** `inTls`: TLS with the registry was to come and did not end well. */
function endOfFailure(failure: NetFailure, inTls: boolean, proxy: Proxy | undefined): End {
  switch (failure.kind) {
    case 'lookup':
      return { at: 'dns', isKnown: failure.reason === 'no such host' };
    case 'dial':
      return { at: 'tcp' };
    case 'proxyconnect':
      return endOfProxy(failure);
    case 'proxy-status':
      return { at: 'proxy', key: refusalKey(failure.status), reason: {} };
    case 'unavailable':
      return { at: 'unavailable' };
    case 'tls':
    case 'tls-handshake-timeout':
    case 'http-response-to-https':
      return { at: 'tls' };
    default:
      if (!inTls) return { at: 'registry-v2' };
      // Go frames neither what breaks off before the proxy has answered nor what does so after it.
      return proxy ? { at: 'proxy', key: 'fail', reason: {} } : { at: 'tls' };
  }
}

function endOfProxy({ cause, socks }: Extract<NetFailure, { kind: 'proxyconnect' }>): End {
  if (socks === undefined && (cause.kind === 'lookup' || cause.kind === 'dial')) return endOfFailure(cause, false, undefined);
  if (cause.kind === 'tls' || cause.kind === 'tls-handshake-timeout') return { at: 'proxy', key: 'certificate', reason: {} };
  const isLogin = cause.kind === 'proxy-status' && /authentication/.test(cause.statusText);
  return { at: 'proxy', key: isLogin ? 'login' : 'fail', reason: {} };
}

function refusalKey(status: number | undefined): keyof typeof wayKind.outcomes {
  if (status === undefined) return 'fail';
  if (status === 407) return 'login';
  return status >= 500 ? 'unreached' : 'denied';
}

/** As the newest containerd words it. */
function reasonText(failure: NetFailure): string {
  return failureText(failure, goOf(newestVersion));
}

function evidence({ timings }: HttpOutcome): string {
  return Object.entries<number>({ ...timings })
    .map(([phase, ms]) => `${phase} ${Math.round(ms)} ms`)
    .join(', ');
}
