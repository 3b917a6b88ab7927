import assert from 'node:assert/strict';
import { createGzip, gzipSync } from 'node:zlib';
import { once } from 'node:events';
import { bodySink } from '../../cli/registry/body';
import { context, host, reportedOf, response, run } from '../unit/resolver/harness';

describe('content that means harm', () => {
  it('a gzip bomb is measured without being held', async () => {
    const gzip = createGzip({ level: 9 });
    const sink = bodySink({ body: 'digest', diffId: true });
    const before = process.memoryUsage().rss;
    gzip.on('data', (chunk: Buffer) => sink.push(chunk));
    const block = Buffer.alloc(1 << 20);
    for (let count = 0; count < 100; count++) if (!gzip.write(block)) await once(gzip, 'drain');
    gzip.end();
    await once(gzip, 'end');
    const { size = 0, diffId, archiveError } = await sink.end(true);
    assert.ok(size < 200_000, String(size));
    assert.match(diffId ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.equal(archiveError, undefined, 'zero blocks are the end of an archive');
    assert.ok(process.memoryUsage().rss - before < 90 << 20, 'less is held than it unpacks to');
  });

  const broken: readonly (readonly [title: string, bytes: Buffer, error: string | undefined])[] = [
    ['nothing', Buffer.alloc(0), undefined],
    ['less than a header', Buffer.from('no archive'), 'unexpected EOF'],
    ['no header', Buffer.alloc(600, 'x'), 'archive/tar: invalid tar header'],
    ['no header in gzip', gzipSync(Buffer.alloc(600, 'x')), 'archive/tar: invalid tar header'],
    ['gzip cut short', gzipSync(Buffer.alloc(600)).subarray(0, 20), 'unexpected EOF'],
    [
      'gzip with another checksum',
      Buffer.from(gzipSync(Buffer.alloc(600)).map((byte, i, all) => (i === all.length - 8 ? byte ^ 1 : byte))),
      'gzip: invalid checksum',
    ],
  ];
  for (const [title, bytes, error] of broken)
    it(`a layer of ${title} is no archive: ${error ?? 'it is one'}`, async () => {
      const sink = bodySink({ body: 'digest', diffId: true });
      if (bytes.length > 0) sink.push(bytes);
      assert.equal((await sink.end(true)).archiveError, error);
    });

  it('a manifest of 100 MB that does not say so is cut off', async () => {
    const sink = bodySink({ body: 'text', maxBytes: 8_000_000 });
    const chunk = Buffer.alloc(1 << 20, 'a');
    let taken = 0;
    while (taken < 100 && sink.push(chunk)) taken += 1;
    const { size, digest } = await sink.end(false);
    assert.deepEqual([taken, size, digest], [7, 8_000_000, undefined]);
  });

  it('https may lead to http, and the credentials stay behind', async () => {
    const credentials = () => ({ ok: true as const, value: { username: 'u', secret: 'p' } });
    const hosts = { ok: true as const, hosts: [host('https://reg.example')] };
    const { attempts, result } = await run(context('2.2.7', { credentials, hosts }), ({ url, headers }) => {
      if (url.startsWith('http://plain.example')) return response(404);
      if (!headers.some(([name]) => name === 'Authorization')) return response(401, { 'www-authenticate': 'Basic realm="r"' });
      return response(301, { location: 'http://plain.example/v2/a/b/manifests/t' });
    });
    assert.match(reportedOf(result) ?? '', /: not found$/);
    assert.deepEqual(
      attempts.map(({ request }) => [request.url.split('/')[0], request.headers.some(([name]) => name === 'Authorization')]),
      [
        ['https:', false],
        ['https:', true],
        ['http:', false],
      ],
    );
  });

  it('nor do they go to the same host in clear, where containerd would take them: the replay stops and says so', async () => {
    const credentials = () => ({ ok: true as const, value: { username: 'u', secret: 'p' } });
    const { attempts, driven } = await run(context('2.2.7', { credentials }), ({ headers }) =>
      headers.some(([name]) => name === 'Authorization')
        ? response(301, { location: 'http://reg.example/v2/a/b/manifests/t' })
        : response(401, { 'www-authenticate': 'Basic realm="r"' }),
    );
    assert.equal(driven.status, 'refused');
    assert.deepEqual(driven.reason, { id: 'replay-stopped/in-clear', args: { host: 'reg.example' } });
    assert.deepEqual(
      attempts.map(({ request }) => new URL(request.url).protocol),
      ['https:', 'https:'],
    );
  });
});
