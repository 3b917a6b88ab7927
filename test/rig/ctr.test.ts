import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolveDocument } from '../../core/protocol';
import { runCli } from '../fixtures/cli';
import { startContainerd, type RealContainerd } from '../fixtures/containerd';
import { tinyImage, type TinyImage } from '../fixtures/image';
import { scriptedRegistry, type Answer, type ScriptedRegistry, type SeenRequest } from '../fixtures/scriptedRegistry';

interface Scenario {
  /** The answers of the mirror (asked first) and of the upstream; without a mirror the upstream stands alone. */
  readonly mirror?: (request: SeenRequest, image: TinyImage) => Answer;
  readonly upstream?: (request: SeenRequest, image: TinyImage, host: string) => Answer;
  readonly byDigest?: boolean;
  readonly user?: string;
}

const missing: Answer = { status: 404 };
const basic: Answer = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
const bearer = (host: string, error = ''): Answer => ({
  status: 401,
  headers: { 'www-authenticate': `Bearer realm="http://${host}/token",service="s",scope="repository:rig/tiny:pull"${error}` },
});

const scenarios: Readonly<Record<string, Scenario>> = {
  'a good image': {},
  'a good image by digest': { byDigest: true },
  'a mirror that has nothing': { mirror: () => missing },
  'a mirror that is cut off, and an upstream that has nothing': { mirror: () => 'destroy', upstream: () => missing },
  'a digest that neither manifests nor blobs has': { byDigest: true, upstream: () => missing },
  'a digest whose manifest is refused and whose blob is unauthorized': {
    byDigest: true,
    upstream: ({ url }) => (url.includes('/manifests/') ? { status: 503 } : { status: 401 }),
  },
  'a registry without HEAD': { upstream: ({ method }) => (method === 'HEAD' ? { status: 405 } : undefined) },
  'a token for the asking': {
    upstream: ({ url, authorization }, _image, host) => {
      if (url.startsWith('/token')) return { status: 200, body: '{"token":"t0"}', headers: { 'content-type': 'application/json' } };
      return authorization === 'Bearer t0' ? undefined : bearer(host);
    },
  },
  'a token that is not enough': {
    upstream: ({ url }, _image, host) =>
      url.startsWith('/token') ? { status: 200, body: '{"token":"t0"}' } : bearer(host, ',error="insufficient_scope"'),
  },
  'Basic with the right password': {
    user: 'alice:secret',
    upstream: ({ authorization }) => (authorization === `Basic ${Buffer.from('alice:secret').toString('base64')}` ? undefined : basic),
  },
  'Basic with a wrong password': { user: 'alice:wrong', upstream: () => basic },
  'a refusal': { upstream: () => ({ status: 403 }) },
  'too many requests': { upstream: () => ({ status: 429 }) },
};

describe('resolve beside the real ctr', function () {
  this.timeout(60_000);
  let containerd: RealContainerd;
  let scratch: string;
  before(async () => {
    containerd = await startContainerd();
    scratch = mkdtempSync(join(tmpdir(), 'hosts-'));
  });
  after(async () => {
    await containerd.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  for (const [title, scenario] of Object.entries(scenarios)) {
    it(title, async () => {
      const image = tinyImage(title);
      const upstream = await scriptedRegistry(image, (request, host) => scenario.upstream?.(request, image, host));
      const mirror =
        scenario.mirror === undefined ? undefined : await scriptedRegistry(image, (request) => scenario.mirror?.(request, image));
      try {
        const hostsDir = writeHosts(join(scratch, upstream.host), upstream, mirror);
        const reference = `${upstream.host}/rig/tiny${scenario.byDigest ? `@${image.manifest.digest}` : ':v1'}`;
        const real = await containerd.pull(reference, hostsDir, scenario.user);
        const realRequests = [take(upstream), take(mirror)];
        const ours = await replay(reference, hostsDir, containerd.version, scenario.user);
        assert.deepEqual([take(upstream), take(mirror)], realRequests);
        assert.equal(ours.ok, real.ok, ours.reported ?? '');
        if (!real.ok) assert.equal(withoutPorts(ours.reported ?? ''), withoutPorts(real.error));
      } finally {
        await upstream.close();
        await mirror?.close();
      }
    });
  }
});

function writeHosts(folder: string, upstream: ScriptedRegistry, mirror: ScriptedRegistry | undefined): string {
  const entries = [mirror, upstream].flatMap((registry) => (registry ? [`[host."http://${registry.host}"]\n`] : []));
  mkdirSync(join(folder, upstream.host), { recursive: true });
  writeFileSync(join(folder, upstream.host, 'hosts.toml'), `server = "http://${upstream.host}"\n${entries.join('')}`);
  return folder;
}

/** What a registry saw since the last look, in order within the registry. */
function take(registry: ScriptedRegistry | undefined): readonly string[] {
  const seen = registry?.requests.splice(0) ?? [];
  return seen.map(({ method, url, authorization }) => `${method} ${url} ${authorization?.split(' ')[0] ?? '-'}`).sort();
}

async function replay(reference: string, hostsDir: string, version: string, user: string | undefined): Promise<ResolveDocument> {
  const [name, password] = user?.split(':') ?? [];
  const env = name === undefined ? {} : { CONTAINERD_RUNBOOKS_USERNAME: name, CONTAINERD_RUNBOOKS_PASSWORD: password ?? '' };
  const args = ['resolve', reference, '--certs-d', hostsDir, '--containerd', version, '--via', 'ctr', '--download', '--format', 'json'];
  const { stdout, stderr } = await runCli(args, { env });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as ResolveDocument;
}

/** The port of the cut connection's own end differs from run to run. */
function withoutPorts(text: string): string {
  return text.replace(/\d+(?=->)/g, 'P');
}
