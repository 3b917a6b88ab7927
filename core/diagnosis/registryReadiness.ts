/** What one GET of `/v2/` says about the way to a registry: name, connection, TLS, answer. */
import { failureText } from '../go/netErrors';
import { isIpAddress } from '../go/url';
import type { HttpOutcome, NetFailure } from '../ports';
import type { CheckDocument } from '../protocol/ready';
import { transportClass } from '../resolver/verdict';
import { goOf } from '../versions/goBuilds';
import { newestVersion } from '../versions/versions';
import { checkOf, type CheckKind } from './readiness/check';
import { dnsKind, tcpKind, tlsKind, versionKind } from './readiness/registryKinds';

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

export function registryChecks(target: RegistryTarget, outcome: HttpOutcome): readonly CheckDocument[] {
  const { registry, host, port, url, scheme, namespace = host } = target;
  const reason = outcome.ok ? '' : reasonText(outcome.failure);
  const docs = pageOf(outcome);
  const args = { host, port, url, namespace, reason, before: '', status: outcome.ok ? outcome.status : 0 };
  const say = (kind: CheckKind, key: string) => checkOf(kind, registry, key, args, reason || evidence(outcome), docs);
  const skip = (kind: CheckKind, before: string) => checkOf(kind, registry, 'after', { ...args, before });
  const dns = say(dnsKind, isIpAddress(host) ? 'address' : 'pass');
  const tcp = say(tcpKind, 'pass');
  const tls = say(tlsKind, scheme === 'http' ? 'plain' : 'pass');
  const none = say(versionKind, 'fail');
  if (outcome.ok) return [dns, tcp, tls, say(versionKind, versionKey(outcome.status, scheme))];
  switch (stageOf(outcome.failure, scheme, outcome.timings.tls !== undefined)) {
    case 'unavailable':
      return [skip(dnsKind, 'tcp'), say(tcpKind, 'unavailable'), skip(tlsKind, 'tcp'), say(versionKind, 'unasked')];
    case 'dns':
      return [say(dnsKind, docs === 'errors/dns.nxdomain' ? 'fail' : 'no-answer'), skip(tcpKind, 'dns'), skip(tlsKind, 'dns'), none];
    case 'tcp':
      return [dns, say(tcpKind, /connection refused$/.test(reason) ? 'refused' : 'fail'), skip(tlsKind, 'tcp'), none];
    case 'tls':
      return [dns, tcp, say(tlsKind, tlsKey(docs)), none];
    default:
      return [dns, tcp, tls, none];
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

function stageOf(failure: NetFailure, scheme: string, tlsDone: boolean): 'dns' | 'tcp' | 'tls' | 'registry-v2' | 'unavailable' {
  switch (failure.kind) {
    case 'lookup':
      return 'dns';
    case 'dial':
    case 'proxyconnect':
    case 'proxy-status':
      return 'tcp';
    case 'unavailable':
      return 'unavailable';
    case 'tls':
    case 'tls-handshake-timeout':
    case 'http-response-to-https':
      return 'tls';
    default:
      return scheme === 'https' && !tlsDone ? 'tls' : 'registry-v2';
  }
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
