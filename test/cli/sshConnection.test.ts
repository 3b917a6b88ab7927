import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { CallError } from '../../cli/command';
import { CancellationSource } from '../../cli/serve/session';
import { connect, type ConnectOptions } from '../../cli/transport';
import type { Node } from '../../core/ports';
import { createNamespace, inNamespace } from '../fixtures/namespace';
import { startSshd, type Sshd } from '../fixtures/sshd';
import { until } from '../fixtures/until';

function open(sshd: Sshd, more: Partial<ConnectOptions> = {}): Promise<Node<Duplex>> {
  return connect(sshd.name, { sshConfig: sshd.config, env: process.env, ...more });
}

/** The process on the node that holds the session which a script runs in: sshd's own. */
async function sessionOf(node: Node<Duplex>): Promise<number> {
  return Number((await node.run('echo $PPID', { timeoutMs: 10_000 })).stdout);
}

/** The ssh that is the master of a node's connection: the one that was told to be, with this node's configuration. */
function masterOf(sshd: Sshd): number {
  const found = readdirSync('/proc').filter((pid) => {
    try {
      const words = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') : [];
      return words.includes('-M') && words.includes(sshd.config);
    } catch {
      return false;
    }
  });
  assert.equal(found.length, 1);
  return Number(found[0]);
}

async function lost(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    assert.ok(error instanceof CallError && error.kind === 'unreachable');
    return error.message;
  }
  throw new Error('the run came back');
}

describe('one connection to a node', () => {
  let sshd: Sshd;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd.stop());

  for (const multiplexing of [true, false]) {
    describe(multiplexing ? 'with a master' : 'where ssh has none', () => {
      let node: Node<Duplex>;
      beforeEach(async () => {
        node = await open(sshd, { multiplexing });
      });
      afterEach(() => node.close());

      it('runs script after script in the shell of the login', async () => {
        const sessions = [await sessionOf(node), await sessionOf(node), await sessionOf(node)];
        assert.equal(new Set(sessions).size, 1);
      });

      it('gives each script a shell as new, and ends what the one before left running', async () => {
        await node.run('CRB=left; cd /tmp; exec 9>/dev/null; sleep 300 & echo $! >&2; set -eu; exit 3', { timeoutMs: 10_000 });
        const { stdout } = await node.run(
          'echo "${CRB-none}"; [ -e /proc/self/fd/9 ] || echo closed; for p in /proc/[0-9]*/stat; do read -r l 2>/dev/null <$p && case $l in *"(sleep)"*" $PPID "*) echo alive ;; esac; done; echo end',
          { timeoutMs: 10_000 },
        );
        assert.equal(stdout, 'none\nclosed\nend\n');
      });

      it('runs two at once, and goes on after a time-out, a cancellation and a flood', async () => {
        const run = (script: string) => node.run(script, { timeoutMs: 20_000 });
        const both = await Promise.all([run('sleep 0.3; echo one'), run('echo two')]);
        assert.deepEqual(
          both.map(({ stdout }) => stdout),
          ['one\n', 'two\n'],
        );
        const cancellation = new CancellationSource();
        const early = node.run('sleep 300', { timeoutMs: 20_000, cancellation });
        cancellation.cancel();
        assert.equal((await early).status, 'cancelled');
        const late = await node.run('echo begun; sleep 300', { timeoutMs: 400 });
        const flood = await run('yes 0123456789012345678901234567890123456789');
        assert.deepEqual([late.status, late.stdout], ['timeout', 'begun\n']);
        assert.ok(flood.status === 'exited' && flood.code === 141);
        assert.equal((await run('echo three')).stdout, 'three\n');
      });
    });
  }

  it('is made again when it was lost, once for everybody, and says so', async () => {
    const notices: string[] = [];
    const node = await open(sshd, { onNotice: (line) => notices.push(line) });
    try {
      const before = await sessionOf(node);
      process.kill(masterOf(sshd), 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 300));
      const [one, two, dialled] = await Promise.all([
        node.run('echo one; echo $PPID', { timeoutMs: 10_000 }),
        node.run('echo two', { timeoutMs: 10_000 }),
        node.dial('127.0.0.1', sshd.port, { timeoutMs: 5000 }),
      ]);
      assert.equal(two.stdout, 'two\n');
      assert.match(one.stdout, /^one\n\d+\n$/);
      assert.notEqual(one.stdout, `one\n${before}\n`);
      assert.ok(dialled.ok);
      dialled.stream.destroy();
      assert.deepEqual(notices, ['the connection to test-node was lost and has been made again']);
    } finally {
      await node.close();
    }
  });

  it('names one that the other side closed while a script ran', async () => {
    const node = await open(sshd);
    try {
      const message = await lost(node.run('kill -9 $PPID; sleep 30', { timeoutMs: 20_000 }));
      assert.match(message, /^cannot reach test-node: the connection was lost: the other side closed it; /);
      assert.equal((await node.run('echo again', { timeoutMs: 10_000 })).stdout, 'again\n');
    } finally {
      await node.close();
    }
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'output closed'] as const) {
    it(`leaves neither a folder nor an ssh here when this process is ended by ${signal}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'crb-ended-'));
      const words = ['ready', '--watch', '--registry', '127.0.0.1:1', '--node', sshd.name, '--ssh-config', sshd.config];
      const env = { ...process.env, TMPDIR: folder };
      const child = spawn(process.execPath, ['--import', 'tsx', 'cli/index.ts', ...words], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      try {
        await once(child.stdout, 'data');
        const ended = once(child, 'close');
        assert.equal(connectionFolders(folder).length, 1);
        if (signal === 'output closed') child.stdout.destroy();
        else child.kill(signal);
        const [status] = (await ended) as readonly unknown[];
        assert.equal(status, signal === 'output closed' ? 0 : 2);
        assert.deepEqual(connectionFolders(folder), []);
        await until(() => !processesWith(folder), 'an ssh still runs');
      } finally {
        child.kill('SIGKILL');
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  it('notices within 15 s that nothing comes any more, and says so', async () => {
    const node = await open(sshd);
    const session = await sessionOf(node);
    process.kill(session, 'SIGSTOP');
    try {
      const started = performance.now();
      const message = await lost(node.run('echo never', { timeoutMs: 60_000 }));
      assert.match(message, /^cannot reach test-node: the connection was lost: the node does not answer any more; /);
      assert.ok(performance.now() - started < 15_000);
    } finally {
      process.kill(session, 'SIGKILL');
      await node.close();
    }
  });

  for (const multiplexing of [true, false]) {
    it(`notices within 15 s that a network drops every packet, ${multiplexing ? 'with a master' : 'where ssh has none'}`, async () => {
      const namespace = createNamespace();
      const silent = await startSshd({ namespace: namespace.name });
      const [iptables, ...rule] = inNamespace(namespace.name, ['iptables', '-I', 'INPUT', '-j', 'DROP']);
      const node = await open(silent, { multiplexing });
      try {
        assert.equal((await node.run('echo on', { timeoutMs: 10_000 })).stdout, 'on\n');
        const running = lost(node.run('echo begun; sleep 300', { timeoutMs: 60_000 }));
        await new Promise((resolve) => setTimeout(resolve, 500));
        execFileSync(iptables, rule);
        const started = performance.now();
        assert.match(await running, /^cannot reach test-node: the connection was lost: the node does not answer any more; [^\n]+$/);
        assert.ok(performance.now() - started < 15_000);
        // Neither is anything hidden from whoever asks next, and a login is not waited for without end.
        assert.match(await lost(node.run('echo again', { timeoutMs: 60_000 })), /^cannot reach test-node: [^\n]+$/);
        execFileSync(
          iptables,
          rule.map((word) => (word === '-I' ? '-D' : word)),
        );
        assert.equal((await node.run('echo back', { timeoutMs: 20_000 })).stdout, 'back\n');
      } finally {
        await node.close();
        await silent.stop();
        namespace.remove();
      }
    });
  }
});

function connectionFolders(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => /^crb-.{6}$/.test(name));
}

/** Whether a process was started with that folder in its arguments, as an ssh that is a master is. */
function processesWith(folder: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(folder);
    } catch {
      return false;
    }
  });
}
