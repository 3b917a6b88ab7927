/** What one GET of `/v2/` says about the way to a registry: name, connection, TLS, answer. */
import { failureText } from '../go/netErrors';
import { isIpAddress } from '../go/url';
import type { HttpOutcome, NetFailure } from '../ports';
import type { CheckDocument, CheckStatus } from '../protocol';
import type { MessageArgs } from '../text/message';
import { goOf } from '../versions/goBuilds';
import { newestVersion } from '../versions/versions';
import { check } from './readiness';

export interface RegistryTarget {
  /** As the person wrote it. */
  readonly registry: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Ends in `/v2/`. */
  readonly url: string;
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
  return { registry, scheme, host: host.replace(/^\[|\]$/g, ''), port, url: `${scheme}://${authority}${path}/v2/` };
}

export function registryChecks(target: RegistryTarget, outcome: HttpOutcome): readonly CheckDocument[] {
  const { registry, host, port, url, scheme } = target;
  const reached = outcome.ok ? 'registry-v2' : stageOf(outcome.failure, scheme, outcome.timings.tls !== undefined);
  const reason = outcome.ok ? '' : reasonText(outcome.failure);
  const say = (id: string, status: CheckStatus, key: string, args: MessageArgs = {}) =>
    check(id, registry, status, key, { host, port, url, reason, ...args }, reason || evidence(outcome));
  const skip = (id: string, before: string) => check(id, registry, 'skip', 'after', { before }, '');
  const dns = isIpAddress(host) ? say('dns', 'pass', 'address') : say('dns', 'pass', 'pass');
  const tcp = say('tcp', 'pass', 'pass');
  const tls = scheme === 'http' ? say('tls', 'skip', 'plain') : say('tls', 'pass', 'pass');
  const unasked = say('registry-v2', 'fail', 'fail');
  switch (reached) {
    case 'unavailable':
      return [skip('dns', 'tcp'), say('tcp', 'skip', 'unavailable'), skip('tls', 'tcp'), say('registry-v2', 'fail', 'unasked')];
    case 'dns':
      return [say('dns', 'fail', 'fail'), skip('tcp', 'dns'), skip('tls', 'dns'), unasked];
    case 'tcp':
      return [dns, say('tcp', 'fail', 'fail'), skip('tls', 'tcp'), unasked];
    case 'tls':
      return [dns, tcp, say('tls', 'fail', 'fail'), unasked];
    default:
      return [dns, tcp, tls, answerCheck(outcome, say)];
  }
}

function answerCheck(
  outcome: HttpOutcome,
  say: (id: string, status: CheckStatus, key: string, args?: MessageArgs) => CheckDocument,
): CheckDocument {
  if (!outcome.ok) return say('registry-v2', 'fail', 'fail');
  const answers = outcome.status === 200 || outcome.status === 401;
  return say('registry-v2', answers ? 'pass' : 'fail', answers ? 'pass' : 'status', { status: outcome.status });
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
