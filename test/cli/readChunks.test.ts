import assert from 'node:assert/strict';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runCli } from '../fixtures/cli';
import { asUtf8, readChunks } from '../../cli/readChunks';
import { CancellationSource } from '../../cli/serve/session';

describe('what explain reads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crb-chunks-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('comes in large pieces, each whole until the next is taken', async () => {
    const bytes = Buffer.from(Array.from({ length: 2_500_000 }, (_, i) => i % 251));
    const path = join(folder, 'big');
    writeFileSync(path, bytes);
    const seen: Buffer[] = [];
    for await (const chunk of readChunks(openSync(path, 'r'), new CancellationSource())) seen.push(Buffer.from(chunk));
    assert.ok(seen.length >= 3);
    assert.ok(Buffer.concat(seen).equals(bytes));
  });

  it('may be UTF-16, as PowerShell writes it, cut anywhere', async () => {
    const text = `${'x'.repeat(99)}\nmanifest unknown – “né”\n`;
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16()])
      for (const size of [3, 64, bytes.length]) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
        const read: Uint8Array[] = [];
        for await (const chunk of asUtf8(Readable.from(pieces))) read.push(chunk);
        assert.equal(Buffer.concat(read).toString(), text);
      }
    const unmarked = little.subarray(2);
    for (const bytes of [unmarked, Buffer.from(unmarked).swap16()]) {
      const read: Uint8Array[] = [];
      for await (const chunk of asUtf8(Readable.from([bytes.subarray(0, 101), bytes.subarray(101)]))) read.push(chunk);
      assert.equal(Buffer.concat(read).toString(), text);
    }
    for (const other of [Buffer.alloc(64), Buffer.from('a\0b\0\0c\0d\0')])
      for await (const chunk of asUtf8(Readable.from([other]))) assert.equal(chunk, other);
    const plain = Buffer.from(text);
    for await (const chunk of asUtf8(Readable.from([plain]))) assert.equal(chunk, plain);
  });

  it('is the same from a file, from a pipe and by name, across the edges of pieces', async () => {
    const line =
      'failed to resolve reference "r.example/a:1": unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 503 Service Unavailable\n';
    const text = `${'x'.repeat(99)}\n`.repeat(10_485) + line + 'y\n'.repeat(600_000) + line;
    const path = join(folder, 'log');
    writeFileSync(path, text);
    const [named, piped] = await Promise.all([
      runCli(['explain', '--format', 'json', path]),
      runCli(['explain', '--format', 'json', '-'], { stdin: text }),
    ]);
    const document = JSON.parse(named.stdout) as { readonly errors: number };
    assert.equal(document.errors, 2);
    assert.equal(piped.stdout, named.stdout);
  });
});
