import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckDocument, ReadyDocument } from '../../core/protocol/ready';
import { call } from '../fixtures/call';
import { startProxy } from '../fixtures/httpProxy';
import { tinyImage } from '../fixtures/image';
import { createPki, type Pki } from '../fixtures/pki';
import { scriptedRegistry, type ScriptedRegistry } from '../fixtures/scriptedRegistry';
import { startSocksProxy } from '../fixtures/socksProxy';
import { freePort, startSshd, type Sshd } from '../fixtures/sshd';
import { standIns, startContainerd } from '../fixtures/standIns';

/**
 * A node that has processes of its own, a containerd among them that was started with the variables of `environment`, and authorities of
 * its own. Needs root and util-linux.
 */
function startProxyNode(folder: string): Promise<Sshd> {
  const { path } = standIns(folder, { curl: `cat /proc/[0-9]*/cmdline >>${folder}/arguments\nrun curl "$@"` });
  const inside = [
    `mount --bind ${folder}/authorities /etc/ssl/certs/ca-certificates.crt`,
    startContainerd(`(set -a; . ${folder}/environment; exec ${folder}/containerd)`),
    `PATH=${path} exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`,
  ].join(' && ');
  return startSshd({
    settings: [`ForceCommand export SSH_ORIGINAL_COMMAND; exec unshare --mount --pid --fork --mount-proc /bin/sh -c '${inside}'`],
    hosts: '127.0.0.1 direct.example localhost\n',
  });
}

describe('ready on a node whose containerd was started with a proxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crb-proxy-'));
  let pki: Pki;
  let sshd: Sshd;
  let registry: ScriptedRegistry;
  let plain: Server;
  let plainPort = 0;
  before(async () => {
    pki = createPki();
    const ca = pki.authority('ca');
    const leaf = pki.leaf('reg', ca, { names: 'DNS:reg.example,DNS:direct.example' });
    writeFileSync(join(folder, 'authorities'), ca.cert);
    writeFileSync(join(folder, 'containerd'), '#!/bin/sh\nwhile :; do sleep 1; done\n', { mode: 0o755 });
    registry = await scriptedRegistry(tinyImage('ready by proxy'), undefined, { cert: leaf.cert, key: leaf.key });
    plain = createServer((_request, response) => void response.writeHead(401).end()).listen(0, '127.0.0.1');
    sshd = await startProxyNode(folder);
    plainPort = (plain.address() as AddressInfo).port;
  });
  after(async () => {
    await Promise.all([sshd.stop(), registry.close()]);
    plain.close();
    pki.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const port = (): string => registry.host.split(':')[1] ?? '';

  interface Outcome {
    readonly status: number | null;
    /** `pass tcp/proxy`, of the way to the registry. */
    readonly way: readonly string[];
    readonly checks: readonly CheckDocument[];
    /** All that was said, of whatever kind. */
    readonly all: string;
  }

  async function ready(environment: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Outcome> {
    const lines = Object.entries(environment).map(([name, value]) => `${name}='${value}'\n`);
    writeFileSync(join(folder, 'environment'), lines.join(''));
    const { status, stdout, stderr } = await call([
      ...['ready', '--node', sshd.name, '--ssh-config', sshd.config, '--format', 'json'],
      ...words,
    ]);
    const { checks } = JSON.parse(stdout) as ReadyDocument;
    const way = checks.filter(({ id }) => ['dns', 'tcp', 'registry-proxy', 'tls', 'registry-v2'].includes(id));
    return { status, checks, way: way.map((check) => `${check.status} ${check.messageId}`), all: stdout + stderr };
  }

  const proxied = ['pass dns/proxy-address', 'pass tcp/proxy', 'pass registry-proxy/pass'];

  it('is ready when the registry is reached by the proxy alone, with the user of its URL, which is shown nowhere', async () => {
    const proxy = await startProxy(undefined, undefined, 'al:s%cret');
    const url = proxy.url.replace('http://', 'http://al:s%25cret@');
    const secured = await ready({ HTTPS_PROXY: url }, '--registry', `reg.example:${port()}`);
    const unsecured = await ready({ http_proxy: url }, '--registry', 'http://reg.example');
    await proxy.close();
    assert.deepEqual(secured.way, [...proxied, 'pass tls/pass', 'pass registry-v2/pass'], secured.all);
    assert.deepEqual([secured.status, unsecured.status], [0, 0]);
    assert.deepEqual(unsecured.way, [...proxied, 'skip tls/plain', 'pass registry-v2/pass'], unsecured.all);
    const authorization = `Basic ${Buffer.from('al:s%cret').toString('base64')}`;
    assert.deepEqual(proxy.seen, [`CONNECT reg.example:${port()} ${authorization}`, `GET http://reg.example/v2/ ${authorization}`]);
    assert.match(secured.all, new RegExp(`The proxy ${proxy.url}, which containerd takes for reg\\.example, accepts connections`));
    for (const { all } of [secured, unsecured]) assert.doesNotMatch(all, /cret|al:/);
  });

  it('is ready by SOCKS', async () => {
    const proxy = await startSocksProxy([[5, 0], [5, 0, 0, 1, 127, 0, 0, 1, 0, 80], Number(port())]);
    const { status, way, all } = await ready({ HTTPS_PROXY: `socks5://${proxy.address}` }, '--registry', `reg.example:${port()}`);
    await proxy.close();
    assert.deepEqual([status, way], [0, [...proxied, 'pass tls/pass', 'pass registry-v2/pass']], all);
  });

  it('asks directly what NO_PROXY names', async () => {
    const proxy = await startProxy();
    const environment = { HTTPS_PROXY: proxy.url, NO_PROXY: `x,direct.example:${port()}` };
    const { status, way, all } = await ready(environment, '--registry', `direct.example:${port()}`);
    await proxy.close();
    assert.deepEqual([status, way], [0, ['pass dns/pass', 'pass tcp/pass', 'pass tls/pass', 'pass registry-v2/pass']], all);
    assert.deepEqual(proxy.seen, []);
  });

  it('is not ready when the proxy is dead, although the registry could be reached directly', async () => {
    const dead = await freePort();
    const direct = await ready({}, '--registry', `direct.example:${port()}`);
    assert.equal(direct.status, 0, direct.all);
    const { status, way, all } = await ready({ HTTPS_PROXY: `127.0.0.1:${dead}` }, '--registry', `direct.example:${port()}`);
    assert.deepEqual(
      [status, way],
      [1, ['pass dns/proxy-address', 'fail tcp/proxy-refused', 'skip registry-proxy/after', 'skip tls/after', 'fail registry-v2/fail']],
    );
    assert.match(
      all,
      new RegExp(`No connection to the proxy http://127\\.0\\.0\\.1:${dead}, which containerd takes for direct\\.example: .*refused`),
    );
    const lost = await ready({ HTTPS_PROXY: 'http://squid.invalid:3128' }, '--registry', `direct.example:${port()}`);
    assert.equal(lost.status, 1);
    assert.match(lost.way[0] ?? '', /^fail dns\/proxy-(?:fail|no-answer)$/);
    assert.match(lost.all, /squid\.invalid/);
  });

  const refusals: readonly (readonly [answer: string, outcome: string, reason: RegExp])[] = [
    ['HTTP/1.1 407 Authenticate yourself\r\n\r\n', 'login', /Authenticate yourself/],
    ['HTTP/1.1 403 Forbidden\r\n\r\n', 'denied', /Forbidden/],
    ['HTTP/1.1 503 Service Unavailable\r\n\r\n', 'unreached', /Service Unavailable/],
    ['SSH-2.0-x\r\n\r\n', 'fail', /malformed HTTP response/],
    ['', 'fail', /EOF/],
  ];
  for (const [answer, outcome, reason] of refusals)
    it(`names a proxy as the cause that answers ${JSON.stringify(answer)}`, async () => {
      const proxy = await startProxy(answer);
      const { status, way, checks } = await ready({ HTTPS_PROXY: proxy.url }, '--registry', `direct.example:${port()}`);
      await proxy.close();
      assert.deepEqual(
        [status, way],
        [
          1,
          [
            ...['pass dns/proxy-address', 'pass tcp/proxy', `fail registry-proxy/${outcome}`],
            ...['skip tls/after', 'fail registry-v2/fail'],
          ],
        ],
      );
      assert.match(checks.find(({ id }) => id === 'registry-proxy')?.message ?? '', reason);
    });

  it('names a proxy as the cause that wants a password for plain HTTP', async () => {
    const proxy = await startProxy(undefined, undefined, 'al:pw');
    const { status, way, all } = await ready({ HTTP_PROXY: proxy.url }, '--registry', 'http://reg.example');
    await proxy.close();
    assert.deepEqual([status, way.slice(2)], [1, ['fail registry-proxy/login', 'skip tls/after', 'fail registry-v2/fail']]);
    const finding = (JSON.parse(all) as ReadyDocument).findings.find(({ id }) => id === 'registry-proxy');
    assert.match(finding?.message ?? '', /HTTP_PROXY and HTTPS_PROXY in a drop-in/);
  });

  it('judges the certificate behind the proxy, and that of a proxy that speaks TLS', async () => {
    const other = pki.authority('other');
    const { cert, key } = pki.leaf('proxy', other, { names: 'IP:127.0.0.1' });
    const [proxy, tlsProxy] = await Promise.all([startProxy(), startProxy(undefined, { cert, key })]);
    const name = await ready({ HTTPS_PROXY: proxy.url }, '--registry', `other.example:${port()}`);
    const unknown = await ready({ HTTPS_PROXY: tlsProxy.url }, '--registry', `reg.example:${port()}`);
    await Promise.all([proxy.close(), tlsProxy.close()]);
    assert.deepEqual(name.way, [...proxied, 'fail tls/name', 'fail registry-v2/fail']);
    assert.deepEqual(unknown.way.slice(2), ['fail registry-proxy/certificate', 'skip tls/after', 'fail registry-v2/fail']);
  });

  it('asks through a named interface by the proxy too, and shows no password in the arguments of a program', async () => {
    const dead = await freePort();
    const proxy = await startProxy(undefined, undefined, 'al:s"cr\'et');
    const url = proxy.url.replace('http://', 'http://al:s%22cr%27et@');
    const words = ['--interface', 'lo', '--registry', `reg.example:${port()}`];
    const over = ({ checks }: Outcome): string => {
      const found = checks.find(({ id }) => id === 'registry-over-interface');
      return `${found?.messageId ?? ''} ${found?.message ?? ''}`;
    };
    const through = await ready({ HTTPS_PROXY: url }, ...words);
    const refused = await ready({ HTTPS_PROXY: proxy.url }, ...words);
    const gone = await ready({ HTTPS_PROXY: `http://127.0.0.1:${dead}` }, ...words);
    const unsecured = await ready({ HTTP_PROXY: proxy.url }, '--interface', 'lo', '--registry', 'http://reg.example');
    await proxy.close();
    assert.match(over(through), /^registry-over-interface\/proxy .* through lo and the proxy http:\/\/127\.0\.0\.1:\d+, which/);
    assert.match(over(refused), /^registry-over-interface\/proxy-unanswered .*: the proxy refuses with status 407\.$/);
    assert.match(over(gone), /^registry-over-interface\/proxy-unanswered .*the connection was refused/);
    assert.match(over(unsecured), /^registry-over-interface\/proxy-unanswered .*: the proxy refuses with status 407\.$/);
    const shown = readFileSync(join(folder, 'arguments'), 'latin1');
    assert.match(shown, /curl\0.{0,200}--interface/s);
    for (const text of [through.all, shown]) assert.doesNotMatch(text, /cr'et|cr%27et|cr'\\''et/);
  });

  it('waits until the proxy leads there', async () => {
    const proxy = await startProxy();
    let connections = 0;
    const relay = createTcp((socket) => {
      connections += 1;
      if (connections === 1) {
        socket.destroy();
        return;
      }
      const behind = connect(Number(new URL(proxy.url).port), '127.0.0.1');
      socket
        .on('error', () => behind.destroy())
        .pipe(behind)
        .on('error', () => socket.destroy())
        .pipe(socket);
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    const { status, all } = await ready({ HTTPS_PROXY: url }, '--registry', `reg.example:${port()}`, '--watch', '--timeout', '30');
    relay.close();
    await proxy.close();
    const { watched } = JSON.parse(all) as ReadyDocument;
    const changes = watched?.changes.filter(({ id }) => id === 'registry-proxy').map((change) => change.status);
    assert.deepEqual([status, changes], [0, ['fail', 'pass']], all);
  });

  it('says the same of a recording, in which no password is', async () => {
    const proxy = await startProxy(undefined, undefined, 'al:s%cret');
    const environment = { HTTPS_PROXY: proxy.url.replace('http://', 'http://al:s%25cret@') };
    const words = ['--interface', 'lo', '--registry', `reg.example:${port()}`];
    const file = join(folder, 'recording');
    const seen = await ready(environment, ...words, '--record', file);
    await proxy.close();
    const again = await call(['ready', '--node', `recorded:${file}`, '--format', 'json', ...words]);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /cret/);
    assert.equal(again.stderr, '');
    const kept = (checks: readonly CheckDocument[]): readonly string[] => checks.map(({ messageId, message }) => `${messageId} ${message}`);
    assert.deepEqual(kept((JSON.parse(again.stdout) as ReadyDocument).checks), kept(seen.checks));
    assert.match(again.stdout, /registry-over-interface\/proxy"/);
  });

  it('says of plain HTTP what the registry answers', async () => {
    const { status, way } = await ready({}, '--registry', `http://direct.example:${plainPort}`);
    assert.deepEqual([status, way], [0, ['pass dns/pass', 'pass tcp/pass', 'skip tls/plain', 'pass registry-v2/pass']]);
  });
});
