import assert from 'node:assert/strict';
import type { HttpRequest, HttpResponse } from '../../../core/ports';
import { verdict } from '../../../core/resolver/verdict';
import { context, digest, host, manifest, reportedOf, response, run } from './harness';

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const hosts = { ok: true, hosts: [host('http://mirror.example')] } as const;
const reference = { name: 'reg.example:5000/a/b:t', host: 'reg.example:5000', repository: 'a/b', object: 't', digest: undefined };

function found({ method }: HttpRequest, type?: string) {
  const headers = { 'content-length': String(manifest.length), 'docker-content-digest': digest, ...(type && { 'content-type': type }) };
  return method === 'HEAD' ? response(200, headers) : response(404);
}

describe('an error with a gRPC code of its own', () => {
  for (const [release, port] of [
    ['1.6.39', '%!A(MISSING)5000'],
    ['1.7.24', '%!A(MISSING)5000'],
    ['1.7.25', '%3A5000'],
    ['2.1.9', '%3A5000'],
  ] as const)
    it(`${release} writes the port of ns= as ${port}`, async () => {
      const { result } = await run(context(release, { reference, hosts, until: 'manifest' }), (request) => found(request, ociManifest));
      assert.ok(reportedOf(result)?.endsWith(`?ns=reg.example${port} not found: not found`), String(reportedOf(result)));
    });

  it('one without is left as it is, and so are those that ctr makes itself', async () => {
    for (const [way, status] of [
      ['cri', 500],
      ['ctr', 404],
    ] as const) {
      const { result } = await run(context('1.7.24', { reference, hosts, way, until: 'manifest' }), (request) =>
        request.method === 'HEAD' ? found(request, ociManifest) : response(status),
      );
      assert.match(reportedOf(result) ?? '', /\?ns=reg\.example%3A5000\b/);
    }
  });
});

describe('a HEAD without Content-Type', () => {
  for (const [release, way, text] of [
    ['1.6.39', 'cri', 'failed to pull and unpack image "reg.example:5000/a/b:t": '],
    ['2.1.9', 'cri', 'failed to pull and unpack image "reg.example:5000/a/b:t": '],
    ['2.1.9', 'cri-local', 'failed to pull and unpack image "reg.example:5000/a/b:t": '],
    ['2.1.9', 'ctr', ''],
    ['1.7.24', 'ctr', ''],
  ] as const)
    it(`${release} by ${way} finds it when the image gets its name`, async () => {
      const { result } = await run(context(release, { reference, hosts, way, until: 'layers' }), (request) =>
        request.method === 'HEAD' ? found(request) : response(200),
      );
      assert.equal(reportedOf(result), `${text}Target.MediaType must be set: invalid argument`);
    });
});

describe('a HEAD with a length and chunks', () => {
  for (const [go, asked] of [
    ['1.19', ['HEAD', 'GET']],
    ['1.23', ['HEAD']],
  ] as const)
    it(`to Go ${go} it ${asked.length > 1 ? 'has no length: the manifest is asked for' : 'has that length'}`, async () => {
      const { attempts } = await run(context('1.6.20', { go, hosts }), ({ method }) => {
        const headers = { 'content-length': String(manifest.length), 'docker-content-digest': digest, 'content-type': ociManifest };
        return response(200, { ...headers, ...(method === 'HEAD' && { 'transfer-encoding': 'chunked' }) }, manifest);
      });
      assert.deepEqual(
        attempts.map(({ request }) => request.method),
        asked,
      );
    });
});

describe('the transports of a pull', () => {
  it('resolve and fetch share none, nor does a host with settings of its own share that of the others', async () => {
    const own = { ...host('https://own.example'), skipVerify: true };
    const of = { ok: true, hosts: [host('https://one.example'), own, host('https://two.example')] } as const;
    const { attempts } = await run(context('2.1.9', { hosts: of, until: 'manifest' }), (request) =>
      request.url.startsWith('https://two') && request.method === 'HEAD' ? found(request, ociManifest) : response(500),
    );
    const seen = new Set(attempts.map(({ request: { url, transport } }) => `${new URL(url).host} ${transport}`));
    assert.deepEqual(
      [...seen].sort(),
      [
        ['one', 'resolve'],
        ['one', 'fetch'],
        ['own', 'resolve 1'],
        ['own', 'fetch 1'],
        ['two', 'resolve'],
        ['two', 'fetch'],
      ]
        .map(([name, transport]) => `${name}.example ${transport}`)
        .sort(),
    );
  });
});

describe('a schema 1 image that a release converts', () => {
  const body = `{"schemaVersion":1,"fsLayers":[{"blobSum":"${digest}"}],"history":[{"v1Compatibility":"{}"}]`;
  const block = JSON.stringify({ formatLength: body.length, formatTail: Buffer.from('}').toString('base64url') });
  const signed = `${body},"signatures":[{"protected":"${Buffer.from(block).toString('base64url')}"}]}`;
  const of = (size: number, archiveError: string) => layer(size, () => ({ size: 9, digest: other, archiveError }));
  const other = `sha256:${'1'.repeat(64)}`;
  const layer = (size: number, body: (request: HttpRequest) => Partial<HttpResponse>) =>
    run(context('1.7.24', { reference, hosts, until: 'layers', download: true }), (request) => {
      const { method, url } = request;
      const schema1 = { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws', 'docker-content-digest': digest };
      if (method === 'HEAD') return response(200, { ...schema1, 'content-length': String(size) });
      if (url.includes('/manifests/')) return response(200, {}, signed);
      return { ...response(200), ...body(request) };
    });

  it('says what gzip says of a layer before its digest is looked at, and nothing of the archive', async () => {
    const gzip = await of(signed.length, 'gzip: invalid checksum');
    assert.match(reportedOf(gzip.result) ?? '', /: gzip: invalid checksum$/);
    const tar = await of(signed.length, 'archive/tar: invalid tar header');
    assert.match(reportedOf(tar.result) ?? '', /unexpected commit digest/);
  });

  it('takes a layer that is cut short for the whole, as nobody knows its size: the digest is wrong', async () => {
    const bodyFailure = { kind: 'unexpected-eof' } as const;
    for (const status of [200, 206]) {
      const { result, attempts } = await layer(signed.length, ({ headers }) => {
        const again = headers.some(([name]) => name === 'Range');
        return again && status === 206 ? { status, size: 0, digest, bodyFailure } : { size: 9, digest: other, bodyFailure };
      });
      assert.match(reportedOf(result) ?? '', new RegExp(`unexpected commit digest ${other}, expected ${digest}: failed precondition$`));
      assert.equal(attempts.filter(({ phase }) => phase === 'layer').length, 4);
    }
  });

  it('is not asked for when the HEAD says that there is nothing of it', async () => {
    const { result, attempts } = await of(0, '');
    assert.match(reportedOf(result) ?? '', /: unexpected end of JSON input$/);
    assert.equal(attempts.length, 1);
  });
});

describe('a schema 1 image of which only a GET tells', () => {
  for (const [way, text] of [
    ['cri', /failed to resolve image: not implemented: media type .* is no longer supported since containerd v2\.0/],
    ['ctr', /^method Transfer not implemented for containerd\.types\.transfer\.OCIRegistry to containerd\.types\.transfer\.ImageStore$/],
    ['ctr-local', /^failed to resolve reference ".*": not implemented: media type /],
  ] as const)
    it(`is refused by ${way} in its own words`, async () => {
      const headers = { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' };
      const { result, attempts } = await run(context('2.1.9', { way, until: 'layers' }), () => response(200, headers, '{}'));
      assert.match(reportedOf(result) ?? '', text);
      assert.equal(verdict(attempts, result)?.class, 'manifest.schema1');
    });
});
