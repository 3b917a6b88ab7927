import assert from 'node:assert/strict';
import type { RegistryHost } from '../../../core/hosts/hostsFile';
import type { HttpRequest } from '../../../core/ports';
import { writtenHeaders } from '../../../core/resolver/headers';
import type { PullContext } from '../../../core/resolver/machine';
import { context, digest, host, manifest, response, run } from './harness';

const type = 'application/vnd.oci.image.manifest.v1+json';

/** What the first HEAD and the first GET of a pull carry. */
async function sent(release: string, headers: RegistryHost['headers'], over: Partial<PullContext> = {}) {
  const asked: HttpRequest[] = [];
  const hosts = { ok: true, hosts: [host('https://reg.example', { headers })] } as const;
  await run(context(release, { until: 'manifest', hosts, ...over }), (request) => {
    asked.push(request);
    const about = { 'content-type': type, 'docker-content-digest': digest, 'content-length': String(manifest.length) };
    return response(200, about, request.method === 'HEAD' ? undefined : manifest);
  });
  const [head, get] = ['HEAD', 'GET'].map((method) => asked.find((request) => request.method === method)?.headers ?? []);
  return { head: head ?? [], get: get ?? [] };
}

function named(headers: HttpRequest['headers'], name: string): readonly string[] {
  return headers.filter(([key]) => key === name).map(([, value]) => value);
}

describe('headers of a request', () => {
  it('name containerd before 2.1 whatever user agent a hosts.toml has, since 2.1 that one', async () => {
    assert.deepEqual(named((await sent('1.6.20', { 'User-Agent': ['me'] })).head, 'User-Agent'), ['containerd/v1.6.20']);
    assert.deepEqual(named((await sent('2.0.5', { 'User-Agent': ['me'] })).head, 'User-Agent'), ['containerd/v2.0.5']);
    assert.deepEqual(named((await sent('2.1.0', { 'User-Agent': ['me'] })).head, 'User-Agent'), ['me']);
    assert.deepEqual(named((await sent('2.1.0', { 'User-Agent': [''] })).head, 'User-Agent'), ['containerd/v2.1.0']);
  });

  it('have what is spelt otherwise than Go spells it beside what Go writes', async () => {
    const { head } = await sent('2.1.0', { 'user-agent': ['me'], accept: ['text/html'] });
    assert.deepEqual(named(head, 'User-Agent'), ['containerd/v2.1.0']);
    assert.deepEqual(named(head, 'user-agent'), ['me']);
    assert.equal(named(head, 'Accept').length, 1);
    assert.deepEqual(named(head, 'accept'), ['text/html']);
  });

  it('have an Accept of a hosts.toml beside that of a resolve, and lose it when content is fetched', async () => {
    const { head, get } = await sent('1.7.24', { Accept: ['text/html'] });
    assert.deepEqual(named(head, 'Accept')[0], 'text/html');
    assert.equal(named(head, 'Accept').length, 2);
    assert.deepEqual(named(get, 'Accept'), [`${type}, */*`]);
  });

  it('have an Accept of registry.headers in place of that of a resolve, and not when content is fetched', async () => {
    const { head, get } = await sent('1.7.24', {}, { headers: { Accept: ['text/html'], 'X-Meta': ['a'] } });
    assert.deepEqual(named(head, 'Accept'), ['text/html']);
    assert.deepEqual(named(get, 'Accept'), [`${type}, */*`]);
    assert.deepEqual(named(get, 'X-Meta'), ['a']);
  });

  it('never have those that net/http writes itself', () => {
    const written = writtenHeaders([
      ['X-B', 'b'],
      ['Host', 'else.example'],
      ['Content-Length', '5'],
      ['Transfer-Encoding', 'chunked'],
      ['User-Agent', 'first'],
      ['User-Agent', 'second'],
      ['A', 'a'],
    ]);
    assert.deepEqual(written, [
      ['User-Agent', 'first'],
      ['A', 'a'],
      ['X-B', 'b'],
    ]);
  });
});

describe('a redirect with credentials', () => {
  for (const [go, follows] of [
    ['1.19', false],
    ['1.24', true],
  ] as const) {
    it(`${follows ? 'keeps' : 'loses'} them at another port of the same host with Go ${go}`, async () => {
      const asked: HttpRequest[] = [];
      const hosts = { ok: true, hosts: [host('http://reg.example:5000', { headers: { Authorization: ['Basic eA=='] } })] } as const;
      await run(context('1.7.24', { go, hosts }), (request) => {
        asked.push(request);
        return request.url.includes(':5000') ? response(307, { location: 'http://reg.example:5002/x' }) : response(404);
      });
      assert.deepEqual(
        asked.map(({ headers }) => named(headers, 'Authorization').length),
        follows ? [1, 1] : [1, 0],
      );
    });
  }
});
