import assert from 'node:assert/strict';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../fixtures/cli';
import { readChunks } from '../../cli/readChunks';

describe('what explain reads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crb-chunks-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('comes in large pieces, each whole until the next is taken', async () => {
    const bytes = Buffer.from(Array.from({ length: 2_500_000 }, (_, i) => i % 251));
    const path = join(folder, 'big');
    writeFileSync(path, bytes);
    const seen: Buffer[] = [];
    for await (const chunk of readChunks(openSync(path, 'r'))) seen.push(Buffer.from(chunk));
    assert.ok(seen.length >= 3);
    assert.ok(Buffer.concat(seen).equals(bytes));
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
