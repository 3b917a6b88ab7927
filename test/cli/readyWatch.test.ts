import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { main } from '../../cli/main';
import { CancellationSource } from '../../cli/serve/session';
import type { ReadyDocument } from '../../core/protocol/ready';
import { startNamedContainerd } from '../fixtures/containerd';
import { freePort, startSshd, type Sshd } from '../fixtures/sshd';

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

async function ready(
  words: readonly string[],
  cancellation = new CancellationSource(),
  onStdout: (text: string) => void = () => undefined,
): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  const started = performance.now();
  const status = await main(['ready', ...words], {
    env: process.env,
    cwd: process.cwd(),
    color: false,
    cancellation,
    stdout: (text) => {
      stdout += text;
      onStdout(text);
    },
    stderr: (text) => (stderr += text),
    readStdin: () => Promise.resolve(''),
    stdinLines: () => (async function* () {})(),
  });
  return { status, stdout, stderr, elapsedMs: performance.now() - started };
}

describe('ready --watch', () => {
  let sshd: Sshd;
  let containerd: { stop(): Promise<void> };
  before(async () => {
    [sshd, containerd] = await Promise.all([startSshd(), startNamedContainerd()]);
  });
  after(() => Promise.all([sshd.stop(), containerd.stop()]));

  it('tells when each condition came true, and how long all of it took', async () => {
    const port = await freePort();
    const server = createServer((_request, response) => void response.writeHead(401).end());
    // Not before it was seen to be closed, however long the login takes.
    const open = (text: string): void => {
      if (text.includes('"messageId":"tcp/refused"') && !server.listening) setTimeout(() => server.listen(port, '127.0.0.1'), 600);
    };
    const words = [
      '--node',
      sshd.name,
      '--ssh-config',
      sshd.config,
      '--registry',
      `http://127.0.0.1:${port}`,
      '--watch',
      '--timeout',
      '20',
    ];
    const { status, stdout, stderr } = await ready([...words, '--format', 'ndjson'], new CancellationSource(), open);
    server.closeAllConnections();
    server.close();
    assert.equal(stderr, '');
    assert.equal(status, 0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const document = lines.at(-1) as unknown as ReadyDocument;
    const tcp = document.watched?.changes.filter(({ id }) => id === 'tcp') ?? [];
    assert.deepEqual(
      tcp.map((change) => change.status),
      ['fail', 'pass'],
    );
    assert.ok((tcp[1]?.elapsedMs ?? 0) >= 500 && (tcp[1]?.elapsedMs ?? 0) <= (document.watched?.elapsedMs ?? 0));
    assert.equal(lines.filter(({ event }) => event === 'check').length, document.watched?.changes.length);
  });

  it('prints a line per change with the seconds', async () => {
    const { status, stdout } = await ready(['--interface', 'crb-none', '--watch', '--timeout', '3']);
    assert.equal(status, 1);
    assert.equal(stdout.match(/^\+ +\d+\.\d\d s {2}FAIL {2}interface-running +There is no interface crb-none/gm)?.length, 1);
    assert.match(stdout, /local is not ready after \d+\.\d\d s: \d+ of \d+ checks failed\. First to look at: interface-running\.\n$/);
  });

  it('ends with its time limit although a registry hangs, and counts it as not ready', async () => {
    const held = createTcp(() => undefined);
    const port = await freePort();
    await new Promise<void>((resolve) => held.listen(port, '127.0.0.1', resolve));
    const { status, stdout, elapsedMs } = await ready([
      '--registry',
      `http://127.0.0.1:${port}`,
      '--watch',
      '--timeout',
      '1',
      '--format',
      'json',
    ]);
    held.close();
    assert.equal(status, 1);
    assert.equal((JSON.parse(stdout) as ReadyDocument).ready, false);
    assert.ok(elapsedMs < 9000, `${elapsedMs} ms`);
  });

  it('ends at once when the person stops it', async () => {
    const cancellation = new CancellationSource();
    setTimeout(() => cancellation.cancel(), 1500);
    const words = ['--node', sshd.name, '--ssh-config', sshd.config, '--interface', 'crb-none', '--watch'];
    const { status, stderr } = await ready(words, cancellation);
    assert.equal(status, 2);
    assert.match(stderr, /cancelled/);
  });
});
