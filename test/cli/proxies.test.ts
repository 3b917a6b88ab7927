import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ProxySettings } from '../../core/go/proxy';
import type { HttpOutcome } from '../../core/ports';
import { failureText } from '../../core/go/netErrors';
import { createHttp } from '../../cli/registry/http';
import { localNode } from '../../cli/transport/local';
import { startProxy, type HttpProxy } from '../fixtures/httpProxy';
import { tinyImage } from '../fixtures/image';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { scriptedRegistry, type ScriptedRegistry } from '../fixtures/scriptedRegistry';
import { startSocksProxy, type SocksAnswers } from '../fixtures/socksProxy';
import { until } from '../fixtures/until';

interface GetOptions {
  readonly caFiles?: readonly string[];
  readonly responseMs?: number;
  readonly tlsHandshakeTimeoutMs?: number;
}

async function get(
  url: string,
  settings: ProxySettings,
  { caFiles = [], responseMs = 5000, ...more }: GetOptions = {},
): Promise<HttpOutcome> {
  const http = createHttp({
    node: localNode(process.env),
    readFile: (path) => readFile(path, 'utf8'),
    systemCa: () => Promise.resolve(''),
    proxies: () => Promise.resolve(settings),
    limits: { responseMs },
    ...more,
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
    const outcome = await get(`https://reg.example:${port()}/v2/`, settings(through), { caFiles: [ca.certFile] });
    await proxy.close();
    assert.ok(outcome.ok, JSON.stringify(outcome));
    assert.equal(outcome.status, 200);
    assert.deepEqual(proxy.seen, [`CONNECT reg.example:${port()} Basic ${Buffer.from('al:s t').toString('base64')}`]);
  });

  it('refuse a certificate behind a tunnel as without one', async () => {
    const proxy = await startProxy();
    const outcome = await get(`https://other.example:${port()}/v2/`, settings(proxy.url), { caFiles: [ca.certFile] });
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
    const direct = await get(`https://127.0.0.1:${port()}/v2/`, settings(proxy.url), { caFiles: [ca.certFile] });
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
    ['HTTP/1.1 407  X\r\n\r\n', ' X'],
    ['', 'unexpected EOF'],
    ['HTTP/1.1 2', 'malformed HTTP status code "2"'],
    ['HTTP/1.1 200', 'unexpected EOF'],
    ['HTTP/1.1 200 OK\r\nx: y\r\n', 'unexpected EOF'],
    ['HTTP/2 200 OK\r\n\r\n', 'malformed HTTP version "HTTP/2"'],
    ['SSH-2.0-x\r\n\r\n', 'malformed HTTP response "SSH-2.0-x"'],
    [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`, 'the proxy answered with more than 64 KiB before it made a connection'],
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
    const others = await Promise.all(
      ['socks5', 'socks5h', 'https', 'socks4'].map((scheme) => get('https://reg.example/', settings(`${scheme}://127.0.0.1:9`))),
    );
    const texts = [gone, odd, ...others].map(textOf);
    assert.deepEqual(texts, [
      'proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused',
      'proxyconnect tcp: dial tcp :0: connect: connection refused',
      ...others.map(() => 'proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused'),
    ]);
  });

  describe('that speaks TLS', () => {
    const tlsProxy = (names: string, refusal?: string): Promise<HttpProxy> => {
      const { cert, key } = pki.leaf(`proxy-${names}`, ca, { names });
      return startProxy(refusal, { cert, key });
    };
    const with443 = (): GetOptions => ({ caFiles: [ca.certFile], tlsHandshakeTimeoutMs: 1000 });

    it('open a tunnel inside it, and hand it whole URLs, once its certificate fits', async () => {
      const proxy = await tlsProxy('IP:127.0.0.1');
      const through = settings(proxy.url.replace('https://', 'https://al:pw@'));
      const tunnel = await get(`https://reg.example:${port()}/v2/`, through, with443());
      const plain = await get('http://reg.example/v2/x', through, with443());
      await proxy.close();
      const authorization = `Basic ${Buffer.from('al:pw').toString('base64')}`;
      assert.deepEqual([tunnel.ok && tunnel.status, plain.ok && plain.body], [200, 'through the proxy'], JSON.stringify(tunnel));
      assert.deepEqual(proxy.seen, [`CONNECT reg.example:${port()} ${authorization}`, `GET http://reg.example/v2/x ${authorization}`]);
    });

    it('say what is wrong with its certificate, its refusal, its silence, and that it speaks no TLS', async () => {
      const good = await tlsProxy('IP:127.0.0.1', 'HTTP/1.1 403 Forbidden\r\n\r\n');
      const named = await tlsProxy('DNS:proxy.example');
      const plain = await startProxy();
      const silent = await startSocksProxy([]);
      const asked = [
        await get('https://reg.example/', settings(good.url), with443()),
        await get('https://reg.example/', settings(good.url)),
        await get('http://reg.example/', settings(named.url), with443()),
        await get('https://reg.example/', settings(plain.url.replace('http', 'https')), with443()),
        await get('https://reg.example/', settings(`https://${silent.address}`), with443()),
      ];
      for (const proxy of [good, named, plain, silent]) await proxy.close();
      assert.deepEqual(asked.map(textOf), [
        'Forbidden',
        'proxyconnect tcp: tls: failed to verify certificate: x509: certificate signed by unknown authority',
        "proxyconnect tcp: tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
        'proxyconnect tcp: tls: first record does not look like a TLS handshake',
        'proxyconnect tcp: net/http: TLS handshake timeout',
      ]);
      assert.deepEqual(named.seen, []);
    });
  });

  describe('that speaks SOCKS', () => {
    const chosen = [5, 0];
    const connected = [5, 0, 0, 1, 127, 0, 0, 1, 0, 80];
    const hex = (bytes: readonly Buffer[]): readonly string[] => bytes.map((one) => one.toString('latin1'));

    it('give it the name, and the user where the URL has one; the certificate is that of the target', async () => {
      const proxy = await startSocksProxy([[5, 2], [1, 0], [5, 0, 0, 3, 1, 65, 0, 80], Number(port())]);
      const outcome = await get(`https://reg.example:${port()}/v2/`, settings(`socks5h://al:s%20t@${proxy.address}`), {
        caFiles: [ca.certFile],
      });
      await proxy.close();
      assert.ok(outcome.ok, JSON.stringify(outcome));
      assert.deepEqual(hex(proxy.heard), [
        '\x05\x02\x00\x02',
        '\x01\x02al\x03s t',
        `\x05\x01\x00\x03\x0breg.example${String.fromCharCode(Number(port()) >> 8, Number(port()) & 255)}`,
      ]);
    });

    it('speak plain http through it as without a proxy', async () => {
      const behind = await scriptedRegistry(tinyImage('behind socks'));
      const proxy = await startSocksProxy([chosen, [5, 0, 0, 4, ...Array<number>(18).fill(0)], Number(behind.host.split(':')[1])]);
      const outcome = await get('http://[2001:db8::1]:5000/v2/', settings(`socks5://${proxy.address}`));
      await Promise.all([proxy.close(), behind.close()]);
      assert.ok(outcome.ok, JSON.stringify(outcome));
      assert.deepEqual(behind.requests, [{ method: 'GET', url: '/v2/', authorization: undefined }]);
      assert.equal(hex(proxy.heard)[1], `\x05\x01\x00\x04\x20\x01\x0d\xb8${'\0'.repeat(11)}\x01\x13\x88`);
    });

    // Each as a client of Go 1.26 says it of a server that answers so.
    const answers: readonly (readonly [user: string, answers: SocksAnswers, text: string])[] = [
      ['', ['HTTP/1.1 400 Bad Request'], 'unexpected protocol version 72'],
      ['', [[5]], 'unexpected EOF'],
      ['', [[]], 'EOF'],
      ['', [[5, 255]], 'no acceptable authentication methods'],
      ['al:pw@', [[5, 1]], 'unsupported authentication method 1'],
      [
        'al:pw@',
        [
          [5, 2],
          [1, 1],
        ],
        'username/password authentication failed',
      ],
      [
        'al:pw@',
        [
          [5, 2],
          [5, 0],
        ],
        'invalid username/password version',
      ],
      ['al:pw@', [[5, 2], [1]], 'unexpected EOF'],
      ['al@', [[5, 2]], 'invalid username/password'],
      ['', [chosen, [5, 1, 0, 1]], 'unknown error general SOCKS server failure'],
      ['', [chosen, [5, 2, 0, 1]], 'unknown error connection not allowed by ruleset'],
      ['', [chosen, [5, 4, 0, 1]], 'unknown error host unreachable'],
      ['', [chosen, [5, 5, 0, 1]], 'unknown error connection refused'],
      ['', [chosen, [5, 9, 0, 1]], 'unknown error unknown code: 9'],
      ['', [chosen, [4, 0, 0, 1]], 'unexpected protocol version 4'],
      ['', [chosen, [5, 0, 7, 1]], 'non-zero reserved field'],
      ['', [chosen, [5, 0, 0, 9]], 'unknown address type 9'],
      ['', [chosen, [5, 0, 0, 3, 5, 65]], 'unexpected EOF'],
    ];
    for (const [user, given, text] of answers)
      it(`say ${JSON.stringify(text)} of ${JSON.stringify(given)}`, async () => {
        const proxy = await startSocksProxy(given);
        const outcome = await get('https://reg.example/v2/', settings(`socks5://${user}${proxy.address}`));
        await proxy.close();
        assert.equal(textOf(outcome), `socks connect tcp ${proxy.address}->reg.example:443: ${text}`);
      });

    it('say what fails before and after', async () => {
      const proxy = await startSocksProxy([chosen, connected]);
      const port0 = await get('https://reg.example:0/', settings(`socks5://${proxy.address}`));
      const cut = await get('https://reg.example/', settings(`socks5://${proxy.address}`));
      await proxy.close();
      assert.deepEqual([port0, cut].map(textOf), ['socks connect tcp: port number out of range 0', 'EOF']);
    });

    it('wait for a silent one no longer than for any answer, and leave no connection behind', async () => {
      const proxy = await startSocksProxy([]);
      const started = performance.now();
      const outcome = await get('https://reg.example/', settings(`socks5://${proxy.address}`), { responseMs: 300 });
      const waited = performance.now() - started;
      await until(() => proxy.open.size === 0, 'a connection is left');
      await proxy.close();
      assert.equal(textOf(outcome), 'context deadline exceeded');
      assert.ok(waited < 5000, `${waited} ms`);
    });
  });
});

/** What Go 1.24 says; nothing of an answer. */
function textOf(outcome: HttpOutcome): string {
  return outcome.ok ? '' : failureText(outcome.failure, '1.24');
}
