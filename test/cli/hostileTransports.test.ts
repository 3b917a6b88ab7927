import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { dockerManifest } from '../../core/resolver/mediaTypes';
import { call } from '../fixtures/call';
import { tinyImage } from '../fixtures/image';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { scriptedRegistry, type Answer, type ScriptedRegistry, type SeenRequest } from '../fixtures/scriptedRegistry';

const image = tinyImage('hostile');
const secret = `Basic ${Buffer.from('ann:hidden-word').toString('base64')}`;
const basic = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };

/** The whole command line against registries that mean harm, by each way in which a request leaves a node. */
for (const [way, words] of [
  ['connections of our own', []],
  ['curl on an interface', ['--interface', 'lo']],
] as const)
  describe(`registries that mean harm, asked by ${way}`, () => {
    let pki: Pki;
    let tls: Issued;
    let ca: Issued;
    let folder: string;
    const open: ScriptedRegistry[] = [];
    before(() => {
      pki = createPki();
      ca = pki.authority('ca');
      tls = pki.leaf('reg', ca, { names: 'IP:127.0.0.1' });
      folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    });
    after(async () => {
      await Promise.all(open.map((registry) => registry.close()));
      pki.remove();
      rmSync(folder, { recursive: true });
    });

    const registry = async (script: (request: SeenRequest, host: string) => Answer, secure = false): Promise<ScriptedRegistry> => {
      const started = await scriptedRegistry(image, script, secure ? { cert: tls.cert, key: tls.key } : undefined);
      open.push(started);
      const url = `http${secure ? 's' : ''}://${started.host}`;
      mkdirSync(join(folder, started.host));
      writeFileSync(join(folder, started.host, 'hosts.toml'), `server = "${url}"\n${secure ? `ca = "${ca.certFile}"\n` : ''}[host]\n`);
      return started;
    };
    const resolve = async ({ host }: ScriptedRegistry, ...more: readonly string[]): Promise<ResolveDocument> => {
      const given = ['--certs-d', folder, '--containerd', '2.2', '--platform', 'linux/amd64', '--proxy', 'none', '--format', 'json'];
      const { stdout, stderr } = await call(['resolve', `${host}/a/b:1`, ...given, ...words, ...more], folder, {
        CONTAINERD_RUNBOOKS_USERNAME: 'ann',
        CONTAINERD_RUNBOOKS_PASSWORD: 'hidden-word',
      });
      assert.equal(stderr, '');
      assert.doesNotMatch(stdout, /hidden-word/);
      return JSON.parse(stdout) as ResolveDocument;
    };
    const stoppedBy = ({ findings }: ResolveDocument): string => findings.find(({ id }) => id === 'replay-stopped')?.message ?? '';

    it('redirects without end', async () => {
      const round = await registry(({ url }) => ({ status: 302, headers: { location: `${url}&again` } }));
      const { reported } = await resolve(round);
      assert.match(reported ?? '', /: stopped after 10 redirects$/);
      assert.equal(round.requests.length, 10);
    });

    for (const [title, encoding, body] of [
      ['a manifest of 100 MB', {}, Buffer.alloc(100 << 20, ' ')],
      ['a manifest that is a gzip bomb', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(100 << 20, ' '), { level: 9 })],
    ] as const)
      it(title, async () => {
        const headers = { 'content-type': dockerManifest, 'docker-content-digest': `sha256:${'1'.repeat(64)}` };
        const server = await registry(({ method }) =>
          method === 'HEAD'
            ? { status: 200, headers: { ...headers, 'content-length': '500' } }
            : { status: 200, headers: { ...headers, ...encoding }, body },
        );
        const { ok, attempts, reported } = await resolve(server);
        assert.deepEqual([ok, attempts.map(({ method, phase }) => `${method} ${phase}`)], [false, ['HEAD resolve', 'GET manifest']]);
        assert.match(reported ?? '', /failed size validation|unexpected commit digest/);
      });

    it('a layer that is a gzip bomb', async () => {
      const bytes = gzipSync(Buffer.alloc(100 << 20), { level: 9 });
      const server = await registry(({ url, method }) =>
        url.includes(image.layer.digest) && method === 'GET' ? { status: 200, body: bytes } : undefined,
      );
      const { ok, reported } = await resolve(server, '--download');
      assert.equal(ok, false);
      assert.match(reported ?? '', /failed size validation|unexpected commit digest/);
    });

    it('headers of a megabyte', async () => {
      const server = await registry(({ url }) =>
        url.includes('/manifests/') ? { status: 404, headers: { 'x-long': 'a'.repeat(1 << 20) } } : undefined,
      );
      const document = await resolve(server);
      if (words.length === 0) assert.match(document.reported ?? '', /: not found$/);
      else assert.match(stoppedBy(document), /^The replay stopped: the curl of the node did not do what containerd does: [^\n]+\.$/);
    });

    it('a token server that is a file', async () => {
      const server = await registry(() => ({ status: 401, headers: { 'www-authenticate': 'Bearer realm="file:///etc/shadow"' } }));
      const { reported, attempts } = await resolve(server);
      assert.match(reported ?? '', /unsupported protocol scheme "file"$/);
      assert.equal(attempts.length, 1);
    });

    it('a token server where clouds keep credentials', async () => {
      // The number is a name to containerd, and that address to the C library.
      for (const host of ['169.254.169.254', '[fd00:ec2::254]', '2852039166']) {
        const server = await registry(() => ({ status: 401, headers: { 'www-authenticate': `Bearer realm="http://${host}/latest"` } }));
        const document = await resolve(server, '--predict');
        assert.match(stoppedBy(document), /leads to \S.*: a link-local or metadata address/);
        for (const prediction of Object.values(document.predictions ?? assert.fail())) assert.ok('needs' in prediction);
        assert.deepEqual([document.reported, document.attempts.filter(({ status }) => status !== null).length], [null, 1]);
      }
    });

    it('a redirect to another host, or from https to http: the credentials stay behind', async () => {
      const other = await registry(() => ({ status: 404 }));
      for (const secure of [false, true]) {
        const server = await registry(
          ({ authorization, url }) =>
            authorization === undefined
              ? basic
              : { status: 307, headers: { location: `http://${other.host.replace('127.0.0.1', 'localhost')}${url}` } },
          secure,
        );
        await resolve(server);
        assert.deepEqual([...new Set(server.requests.map(({ authorization }) => authorization))], [undefined, secret]);
      }
      assert.equal(other.requests.filter(({ method }) => method === 'HEAD').length >= 2, true, JSON.stringify(other.requests));
      assert.deepEqual([...new Set(other.requests.map(({ authorization }) => authorization))], [undefined]);
    });
  });
