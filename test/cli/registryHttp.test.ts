import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer as httpServer, type RequestListener } from 'node:http';
import { createServer as httpsServer, type ServerOptions } from 'node:https';
import { createServer as tcpServer, type AddressInfo, type Server } from 'node:net';
import { readFile } from 'node:fs/promises';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createHttp, type HttpOptions } from '../../cli/registry/http';
import { localNode } from '../../cli/transport/local';
import { failureText } from '../../core/go/netErrors';
import type { Cancellation, HttpOutcome, HttpRequest, TlsSettings } from '../../core/ports';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { freePort } from '../fixtures/sshd';

const servers: Server[] = [];

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) (server as ReturnType<typeof httpServer>).closeAllConnections();
  }
}

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, headers: [], tls: undefined, dialTimeoutMs: 2000, want: { body: 'text', maxBytes: 1 << 20 }, ...more };
}

async function send(one: HttpRequest, options: Partial<HttpOptions> = {}, cancellation?: Cancellation): Promise<HttpOutcome> {
  const http = createHttp({
    node: localNode(process.env),
    readFile: (path) => readFile(path, 'utf8'),
    systemCa: () => Promise.resolve(''),
    ...options,
  });
  try {
    return await http.send(one, cancellation);
  } finally {
    await http.close();
  }
}

/** As containerd 2.3 (Go 1.26) would print it, or the status. */
function said(outcome: HttpOutcome): string {
  return outcome.ok ? String(outcome.status) : failureText(outcome.failure, '1.26');
}

const raw = (answer: string | Buffer, end = true) =>
  listening(
    tcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => (end ? socket.end(answer) : socket.write(answer)));
    }),
  );

describe('requests from a node', () => {
  after(closeServers);

  it('gives status, status text, headers in order, body, size and digest, and sends what it was given', async () => {
    let seen: string[] = [];
    const port = await listening(
      httpServer((incoming, response) => {
        seen = [incoming.method ?? '', incoming.url ?? '', ...incoming.rawHeaders];
        response.writeHead(
          401,
          'Go Away',
          [
            ['WWW-Authenticate', 'Bearer realm="x"'],
            ['X-Two', 'a'],
            ['x-two', 'b'],
          ].flat(),
        );
        response.end('{"errors":[]}');
      }),
    );
    const outcome = await send(
      request(`http://127.0.0.1:${port}/v2/a%2Fb//c/../d?ns=x&q=%zz`, {
        headers: [
          ['Accept', '*/*'],
          ['User-Agent', 'containerd/2.1'],
        ],
      }),
    );
    assert.ok(outcome.ok);
    assert.deepEqual([outcome.status, outcome.statusText, outcome.body, outcome.size], [401, 'Go Away', '{"errors":[]}', 13]);
    assert.equal(outcome.digest, `sha256:${createHash('sha256').update('{"errors":[]}').digest('hex')}`);
    assert.ok(!/connection/i.test(seen.join()), 'Go says nothing of the connection: a proxy that passes it on has nothing to pass on');
    assert.deepEqual(outcome.headers.slice(0, 3), [
      ['www-authenticate', 'Bearer realm="x"'],
      ['x-two', 'a'],
      ['x-two', 'b'],
    ]);
    assert.deepEqual(seen.slice(0, 4), ['GET', '/v2/a%2Fb//c/../d?ns=x&q=%zz', 'host', `127.0.0.1:${port}`]);
    assert.ok(seen.includes('containerd/2.1'));
    assert.ok(
      outcome.timings.connect !== undefined &&
        outcome.timings.firstByte !== undefined &&
        outcome.timings.total >= outcome.timings.firstByte,
    );
  });

  it('follows no redirect, answers HEAD, posts a form, and keeps its connection', async () => {
    let connections = 0;
    const server = httpServer((incoming, response) => {
      if (incoming.method === 'POST') incoming.pipe(response);
      else response.writeHead(307, { location: 'http://127.0.0.1:1/', 'content-length': '5' }).end();
    });
    server.on('connection', () => (connections += 1));
    const port = await listening(server);
    const http = createHttp({
      node: localNode(process.env),
      readFile: () => Promise.reject(new Error('none')),
      systemCa: () => Promise.resolve(''),
    });
    const head = await http.send(request(`http://127.0.0.1:${port}/`, { method: 'HEAD', want: { body: 'none' } }), undefined);
    const post = await http.send(request(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'a=b' }), undefined);
    await http.close();
    assert.ok(head.ok && post.ok);
    assert.deepEqual([head.status, post.body, connections], [307, 'a=b', 1]);
    assert.ok(head.timings.connect !== undefined);
    assert.equal(post.timings.connect, undefined, 'a connection that was kept is not made again');
  });

  it('tries again on a new connection when a kept one was closed meanwhile', async () => {
    let connections = 0;
    const port = await listening(
      tcpServer((socket) => {
        const mine = ++connections;
        socket.on('error', () => undefined);
        socket.on('data', (data) => {
          if (mine === 1 && data.includes('/second')) socket.destroy();
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        });
      }),
    );
    const http = createHttp({
      node: localNode(process.env),
      readFile: () => Promise.reject(new Error('none')),
      systemCa: () => Promise.resolve(''),
    });
    const one = await http.send(request(`http://127.0.0.1:${port}/`), undefined);
    const two = await http.send(request(`http://127.0.0.1:${port}/second`), undefined);
    await http.close();
    assert.deepEqual([said(one), said(two), connections], ['200', '200', 2]);
  });

  it('words every way in which bytes do not travel as Go does', async () => {
    const dead = await freePort();
    const cases: readonly (readonly [string, string, string])[] = [
      ['a dead port', `http://127.0.0.1:${dead}/`, `dial tcp 127.0.0.1:${dead}: connect: connection refused`],
      ['an end without an answer', `http://127.0.0.1:${await raw('')}/`, 'EOF'],
      ['half a header', `http://127.0.0.1:${await raw('HTTP/1.1 200 OK\r\nContent-')}/`, 'unexpected EOF'],
      [
        'another protocol',
        `http://127.0.0.1:${await raw('SSH-2.0-x\r\n')}/`,
        'net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-x"',
      ],
      [
        'http for https',
        `https://127.0.0.1:${await raw('HTTP/1.0 400 Bad Request\r\n\r\n')}/`,
        'http: server gave HTTP response to HTTPS client',
      ],
      [
        'something else for https',
        `https://127.0.0.1:${await raw('SSH-2.0-x\r\n')}/`,
        'tls: first record does not look like a TLS handshake',
      ],
      ['an end in the handshake', `https://127.0.0.1:${await raw('')}/`, 'EOF'],
      ['an alert', `https://127.0.0.1:${await raw(Buffer.from('15030300020228', 'hex'))}/`, 'remote error: tls: handshake failure'],
      [
        'an alert of old',
        `https://127.0.0.1:${await raw(Buffer.from('15030100020246', 'hex'))}/`,
        'remote error: tls: protocol version not supported',
      ],
    ];
    for (const [name, url, expected] of cases) assert.equal(said(await send(request(url))), expected, name);
  });

  it('is bounded against servers that are silent, trickle, or send without end', async () => {
    const silent = await raw('', false);
    const trickle = await listening(
      tcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const timer = setInterval(() => socket.write('x'), 20);
        socket.once('close', () => clearInterval(timer));
      }),
    );
    const endless = await listening(
      httpServer((_incoming, response) => {
        const more = () => {
          while (!response.destroyed && response.write('y'.repeat(65536)));
        };
        response.on('drain', more);
        more();
      }),
    );
    const limits = { responseMs: 200, idleMs: 200, bodyMs: 300 };
    assert.equal(said(await send(request(`http://127.0.0.1:${silent}/`), { limits })), 'context deadline exceeded');
    assert.equal(
      said(await send(request(`https://127.0.0.1:${silent}/`), { tlsHandshakeTimeoutMs: 200 })),
      'net/http: TLS handshake timeout',
    );
    const slow = await send(request(`http://127.0.0.1:${trickle}/`), { limits });
    assert.ok(slow.ok && slow.bodyFailure?.kind === 'deadline' && slow.digest === undefined);
    const cut = await send(request(`http://127.0.0.1:${endless}/`, { want: { body: 'text', maxBytes: 1000 } }));
    assert.deepEqual(cut.ok && [cut.body?.length, cut.digest, cut.bodyFailure], [1000, undefined, undefined]);
  });

  it('takes headers of a megabyte and gives up where Go does', async () => {
    const big = await raw(`HTTP/1.1 200 OK\r\nx-big: ${'a'.repeat(1 << 20)}\r\ncontent-length: 0\r\n\r\n`);
    const huge = await raw(`HTTP/1.1 200 OK\r\nx-big: ${'a'.repeat(11 << 20)}\r\ncontent-length: 0\r\n\r\n`);
    assert.equal(said(await send(request(`http://127.0.0.1:${big}/`))), '200');
    assert.match(said(await send(request(`http://127.0.0.1:${huge}/`))), /server response headers exceeded 10485760 bytes; aborted$/);
  });

  it('computes digest, size and diff id of a layer, and says when it was cut short', async () => {
    const tar = Buffer.alloc(300_000, 'layer');
    const packed = gzipSync(tar);
    const port = await listening(
      httpServer((incoming, response) => {
        response.writeHead(200, { 'content-length': packed.length });
        if (incoming.url === '/cut') response.write(packed.subarray(0, 100), () => response.destroy());
        else response.end(packed);
      }),
    );
    const want = { body: 'digest', diffId: true } as const;
    const hash = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const layer = await send(request(`http://127.0.0.1:${port}/layer`, { want }));
    assert.deepEqual(layer.ok && [layer.size, layer.digest, layer.diffId, layer.body], [packed.length, hash(packed), hash(tar), undefined]);
    const cut = await send(request(`http://127.0.0.1:${port}/cut`, { want }));
    const { digest, diffId, bodyFailure } = cut.ok ? cut : assert.fail();
    assert.deepEqual([digest, diffId, bodyFailure?.kind], [hash(packed.subarray(0, 100)), undefined, 'unexpected-eof']);
  });

  it("undoes an encoding as Go's transport does, and as containerd's fetcher does where it says what it takes", async () => {
    const plain = Buffer.from('{"errors":[]}');
    const bodies: Readonly<Record<string, readonly [encoding: string, body: Buffer]>> = {
      '/gzip': ['GZIP', gzipSync(plain)],
      '/deflate': ['deflate', deflateRawSync(plain)],
      '/both': ['deflate, gzip', gzipSync(deflateRawSync(plain))],
      '/identity': ['identity', plain],
      '/lie': ['gzip', plain],
      '/cut': ['gzip', gzipSync(plain).subarray(0, 20)],
      '/zlib': ['deflate', deflateSync(plain)],
      '/bomb': ['gzip', gzipSync(Buffer.alloc(50 << 20))],
    };
    const asked: unknown[] = [];
    const port = await listening(
      httpServer(({ url = '', headers }, response) => {
        asked.push(headers['accept-encoding']);
        const [encoding = '', body] = bodies[url] ?? [];
        response.writeHead(200, { 'content-encoding': encoding }).end(body);
      }),
    );
    const get = async (path: string, headers: HttpRequest['headers'] = []) => {
      const outcome = await send(request(`http://127.0.0.1:${port}${path}`, { headers, want: { body: 'text', maxBytes: 1000 } }));
      assert.ok(outcome.ok);
      return outcome.bodyFailure ? failureText(outcome.bodyFailure, '1.24') : outcome.size;
    };
    const own = [['accept-encoding', 'zstd;q=1.0, gzip;q=0.8, deflate;q=0.5']] as const;
    const size = plain.length;
    assert.deepEqual(
      [await get('/gzip'), await get('/gzip', own), await get('/gzip', [['range', 'bytes=1-']])],
      [size, size, gzipSync(plain).length],
    );
    assert.deepEqual(asked, ['gzip', own[0][1], undefined]);
    assert.deepEqual(
      [await get('/deflate'), await get('/deflate', own), await get('/both', own)],
      [deflateRawSync(plain).length, size, size],
    );
    assert.deepEqual([await get('/identity', own), await get('/lie'), await get('/cut')], [size, 'gzip: invalid header', 'unexpected EOF']);
    assert.equal(await get('/zlib', own), 'flate: corrupt input before offset 5');
    assert.equal(await get('/bomb'), 1000, 'no more is unpacked than is wanted');
  });

  it('an answer without a body ends with its headers, whatever length it gives (net/http bodyAllowedForStatus)', async () => {
    const port = await raw('HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n');
    const outcome = await send(request(`http://127.0.0.1:${port}/`));
    assert.ok(outcome.ok);
    assert.deepEqual([outcome.status, outcome.size, outcome.bodyFailure], [204, 0, undefined]);
  });

  it('can be cancelled while it waits', async () => {
    const port = await raw('', false);
    const listeners = new Set<() => void>();
    const cancellation: Cancellation = {
      cancelled: false,
      onCancelled: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    setTimeout(() => [...listeners].forEach((listener) => listener()), 50);
    assert.equal(said(await send(request(`http://127.0.0.1:${port}/`), {}, cancellation)), 'context canceled');
    assert.equal(listeners.size, 0);
  });
});

describe('TLS as Go judges it', () => {
  let pki: Pki;
  let ca: Issued;
  let strange: Issued;
  const tls = (caFile: string | undefined, more: Partial<TlsSettings> = {}): TlsSettings => ({
    skipVerify: false,
    caFiles: caFile === undefined ? [] : [caFile],
    clientCertificates: [],
    ...more,
  });

  before(() => {
    pki = createPki();
    ca = pki.authority('Test CA');
    strange = pki.authority('strange', undefined, { commonName: 'Test CA' });
  });
  after(() => {
    closeServers();
    pki.remove();
  });

  const ok: RequestListener = (_incoming, response) => void response.end('ok');
  const serve = (leaf: Issued, more: ServerOptions = {}) => listening(httpsServer({ key: leaf.key, cert: leaf.cert, ...more }, ok));
  const ask = async (port: number, settings: TlsSettings, host = '127.0.0.1') =>
    said(await send(request(`https://${host}:${port}/`, { tls: settings })));
  const prefix = 'tls: failed to verify certificate: x509: ';

  it('accepts a chain up to a CA file or the system store, by address and by name', async () => {
    const middle = pki.authority('middle', ca);
    const leaf = pki.leaf('good', middle, { names: 'DNS:localhost,IP:127.0.0.1' });
    const port = await serve(leaf, { cert: leaf.cert + middle.cert });
    assert.equal(await ask(port, tls(ca.certFile)), '200');
    assert.equal(await ask(port, tls(ca.certFile), 'localhost'), '200');
    assert.equal(
      said(await send(request(`https://127.0.0.1:${port}/`, { tls: tls(undefined) }), { systemCa: () => Promise.resolve(ca.cert) })),
      '200',
    );
    const bare = await serve(leaf);
    assert.equal(await ask(bare, tls(ca.certFile)), `${prefix}certificate signed by unknown authority`, 'the intermediate is missing');
  });

  it('refuses what Go refuses, in its words and its order', async () => {
    const wrong = await serve(pki.leaf('wrong', ca, { names: 'DNS:a.example,DNS:*.b.example' }));
    const expired = await serve(pki.leaf('expired', ca, { names: 'DNS:a.example', fromDays: -9, toDays: -2 }));
    const early = await serve(pki.leaf('early', ca, { names: 'IP:127.0.0.1', fromDays: 2, toDays: 9 }));
    const client = await serve(pki.leaf('usage', ca, { names: 'IP:127.0.0.1', usage: 'clientAuth' }));
    const nameless = await serve(pki.leaf('nameless', ca, { commonName: 'localhost' }));
    const trusted = tls(ca.certFile);
    assert.equal(await ask(wrong, trusted), `${prefix}cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs`);
    assert.equal(await ask(wrong, trusted, 'localhost'), `${prefix}certificate is valid for a.example, *.b.example, not localhost`);
    assert.match(
      await ask(expired, trusted),
      /x509: certificate has expired or is not yet valid: current time \S+ is after \S+$/,
      'before its name',
    );
    assert.match(await ask(early, trusted), /x509: certificate has expired or is not yet valid: current time \S+ is before \S+$/);
    assert.equal(await ask(client, trusted), `${prefix}certificate specifies an incompatible key usage`);
    assert.equal(await ask(nameless, trusted, 'localhost'), `${prefix}certificate relies on legacy Common Name field, use SANs instead`);
    assert.equal(await ask(wrong, tls(ca.certFile, { skipVerify: true })), '200');
  });

  it('tells an unknown authority from one of the same name', async () => {
    const port = await serve(pki.leaf('local', ca, { names: 'IP:127.0.0.1' }));
    assert.equal(await ask(port, tls(undefined)), `${prefix}certificate signed by unknown authority`);
    assert.equal(
      await ask(port, tls(strange.certFile)),
      `${prefix}certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "Test CA")`,
    );
  });

  it('sends nothing before the certificate has passed', async () => {
    let requests = 0;
    const leaf = pki.leaf('quiet', ca, { names: 'DNS:other.example' });
    const port = await listening(httpsServer({ key: leaf.key, cert: leaf.cert }, () => (requests += 1)));
    await ask(port, tls(ca.certFile));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(requests, 0);
  });

  it('presents a client certificate, and passes on the alert when it has none', async () => {
    const leaf = pki.leaf('mutual', ca, { names: 'IP:127.0.0.1' });
    const client = pki.leaf('client', ca, { usage: 'clientAuth' });
    const port = await serve(leaf, { requestCert: true, rejectUnauthorized: true, ca: [ca.cert] });
    const old = await serve(leaf, { requestCert: true, rejectUnauthorized: true, ca: [ca.cert], maxVersion: 'TLSv1.2' });
    const pair = { cert: client.certFile, key: client.keyFile };
    assert.equal(await ask(port, tls(ca.certFile, { clientCertificates: [pair] })), '200');
    assert.equal(await ask(port, tls(ca.certFile)), 'remote error: tls: certificate required');
    assert.equal(await ask(old, tls(ca.certFile)), 'remote error: tls: handshake failure');
    assert.equal(await ask(old, tls(undefined)), `${prefix}certificate signed by unknown authority`, 'the chain comes before the alert');
    const missing = await ask(port, tls('/nonexistent/ca.pem'));
    assert.match(missing, /ENOENT/);
  });
});
