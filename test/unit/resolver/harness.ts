import assert from 'node:assert/strict';
import type { RegistryHost } from '../../../core/hosts/hostsFile';
import type { HttpOutcome, HttpRequest, HttpResponse, SendRequest } from '../../../core/ports';
import { statusText } from '../../../core/go/status';
import { runLive, runRecorded, type Driven } from '../../../core/resolver/drive';
import { observe, type Attempt } from '../../../core/resolver/observations';
import type { PullContext } from '../../../core/resolver/machine';
import { pull, type PullResult } from '../../../core/resolver/pull';
import { parseVersion } from '../../../core/versions/versions';
import { sha256 } from '../../registry/scenarioRegistry';

export const digest = `sha256:${'ab'.repeat(32)}`;
export const manifest = Buffer.from('{"schemaVersion":2,"config":{},"layers":[]}');

export function host(url: string, over: Partial<RegistryHost> = {}): RegistryHost {
  const [scheme = '', authority = ''] = url.split('://');
  return {
    scheme,
    host: authority,
    path: '/v2',
    capabilities: ['pull', 'resolve'],
    skipVerify: null,
    headers: {},
    tls: undefined,
    tryHttpsFirst: false,
    dialTimeoutMs: undefined,
    ...over,
  };
}

export function context(release: string, over: Partial<PullContext> = {}): PullContext {
  const version = parseVersion(release);
  assert.ok(version, release);
  return {
    reference: { name: 'reg.example/a/b:t', host: 'reg.example', repository: 'a/b', object: 't', digest: undefined },
    version,
    go: '1.24',
    way: 'cri',
    hosts: { ok: true, hosts: [host('https://reg.example')] },
    credentials: undefined,
    headers: {},
    platform: { os: 'linux', architecture: 'amd64' },
    until: 'resolve',
    download: false,
    snapshotter: 'overlayfs',
    downloads: 3,
    ...over,
  };
}

export const byDigest: PullContext['reference'] = {
  name: `reg.example/a/b@${digest}`,
  host: 'reg.example',
  repository: 'a/b',
  object: `@${digest}`,
  digest,
};

export function response(status: number, headers: Readonly<Record<string, string>> = {}, body?: string | Buffer): HttpResponse {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return {
    ok: true,
    status,
    statusText: statusText(status),
    headers: Object.entries(headers),
    ...(bytes && { body: bytes.toString(), size: bytes.length, digest: sha256(bytes) }),
    timings: { total: 1 },
  };
}

export const timeout: HttpOutcome = {
  ok: false,
  failure: { kind: 'dial', address: '192.0.2.1:443', reason: 'i/o timeout' },
  timings: { total: 30_000 },
};

/** Runs a pull against a function; also what it asked. */
export async function run(
  of: PullContext,
  answer: (request: HttpRequest) => HttpOutcome | Promise<HttpOutcome>,
): Promise<{ readonly driven: Driven<PullResult>; readonly attempts: readonly Attempt[]; readonly result: PullResult }> {
  const send: SendRequest = (request) => Promise.resolve(answer(request));
  const driven = await runLive(pull(of), send, { monotonicMs: () => 0, nowMs: () => 0 }, () => undefined);
  const { attempts } = driven;
  const nothing: PullResult = { ok: false, digest: null, mediaType: null, reported: '', grpcCode: 'Unknown' };
  return { driven, attempts, result: driven.status === 'done' ? driven.value : nothing };
}

/** The same over what was recorded: nothing is sent, so nothing is refused that was answered. */
export function recorded(
  of: PullContext,
  answer: (request: HttpRequest) => HttpOutcome,
): { readonly attempts: readonly Attempt[]; readonly result: PullResult } {
  const attempts: Attempt[] = [];
  for (;;) {
    const driven = runRecorded(pull(of), observe(attempts));
    if (driven.status === 'done') return { attempts, result: driven.value };
    const { phase, request } = driven.exchange;
    assert.ok(attempts.length < 50, `the pull does not end at ${request.url}`);
    attempts.push({ phase, request, outcome: answer(request), startedMs: 0, order: attempts.length });
  }
}

export function reportedOf(result: PullResult): string | null {
  return result.ok ? null : result.reported;
}
