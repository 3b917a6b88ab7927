import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { createCurlHttp, curlRefusal } from '../../cli/registry/curl';
import { connect } from '../../cli/transport';
import { localNode } from '../../cli/transport/local';
import { failureText } from '../../core/go/netErrors';
import type { HttpOutcome, HttpRequest, Node } from '../../core/ports';
import { tinyImage } from '../fixtures/image';
import { createPki } from '../fixtures/pki';
import { scriptedRegistry } from '../fixtures/scriptedRegistry';
import { startSshd } from '../fixtures/sshd';

const node = localNode(process.env);

function send(
  request: Partial<HttpRequest> & { readonly url: string },
  responseMs = 5000,
  from: Node<Duplex> = node,
): Promise<HttpOutcome> {
  const proxies = () => Promise.resolve({ http: '', https: '', none: '' });
  const http = createCurlHttp({ node: from, interface: 'lo', pathOf: (path) => path, proxies, limits: { responseMs } });
  const defaults: Omit<HttpRequest, 'url'> = {
    method: 'GET',
    headers: [],
    tls: undefined,
    dialTimeoutMs: 5000,
    want: { body: 'text', maxBytes: 100_000 },
  };
  return http.send({ ...defaults, ...request }, undefined);
}

function textOf(outcome: HttpOutcome): string {
  return outcome.ok ? `HTTP ${outcome.status}` : failureText(outcome.failure, '1.24');
}

describe('requests through an interface of the node', () => {
  const image = tinyImage('interface');

  it('are those of the replay, and their answers are whole', async () => {
    const registry = await scriptedRegistry(image);
    const headers = [['authorization', 'Basic c2VjcmV0OndvcmRz']] as const;
    const head = await send({ method: 'HEAD', url: `http://${registry.host}/v2/x/manifests/1?ns=a`, headers });
    const blob = await send({ url: `http://${registry.host}/v2/x/blobs/${image.layer.digest}`, want: { body: 'digest', diffId: true } });
    const none = await send({ url: `http://${registry.host}/v2/x/blobs/${image.layer.digest}`, want: { body: 'none' } });
    const missing = await send({ url: `http://${registry.host}/v2/x/tags/list`, want: { body: 'none' } });
    await registry.close();
    assert.ok(head.ok && blob.ok && none.ok && missing.ok, [head, blob, none, missing].map(textOf).join('\n'));
    assert.equal(new Map(head.headers).get('docker-content-digest'), image.manifest.digest);
    assert.deepEqual([blob.digest, blob.size, none.body], [image.layer.digest, image.layer.bytes.length, undefined]);
    assert.match(missing.body ?? '', /MANIFEST_UNKNOWN/);
    assert.deepEqual(registry.requests[0], { method: 'HEAD', url: '/v2/x/manifests/1?ns=a', authorization: 'Basic c2VjcmV0OndvcmRz' });
  });

  it('show no secret to other processes', async () => {
    const registry = await scriptedRegistry(image, () => 'hang');
    const waiting = send({ url: `http://${registry.host}/v2/`, headers: [['authorization', 'Bearer hidden-word']] }, 1500);
    while (registry.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const words = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(commandOf);
    const outcome = await waiting;
    await registry.close();
    assert.ok(words.some((line) => line.includes('curl\0-q')));
    assert.deepEqual(
      words.filter((line) => line.includes('hidden-word')),
      [],
    );
    assert.equal(textOf(outcome), 'context deadline exceeded');
  });

  it('fail in the words of Go where curl tells enough', async () => {
    const pki = createPki();
    const ca = pki.authority('ca');
    const { cert, key } = pki.leaf('reg', ca, { names: 'IP:127.0.0.1' });
    const registry = await scriptedRegistry(image, undefined, { cert, key });
    const tls = { skipVerify: false, caFiles: [] as readonly string[], clientCertificates: [] };
    const url = `https://${registry.host}/v2/`;
    const texts = [
      await send({ url: 'http://127.0.0.1:9/' }),
      await send({ url, tls }),
      await send({ url, tls: { ...tls, caFiles: [ca.certFile] } }),
      await send({ url, tls: { ...tls, skipVerify: true } }),
    ].map(textOf);
    await registry.close();
    pki.remove();
    assert.deepEqual(texts, [
      'dial tcp 127.0.0.1:9: connect: connection refused',
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'HTTP 200',
      'HTTP 200',
    ]);
  });

  it('are bounded whatever a server sends', async () => {
    const huge = await scriptedRegistry(image, () => ({ status: 200, body: Buffer.alloc(20 << 20, 'x') }));
    const outcome = await send({ url: `http://${huge.host}/v2/` });
    await huge.close();
    assert.ok(outcome.ok, textOf(outcome));
    assert.deepEqual([outcome.size, outcome.body?.length, outcome.digest], [100_000, 100_000, undefined]);
  });

  it('leave a node over ssh', async () => {
    const [registry, sshd] = [await scriptedRegistry(image), await startSshd()];
    const remote = await connect(sshd.name, { sshConfig: sshd.config, env: process.env });
    const outcome = await send({ url: `http://${registry.host}/v2/x/manifests/1` }, 10_000, remote);
    await remote.close();
    await Promise.all([registry.close(), sshd.stop()]);
    assert.ok(outcome.ok, textOf(outcome));
    assert.equal(outcome.digest, image.manifest.digest);
  });

  it('are not sent where the interface is missing', async () => {
    assert.match((await curlRefusal(node, 'nope0')) ?? '', /^not asked through nope0: the node has no such interface, only .*\blo\b/);
    assert.equal(await curlRefusal(node, 'lo'), undefined);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
