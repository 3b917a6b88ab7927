import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Io } from '../../../cli/command';
import { explainCommand } from '../../../cli/commands/explain';
import type { ExplainDocument, TriageDocument } from '../../../core/protocol/explain';
import { until } from '../../fixtures/until';

interface Call {
  readonly io: Io;
  readonly output: () => string;
  readonly cancel: () => void;
}

function call(stdin: string): Call {
  let output = '';
  let cancelled = false;
  const listeners: (() => void)[] = [];
  const io: Io = {
    env: {},
    cwd: process.cwd(),
    color: false,
    cancellation: {
      get cancelled() {
        return cancelled;
      },
      onCancelled: (listener) => {
        listeners.push(listener);
        return () => undefined;
      },
    },
    stdout: (text) => (output += text),
    stderr: () => undefined,
    readStdin: () => Promise.resolve(stdin),
    stdinLines: async function* () {
      for (const line of stdin.split('\n')) yield await Promise.resolve(line);
    },
  };
  const cancel = (): void => {
    cancelled = true;
    for (const listener of listeners) listener();
  };
  return { io, output: () => output, cancel };
}

async function explain(args: readonly string[], stdin = ''): Promise<{ status: number; stdout: string }> {
  const { io, output } = call(stdin);
  const status = await explainCommand.run(parseArgs({ args: [...args], options: explainCommand.options, allowPositionals: true }), io);
  return { status, stdout: output() };
}

const refused = 'ctr: failed to do request: Head "https://r.example/v2/a/manifests/1": dial tcp 10.0.0.5:443: connect: connection refused';

describe('explain', () => {
  it('gives one document per JSON line, in order, with the same id, and goes on after bad input', async () => {
    const lines = [{ id: 1, text: refused, version: 'nonsense' }, { id: 'b', text: 'hello' }, { id: 3 }];
    const { status, stdout } = await explain(['--jsonl'], `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnot JSON`);
    const documents = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ExplainDocument & { id: unknown; error?: string });
    assert.equal(status, 0);
    assert.deepEqual(
      documents.map(({ id, class: found }) => [id, found]),
      [
        [1, 'net.refused-or-no-route'],
        ['b', null],
        [3, undefined],
        [null, undefined],
      ],
    );
    assert.deepEqual(
      documents.map(({ error }) => error === undefined),
      [true, true, false, false],
    );
    assert.equal(documents[0]?.docs, 'errors/net.refused-or-no-route');
    assert.equal(documents[0].captures.host, 'r.example');
    assert.match(documents[0].cause ?? '', /r\.example/);
  });

  it('reads a file as text, JSON and NDJSON', async () => {
    const file = 'test/cases/errors/journal.log';
    assert.match((await explain([file])).stdout, /^5 pull errors in 14 lines, 3 causes\./);
    const document = JSON.parse((await explain([file, '--format', 'json'])).stdout) as TriageDocument;
    assert.deepEqual([document.schema, document.class, document.errors, document.groups.length], [1, 'net.timeout', 5, 3]);
    const events = (await explain([file, '--format', 'ndjson'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event?: string });
    assert.deepEqual(
      events.map(({ event }) => event),
      ['error', 'error', 'error', 'error', 'error', undefined],
    );
  });

  it('exits 0 when there is nothing to explain', async () => {
    assert.deepEqual(await explain(['-'], 'all is well\n'), { status: 0, stdout: 'No pull error in this text.\n' });
  });

  it('shows what would steer the terminal instead of letting it', async () => {
    const text = `level=error msg="PullImage \\"r.example/a:1\\" failed" error="failed to resolve reference \\"r.example/a:1\\": \u001b[2Jgone\u001b]0;title\u0007: not found"`;
    const { stdout } = await explain(['-'], `${text}\n`);
    assert.match(stdout, /gone/);
    assert.ok(!Array.from(stdout).some((character) => character !== '\n' && (character < ' ' || character === '\u007f')), stdout);
  });

  it('refuses a file that cannot be read, and a folder', async () => {
    await assert.rejects(explain(['/nowhere/pull.log']), /no such file/);
    await assert.rejects(explain(['test']), /is a folder/);
    await assert.rejects(explain(['-', '--format', 'xml']), /text, json, ndjson/);
  });

  it('follows a growing file until interrupted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'explain-'));
    const file = join(folder, 'containerd.log');
    writeFileSync(file, 'level=info msg="starting containerd"\n');
    const { io, output, cancel } = call('');
    const running = explainCommand.run({ positionals: [file], values: { follow: true } }, io);
    appendFileSync(file, `${refused}\n`);
    await until(() => output().includes('net.refused'), 'nothing was said of the line');
    assert.match(output(), /^line 2 {2}net\.refused-or-no-route {2}r\.example\n/);
    cancel();
    assert.equal(await running, 0);
    rmSync(folder, { recursive: true });
  });
});
