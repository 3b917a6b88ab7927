import assert from 'node:assert/strict';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const program = ['--import', 'tsx', 'cli/index.ts'];

/** The exit status after one signal; a process that goes on is ended, and has none. */
async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const [status] = (await ended) as readonly unknown[];
  clearTimeout(timer);
  return status;
}

/** Nothing tells from outside that a process reads; by then it does. */
const waiting = (): Promise<void> => pause(3000);

describe('a command that is interrupted', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`ends by one ${signal} between two lines of its input, and tells by its status that it was not the end`, async () => {
      const child = spawn(process.execPath, [...program, 'explain', '--jsonl'], { stdio: ['pipe', 'pipe', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      child.stdin.write('{"id":1,"text":"dial tcp: lookup r.example: no such host"}\n');
      assert.match(String(await once(child.stdout, 'data')), /"id":1,/);
      assert.equal(await endOf(child, signal), 2);
      assert.equal(said, '');
    });

  for (const words of [
    ['lint', '-'],
    ['resolve', 'r.example/a:1', '--auth-stdin'],
  ])
    it(`ends by one Ctrl-C while it waits for its input: ${words.join(' ')}`, async () => {
      const child = spawn(process.execPath, [...program, ...words], { stdio: ['pipe', 'ignore', 'inherit'] });
      await waiting();
      // One that is still starting ends by the signal itself.
      assert.ok([2, null].includes((await endOf(child, 'SIGINT')) as number | null) && child.signalCode !== 'SIGKILL');
    });

  for (const input of ['pipe', 'terminal'] as const)
    it(`tells what it has read of a ${input} when Ctrl-C ends a log that goes on`, async () => {
      const log = `failed to do request: dial tcp: lookup r.example: no such host\n${'x'.repeat(99)}\n`;
      const command = [process.execPath, ...program, 'explain'];
      const [file = '', ...words] = input === 'pipe' ? command : ['script', '-qec', `stty -echo; exec ${command.join(' ')}`, '/dev/null'];
      const child = spawn(file, words, { stdio: ['pipe', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      child.stdin.write(log);
      await waiting();
      if (input === 'terminal') child.stdin.write('\x03');
      const status = await endOf(child, input === 'pipe' ? 'SIGINT' : 'SIGCONT');
      assert.equal(status, 0, said);
      assert.match(said, /dns\.nxdomain/);
    });

  it('ends as serve when it is stopped by hand', async () => {
    const child = fork('cli/index.ts', ['serve'], { execArgv: ['--import', 'tsx'] });
    child.send({ id: 1, command: 'explain', params: { text: 'dial tcp: lookup r.example: no such host' } });
    await once(child, 'message');
    assert.equal(await endOf(child, 'SIGTERM'), 0);
  });
});
