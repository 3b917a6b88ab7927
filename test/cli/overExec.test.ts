import assert from 'node:assert/strict';
import { splitWords } from '../../cli/transport/exec';
import { connect } from '../../cli/transport';
import { freePort, startSshd } from '../fixtures/sshd';

describe('a node behind a command', () => {
  const open = (name: string) => connect(name, { env: process.env });

  it('splits the prefix into words without a shell', () => {
    assert.deepEqual(splitWords(`docker exec  -i 'a b' "c \\" d" e\\ f '' $HOME`), [
      'docker',
      'exec',
      '-i',
      'a b',
      'c " d',
      'e f',
      '',
      '$HOME',
    ]);
    assert.throws(() => splitWords("a 'b"), /is not closed/);
  });

  it('runs scripts in whatever sh the command has', async () => {
    for (const prefix of ['exec:env', 'exec:busybox', `exec:sh -c '"$@"' x`]) {
      const node = await open(prefix);
      assert.deepEqual(await node.run('cat; exit 3', { timeoutMs: 5000, stdin: 'in' }), {
        status: 'exited',
        code: 3,
        stdout: 'in',
        stderr: '',
      });
      await node.close();
    }
  });

  it('dials with what the node has', async () => {
    const sshd = await startSshd();
    const node = await open('exec:env');
    const good = await node.dial('127.0.0.1', sshd.port, { timeoutMs: 5000 });
    assert.ok(good.ok);
    const banner = await new Promise<string>((resolve) => good.stream.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    good.stream.destroy();
    assert.match(banner, /^SSH-2\.0-/);
    const port = await freePort();
    const dead = await node.dial('127.0.0.1', port, { timeoutMs: 5000 });
    assert.ok(!dead.ok);
    assert.deepEqual(dead.failure, { kind: 'dial', address: `127.0.0.1:${port}`, reason: 'connection refused' });
    const hostile = await node.dial("x';id;'", 1, { timeoutMs: 5000 });
    assert.ok(!hostile.ok && hostile.failure.kind === 'lookup');
    await sshd.stop();
  });

  it('says what is wrong with the command', async () => {
    await assert.rejects(open('exec:'), /needs a command/);
    await assert.rejects(open('exec:no-such-program-crb x'), /there is no program "no-such-program-crb"/);
    await assert.rejects(open('exec:false'), /started no shell; it must pass its standard input on/);
    await assert.rejects(open(`exec:sh -c 'echo no such container >&2; exit 1'`), /started no shell: no such container;/);
  });
});
