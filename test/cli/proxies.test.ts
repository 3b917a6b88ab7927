import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { ProxySettings } from '../../core/go/proxy';
import type { HttpOutcome } from '../../core/ports';
import { failureText } from '../../core/go/netErrors';
import { createHttp } from '../../cli/registry/http';
import { localNode } from '../../cli/transport/local';
import { tinyImage } from '../fixtures/image';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { scriptedRegistry, type ScriptedRegistry } from '../fixtures/scriptedRegistry';

interface Proxy {
  readonly url: string;
  readonly seen: string[];
  close(): Promise<void>;
}

/** A proxy that takes every name for loopback, so that names outside NO_PROXY's exemption of loopback can be asked for. */
async function startProxy(refusal?: string): Promise<Proxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? '-'}`);
    response.end('through the proxy');
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, socket, head) => {
    seen.push(`CONNECT ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? '-'}`);
    if (refusal !== undefined) {
      socket.end(refusal);
      return;
    }
    const behind = connect(Number(/:(\d+)$/.exec(request.url ?? '')?.[1]), '127.0.0.1');
    behind.on('error', () => socket.destroy());
    socket.on('error', () => behind.destroy()).on('close', () => behind.destroy());
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    behind.write(head);
    socket.pipe(behind).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function get(url: string, settings: ProxySettings, caFiles: readonly string[] = []): Promise<HttpOutcome> {
  const http = createHttp({
    node: localNode(process.env),
    readFile: (path) => readFile(path, 'utf8'),
    systemCa: () => Promise.resolve(''),
    proxies: () => Promise.resolve(settings),
  });
  const tls = { skipVerify: false, caFiles, clientCertificates: [] };
  const outcome = await http.send(
    { method: 'GET', url, headers: [], tls, dialTimeoutMs: 5000, want: { body: 'text', maxBytes: 1000 } },
    undefined,
  );
  await http.close();
  return outcome;
}

describe('requests through a proxy', () => {
  let pki: Pki;
  let ca: Issued;
  let registry: ScriptedRegistry;
  before(async () => {
    pki = createPki();
    ca = pki.authority('ca');
    const leaf = pki.leaf('reg', ca, { names: 'DNS:reg.example' });
    registry = await scriptedRegistry(tinyImage('proxies'), undefined, { cert: leaf.cert, key: leaf.key });
  });
  after(async () => {
    await registry.close();
    pki.remove();
  });
  const port = (): string => registry.host.split(':')[1] ?? '';
  const settings = (proxy: string, none = ''): ProxySettings => ({ http: proxy, https: proxy, none });

  it('open a tunnel for https, with the credentials of the proxy, and verify the certificate behind it', async () => {
    const proxy = await startProxy();
    const through = proxy.url.replace('http://', 'http://al:s%20t@');
    const outcome = await get(`https://reg.example:${port()}/v2/`, settings(through), [ca.certFile]);
    await proxy.close();
    assert.ok(outcome.ok, JSON.stringify(outcome));
    assert.equal(outcome.status, 200);
    assert.deepEqual(proxy.seen, [`CONNECT reg.example:${port()} Basic ${Buffer.from('al:s t').toString('base64')}`]);
  });

  it('refuse a certificate behind a tunnel as without one', async () => {
    const proxy = await startProxy();
    const outcome = await get(`https://other.example:${port()}/v2/`, settings(proxy.url), [ca.certFile]);
    await proxy.close();
    assert.ok(!outcome.ok);
    assert.match(failureText(outcome.failure, '1.24'), /certificate is valid for reg\.example, not other\.example$/);
    assert.deepEqual(
      registry.requests
        .splice(0)
        .map(({ url }) => url)
        .filter((url) => url !== '/v2/'),
      [],
    );
  });

  it('hand the whole URL to the proxy for plain http', async () => {
    const proxy = await startProxy();
    const outcome = await get('http://reg.example/v2/x?ns=docker.io', settings(proxy.url.replace('http://', 'http://al:pw@')));
    await proxy.close();
    assert.ok(outcome.ok);
    assert.equal(outcome.body, 'through the proxy');
    assert.deepEqual(proxy.seen, [`GET http://reg.example/v2/x?ns=docker.io Basic ${Buffer.from('al:pw').toString('base64')}`]);
  });

  it('go direct where NO_PROXY says so, and for loopback', async () => {
    const proxy = await startProxy();
    const direct = await get(`https://127.0.0.1:${port()}/v2/`, settings(proxy.url), [ca.certFile]);
    const exempt = await get('http://reg.invalid/v2/', settings(proxy.url, '.invalid'));
    await proxy.close();
    assert.ok(!direct.ok && direct.failure.kind === 'tls');
    assert.ok(!exempt.ok && exempt.failure.kind === 'lookup', JSON.stringify(exempt));
    assert.deepEqual(proxy.seen, []);
  });

  const refusals: readonly (readonly [answer: string, text: string])[] = [
    ['HTTP/1.1 403 Forbidden\r\n\r\n', 'Forbidden'],
    ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'Proxy Authentication Required'],
    ['HTTP/1.1 502\r\n\r\n', 'unknown status code'],
    ['', 'EOF'],
    ['HTTP/1.1 2', 'unexpected EOF'],
    ['SSH-2.0-x\r\n\r\n', 'net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-x"'],
    [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`, 'the proxy answered CONNECT with more than 64 KiB of headers'],
  ];
  for (const [answer, text] of refusals)
    it(`say ${JSON.stringify(text.slice(0, 40))} when the proxy answers ${JSON.stringify(answer.slice(0, 30))}`, async () => {
      const proxy = await startProxy(answer);
      const outcome = await get('https://reg.example/v2/', settings(proxy.url));
      await proxy.close();
      assert.ok(!outcome.ok);
      assert.equal(failureText(outcome.failure, '1.24'), text);
    });

  it('frame a proxy that cannot be reached as Go does', async () => {
    const gone = await get('https://reg.example/', settings('http://127.0.0.1:9'));
    const odd = await get('https://reg.example/', settings('proxy.example:bad'));
    const socks = await get('https://reg.example/', settings('socks5://127.0.0.1:9'));
    const texts = [gone, odd, socks].map((outcome) => (outcome.ok ? '' : failureText(outcome.failure, '1.24')));
    assert.deepEqual(texts, [
      'proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused',
      'proxyconnect tcp: dial tcp :0: connect: connection refused',
      'a replay cannot go through a proxy of the kind socks5://',
    ]);
  });
});
