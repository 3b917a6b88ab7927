import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as tcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { createCurlHttp, curlRefusal } from '../../cli/registry/curl';
import { connect } from '../../cli/transport';
import { localNode } from '../../cli/transport/local';
import { englishCatalog } from '../../core/catalog';
import { failureText } from '../../core/go/netErrors';
import type { HttpOutcome, HttpRequest, Node } from '../../core/ports';
import { render } from '../../core/text/message';
import { tinyImage } from '../fixtures/image';
import { createPki } from '../fixtures/pki';
import { scriptedRegistry } from '../fixtures/scriptedRegistry';
import { startSshd } from '../fixtures/sshd';
import { until } from '../fixtures/until';

const node = localNode(process.env);

function send(
  request: Partial<HttpRequest> & { readonly url: string },
  responseMs = 5000,
  from: Node<Duplex> = node,
  proxy = '',
): Promise<HttpOutcome> {
  const proxies = () => Promise.resolve({ http: proxy, https: proxy, none: '' });
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

const servers: Server[] = [];

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that says the same whatever it is asked. */
function raw(answer: string, end = true): Promise<string> {
  return listening(
    tcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => (end ? socket.end(answer) : socket.write(answer)));
    }),
  );
}

describe('requests through an interface of the node', () => {
  after(() => {
    for (const server of servers) {
      server.close();
      if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections();
    }
  });

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
    await until(() => registry.requests.length > 0, 'nothing was asked');
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
    const huge = await scriptedRegistry(image, () => ({ status: 200, body: Buffer.alloc(45 << 20, 'x') }));
    const url = `http://${huge.host}/v2/`;
    const before = process.memoryUsage().rss;
    const [text, layer] = [await send({ url }), await send({ url, want: { body: 'digest', diffId: false } }, 20_000)];
    const held = process.memoryUsage().rss - before;
    await huge.close();
    assert.ok(text.ok && layer.ok, [text, layer].map(textOf).join('\n'));
    assert.deepEqual([text.size, text.body?.length, text.digest, text.bodyFailure], [100_000, 100_000, undefined, undefined]);
    const taken = Buffer.alloc(layer.size ?? 0, 'x');
    assert.deepEqual([taken.length < 41 << 20, layer.digest], [true, `sha256:${createHash('sha256').update(taken).digest('hex')}`]);
    assert.ok(layer.bodyFailure);
    assert.match(failureText(layer.bodyFailure, '1.24'), /^an answer is longer than the 40 MiB that are read of one through an interface/);
    assert.ok(held < 256 << 20, `${held >> 20} MiB`);
  });

  it('take headers as long as curl takes them, and stop at longer ones in one line', async () => {
    const header = (bytes: number) => `HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(bytes)}\r\ncontent-length: 2\r\n\r\n{}`;
    assert.equal(textOf(await send({ url: await raw(header(60_000)) })), 'HTTP 200');
    const outcome = await send({ url: await raw(header(1 << 20)) });
    assert.match(textOf(outcome), /^the curl of the node did not do what containerd does: .*(?:header|memory).*\.$/i);
    assert.ok(!outcome.ok && outcome.failure.kind === 'unavailable');
  });

  it('wait no longer for a server that trickles or is silent than they are allowed to', async () => {
    const trickle = tcpServer((socket) => {
      socket.on('error', () => undefined).write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 100);
      socket.once('close', () => clearInterval(timer));
    });
    const url = await listening(trickle);
    const started = performance.now();
    const slow = await send({ url }, 1500);
    const [none, took] = [await send({ url, want: { body: 'none' } }, 1500), performance.now() - started];
    assert.ok(slow.ok && none.ok);
    assert.deepEqual([slow.bodyFailure?.kind, slow.digest, none.bodyFailure], ['deadline', undefined, undefined]);
    assert.ok(took < 8000, String(took));
    assert.equal(textOf(await send({ url: await raw('', false) }, 1500)), 'context deadline exceeded');
  });

  it('undo an encoding as the other transport does, and ask for it alike', async () => {
    const plain = Buffer.from('{"errors":[]}');
    const bodies: Readonly<Record<string, readonly [encoding: string, body: Buffer]>> = {
      '/gzip': ['gzip', gzipSync(plain)],
      '/both': ['deflate, gzip', gzipSync(deflateRawSync(plain))],
      '/lie': ['gzip', plain],
      '/cut': ['gzip', gzipSync(plain).subarray(0, 20)],
      '/bomb': ['gzip', gzipSync(Buffer.alloc(50 << 20))],
    };
    const asked: unknown[] = [];
    const base = await listening(
      createServer(({ url = '', headers }, response) => {
        asked.push(headers['accept-encoding']);
        const [encoding = '', body] = bodies[url] ?? [];
        response.writeHead(200, { 'content-encoding': encoding }).end(body);
      }),
    );
    const get = async (path: string, headers: HttpRequest['headers'] = []) => {
      const outcome = await send({ url: `${base}${path}`, headers });
      assert.ok(outcome.ok, textOf(outcome));
      return outcome.bodyFailure ? failureText(outcome.bodyFailure, '1.24') : outcome.size;
    };
    const own = [['accept-encoding', 'zstd;q=1.0, gzip;q=0.8, deflate;q=0.5']] as const;
    const got = [await get('/gzip'), await get('/gzip', own), await get('/gzip', [['range', 'bytes=0-']]), await get('/both', own)];
    assert.deepEqual(got, [plain.length, plain.length, gzipSync(plain).length, plain.length]);
    assert.deepEqual(asked, ['gzip', own[0][1], undefined, own[0][1]]);
    assert.deepEqual([await get('/lie'), await get('/cut')], ['gzip: invalid header', 'unexpected EOF']);
    assert.equal(await get('/bomb'), 100_000, 'no more is unpacked than is wanted');
  });

  it('follow no redirect', async () => {
    const registry = await scriptedRegistry(image, ({ url }) =>
      url === '/v2/' ? { status: 307, headers: { location: '/elsewhere' } } : undefined,
    );
    const outcome = await send({ url: `http://${registry.host}/v2/`, headers: [['authorization', 'Bearer hidden-word']] });
    await registry.close();
    assert.equal(textOf(outcome), 'HTTP 307');
    assert.deepEqual(
      registry.requests.map(({ url }) => url),
      ['/v2/'],
    );
  });

  it('present the client certificate of hosts.toml, whatever its path', async () => {
    const pki = createPki();
    const ca = pki.authority('ca');
    const { cert, key } = pki.leaf('reg', ca, { names: 'IP:127.0.0.1' });
    const client = pki.leaf('a:b', ca, { usage: 'clientAuth' });
    const registry = await scriptedRegistry(image, undefined, { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: true });
    const tls = { skipVerify: false, caFiles: [ca.certFile], clientCertificates: [{ cert: client.certFile, key: client.keyFile }] };
    const url = `https://${registry.host}/v2/`;
    const [shown, none, missing] = [
      await send({ url, tls }),
      await send({ url, tls: { ...tls, clientCertificates: [] } }),
      await send({ url, tls: { ...tls, clientCertificates: [{ cert: '/nowhere.crt', key: '/nowhere.key' }] } }),
    ];
    await registry.close();
    pki.remove();
    assert.equal(textOf(shown), 'HTTP 200');
    assert.match(textOf(none), /certificate required|handshake failure|curl/);
    assert.match(textOf(missing), /^the curl of the node did not do what containerd does: .*nowhere/);
  });

  it('do not go through a proxy of the shell on the node', async () => {
    const registry = await scriptedRegistry(image);
    const dead = 'http://127.0.0.1:9';
    const shell = localNode({ ...process.env, http_proxy: dead, HTTPS_PROXY: dead, ALL_PROXY: dead });
    const outcome = await send({ url: `http://${registry.host}/v2/` }, 5000, shell);
    await registry.close();
    assert.equal(textOf(outcome), 'HTTP 200');
  });

  it('go through the proxy of containerd, which learns its own password and no other', async () => {
    const asked: IncomingMessage[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request);
      response.end('{}');
    }).on('connect', (request: IncomingMessage, socket: Socket) => {
      asked.push(request);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const url = (await listening(proxy)).replace('//', '//us%40er:pass@');
    const headers = [['authorization', 'Bearer hidden-word']] as const;
    const plain = await send({ url: 'http://registry.invalid/v2/', headers }, 5000, node, url);
    const secure = await send({ url: 'https://registry.invalid/v2/', headers }, 5000, node, url);
    assert.deepEqual([textOf(plain), textOf(secure)], ['HTTP 200', 'Proxy Authentication Required']);
    const own = `Basic ${Buffer.from('us@er:pass').toString('base64')}`;
    assert.deepEqual(
      asked.map(({ method, url: path, headers: sent }) => [method, path, sent['proxy-authorization'], sent.authorization]),
      [
        ['GET', 'http://registry.invalid/v2/', own, 'Bearer hidden-word'],
        ['CONNECT', 'registry.invalid:443', own, undefined],
      ],
    );
  });

  it('name the proxy that cannot be reached as Go does', async () => {
    const texts = [
      await send({ url: 'http://registry.invalid/v2/' }, 5000, node, 'http://127.0.0.1:9'),
      await send({ url: 'https://registry.invalid/v2/' }, 5000, node, 'http://127.0.0.1:9'),
      await send({ url: 'https://registry.invalid/v2/' }, 9000, node, 'http://proxy.invalid:3128'),
    ].map(textOf);
    assert.deepEqual(texts.slice(0, 2), Array(2).fill('proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused'));
    assert.match(texts[2] ?? '', /^proxyconnect tcp: dial tcp: lookup proxy\.invalid on \S+: /);
  });

  it('know a server that speaks plain HTTP where https was asked', async () => {
    const url = (await raw('HTTP/1.1 400 Bad Request\r\n\r\n')).replace('http:', 'https:');
    assert.equal(textOf(await send({ url })), 'http: server gave HTTP response to HTTPS client');
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
    const refusal = await curlRefusal(node, 'nope0');
    assert.equal(refusal?.id, 'replay-stopped/no-interface');
    assert.match(render(refusal, englishCatalog), /^nothing was asked through nope0: the node has no such interface, only .*\blo\b/);
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
