import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryHost } from '../../../core/hosts/hostsFile';
import { criCredentials, type AuthConfig } from '../../../core/resolver/credentials';
import { runLive } from '../../../core/resolver/drive';
import type { ImageReference, PullContext } from '../../../core/resolver/machine';
import { pull, type PullResult } from '../../../core/resolver/pull';
import { isTransfer } from '../../../core/resolver/wrap';
import { parseVersion } from '../../../core/versions/versions';
import { ScenarioRegistry, sha256 } from '../../registry/scenarioRegistry';
import { imageOf } from '../../registry/scenarioImages';

/** What real containerd did: id, reference, credentials, and by versions: error, gRPC code, requests. */
interface Recorded {
  readonly id: string;
  readonly ref: string;
  readonly auth?: { readonly username?: string; readonly password?: string; readonly auth?: string; readonly server_address?: string };
  readonly results: readonly (readonly [versions: string, error: string | null, code: string | null, requests: readonly string[]])[];
}

const recorded = JSON.parse(readFileSync(join(__dirname, '../../data/recordedPulls.json'), 'utf8')) as readonly Recorded[];

const A = 'http://127.0.0.1:5601';
const B = 'http://127.0.0.1:5602';
const dead = 'http://127.0.0.1:5999';

/** The hosts that each name's hosts.toml leads to, as ConfigureHosts gives them. */
const hosts: Readonly<Record<string, readonly RegistryHost[]>> = {
  'reg.test': [host(A), host(B)],
  'one.test': [host(B)],
  'dead.test': [host(dead), host(B)],
  'deadonly.test': [host(dead)],
  'hdr.test': [{ ...host(A), headers: { 'x-test': ['v1'] } }, host(B)],
  'hostport.test:5000': [host(B)],
  'nodnsmirror.test': [host('http://no-such-host.invalid:5000'), host(B)],
  'noresolve.test': [
    { ...host(A), capabilities: ['pull'] },
    { ...host(B), capabilities: ['pull'] },
  ],
  'pullonly.test': [{ ...host(A), capabilities: ['pull'] }, host(B)],
  'pushmirror.test': [{ ...host(A), capabilities: ['push'] }, host(B)],
  'pushonly.test': [
    { ...host(A), capabilities: ['push'] },
    { ...host(B), capabilities: ['push'] },
  ],
  'path.test': [
    { ...host(A), path: '/v2/proj' },
    { ...host(B), path: '/proxy/v2' },
  ],
  'tlsplain.test': [{ ...host(B), scheme: 'https' }],
  'docker.io': [{ ...host(B), scheme: 'https', host: 'registry-1.docker.io' }],
};

function host(url: string): RegistryHost {
  const [scheme = '', authority = ''] = url.split('://');
  return {
    scheme,
    host: authority,
    path: '/v2',
    capabilities: ['pull', 'resolve', 'push'],
    skipVerify: null,
    headers: {},
    tls: undefined,
    tryHttpsFirst: false,
    dialTimeoutMs: undefined,
  };
}

/** The default host of a loopback name: https unverified, since 1.6.25 with http behind it. */
function hostsOf(name: string, version: string): readonly RegistryHost[] {
  if (!name.startsWith('localhost:')) return hosts[name] ?? [];
  const tls = { skipVerify: true, caFiles: [], clientCertificates: [] };
  return [{ ...host(B), scheme: 'https', host: name, skipVerify: true, tls, tryHttpsFirst: !version.startsWith('1.5') }];
}

function referenceOf(written: string): ImageReference {
  const name = written === 'nosuchimage' ? 'docker.io/library/nosuchimage:latest' : written.replace('sha256:D', digestIn(written));
  const slash = name.indexOf('/');
  const at = name.indexOf('@');
  const colon = name.lastIndexOf(':');
  const repository = name.slice(slash + 1, at < 0 ? colon : at);
  return {
    name,
    host: name.slice(0, slash),
    repository,
    object: at < 0 ? name.slice(colon + 1) : name.slice(at),
    digest: at < 0 ? undefined : name.slice(at + 1),
  };
}

function digestIn(written: string): string {
  const name = /\/([^/@]+)@/.exec(written)?.[1] ?? '';
  const head = new ScenarioRegistry().answer({
    method: 'HEAD',
    url: `${B}/v2/x/${name}/manifests/t`,
    headers: [],
    tls: undefined,
    dialTimeoutMs: 1,
    want: { body: 'none' },
  });
  const header = head.ok ? head.headers.find(([key]) => key === 'docker-content-digest')?.[1] : undefined;
  return header ?? sha256(imageOf(name).manifest);
}

async function replay(one: Recorded, generation: string): Promise<{ readonly result: PullResult; readonly requests: readonly string[] }> {
  const local = generation.endsWith('-local');
  const version = parseVersion(generation.replace('-local', ''));
  assert.ok(version);
  const reference = referenceOf(one.ref);
  const way = local ? 'cri-local' : 'cri';
  const auth: AuthConfig | undefined = one.auth && {
    ...one.auth,
    ...(one.auth.server_address === undefined ? {} : { serverAddress: one.auth.server_address }),
  };
  const context: PullContext = {
    reference,
    version,
    go: '1.26',
    way,
    hosts: { ok: true, hosts: hostsOf(reference.host, generation) },
    credentials: criCredentials(auth, new Map(), isTransfer({ version, way }) ? 'transfer' : 'local'),
    headers: {},
    platform: { os: 'linux', architecture: 'amd64' },
    until: 'layers',
    download: true,
    downloads: 3,
    snapshotter: 'native',
  };
  const registry = new ScenarioRegistry();
  const clock = { monotonicMs: () => 0, nowMs: () => 0 };
  const driven = await runLive(
    pull(context),
    (request) => Promise.resolve(registry.answer(request)),
    clock,
    () => undefined,
  );
  assert.equal(driven.status, 'done');
  return { result: driven.value, requests: registry.seen };
}

/** Digests and sizes depend on the compressor, not on containerd. */
function plain(text: string | null): string | null {
  return text === null
    ? null
    : text
        .replace(/sha256:[0-9a-f]{64}/g, 'sha256:D')
        .replace(/\b\d+ != \d+/g, 'N != N')
        .replace(/expected \d+ bytes but got \d+/g, 'expected N bytes but got N')
        .replace('127.0.0.1:5999: connect', 'ADDRESS: connect');
}

describe('a pull as containerd does it, by release', () => {
  for (const one of recorded) {
    for (const [versions, error, code, requests] of one.results) {
      for (const generation of versions.split(' ')) {
        it(`${one.id} (${generation})`, async () => {
          const { result, requests: made } = await replay(one, generation);
          assert.equal(plain(result.ok ? null : result.reported), plain(error));
          assert.equal(result.ok ? null : result.grpcCode, code);
          assert.deepEqual(
            made.map((line) => plain(line)),
            requests,
          );
        });
      }
    }
  }
});
