import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main';
import type { Io } from '../../cli/command';
import { createHandlers } from '../../cli/serve/handlers';
import { NodePool } from '../../cli/serve/nodePool';
import { CancellationSource } from '../../cli/serve/session';
import type { Step } from '../../core/protocol/progress';
import { call } from '../fixtures/call';
import { nodeRoot, type NodeRoot } from '../fixtures/nodeRoot';
import { startSshd, type Sshd } from '../fixtures/sshd';
import { standIns } from '../fixtures/standIns';
import { until } from '../fixtures/until';

const failure = (image: string): string =>
  `time="2026-11-21T10:00:00Z" level=error msg="PullImage \\"${image}\\" failed" error="failed to resolve reference \\"${image}\\": ${image}: not found"\n`;

interface Following {
  readonly ended: Promise<number>;
  readonly text: () => string;
  readonly cancel: () => void;
}

function follow(...words: readonly string[]): Following {
  const cancellation = new CancellationSource();
  let text = '';
  const say = (more: string): void => void (text += more);
  const ended = main(['explain', '--follow', ...words], {
    env: { ...process.env, LC_ALL: 'C' },
    cwd: '/',
    color: false,
    cancellation,
    stdout: say,
    stderr: say,
    readStdin: () => Promise.resolve(''),
    stdinLines: async function* () {
      // No input.
    },
  });
  return { ended, text: () => text, cancel: () => cancellation.cancel() };
}

/** The processes that have a folder for their root. */
function inside(folder: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/root`) === folder;
    } catch {
      return false;
    }
  });
}

describe('explain --follow --node', () => {
  describe('where only the log of a file is', () => {
    let root: NodeRoot;
    before(() => (root = nodeRoot({ files: { '/var/log/containerd.log': failure('old.example/a:1') } })));
    after(() => root.remove());

    it('prints each failed pull as it comes, nothing from before, and ends with the person', async () => {
      const following = follow('--node', root.node);
      const grow = setInterval(() => appendFileSync(join(root.folder, 'var/log/containerd.log'), failure('new.example/a:1')), 500);
      await until(() => following.text().includes('new.example/a:1'), following.text());
      clearInterval(grow);
      following.cancel();
      assert.equal(await following.ended, 0);
      assert.ok(!following.text().includes('old.example'));
      await until(() => inside(root.folder).length === 0, 'something still runs on the node');
    });
  });

  it('reads beside the journal what k3s and RKE2 keep out of it', async () => {
    const logs = ['/var/lib/rancher/rke2/agent/containerd/containerd.log', '/var/lib/rancher/rke2/agent/logs/kubelet.log'];
    const root = nodeRoot({ journal: failure('journal.example/a:1'), files: Object.fromEntries(logs.map((log) => [log, ''])) });
    const following = follow('--node', root.node);
    const images = ['containerd.example/a:1', 'kubelet.example/a:1'];
    const grow = setInterval(() => logs.forEach((log, i) => appendFileSync(join(root.folder, log), failure(images[i] ?? ''))), 500);
    await until(() => ['journal.example/a:1', ...images].every((image) => following.text().includes(image)), following.text());
    clearInterval(grow);
    following.cancel();
    assert.equal(await following.ended, 0);
    await until(() => inside(root.folder).length === 0, 'something still runs on the node');
    root.remove();
  });

  it('says that one source has ended, and goes on with the others', async () => {
    const log = '/var/lib/rancher/k3s/agent/containerd/containerd.log';
    const root = nodeRoot({ journal: failure('journal.example/a:1'), files: { [log]: '' } });
    const following = follow('--node', root.node, '--format', 'ndjson');
    await until(() => following.text().includes('"event":"step"'), following.text());
    appendFileSync(join(root.folder, log), failure('later.example/a:1'));
    await until(() => following.text().includes('later.example/a:1'), following.text());
    following.cancel();
    assert.equal(await following.ended, 0);
    root.remove();
    const [line = ''] = following
      .text()
      .split('\n')
      .filter((one) => one.includes('"event":"step"'));
    const { step } = JSON.parse(line) as { readonly step: Step };
    assert.equal(step.status, 'warn');
    assert.match(step.label, new RegExp(`^journalctl on .* has ended and is not followed any more\\. Still followed: ${log}\\.`));
  });

  it('says so when all of it has ended, and which words are closed to this user', async () => {
    const root = nodeRoot({ journal: failure('journal.example/a:1') });
    const ended = await call(['explain', '--follow', '--node', root.node]);
    root.remove();
    assert.deepEqual([ended.status, /what was followed there has ended/.test(ended.stderr)], [2, true]);
    const closed = nodeRoot({ files: { '/var/log/containerd.log': failure('r.example/a:1') } });
    chmodSync(join(closed.folder, 'var/log/containerd.log'), 0o600);
    const refused = await call(['explain', '--follow', '--node', closed.userNode]);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /\/var\/log\/containerd\.log: permission denied; log in as a user of the group/);
    closed.write({ '/var/log/syslog': '' });
    const other = follow('--node', closed.userNode);
    await until(() => other.text().includes('permission denied, and is not followed'), other.text());
    other.cancel();
    await other.ended;
    closed.remove();
  });

  it('judges by the release of the node', async () => {
    const masked = async (containerd: string): Promise<unknown> => {
      const root = nodeRoot({ containerd, journal: failure('r.example/a:1') });
      const following = follow('--node', root.node, '--format', 'ndjson');
      await until(() => following.text().includes('r.example'), following.text());
      following.cancel();
      await following.ended;
      root.remove();
      return (JSON.parse(following.text().trim().split('\n').at(-1) ?? '') as { masked?: unknown }).masked;
    };
    assert.deepEqual([await masked('v1.7.24'), await masked('v2.1.4')], [null, 'masked.other-hosts-error']);
  });

  it('shows the panel each failed pull once, until it is cancelled', async () => {
    const root = nodeRoot({ files: { '/var/log/containerd.log': '' } });
    const cancellation = new CancellationSource();
    const pool = new NodePool(process.env);
    const steps: Step[] = [];
    const io = { env: process.env, cwd: '/', cancellation } as unknown as Io;
    const session = { cancellation, ask: () => Promise.resolve(null), step: (step: Step) => steps.push(step) };
    const following = createHandlers(io, pool, []).follow({ node: root.node }, session);
    const grow = setInterval(() => appendFileSync(join(root.folder, 'var/log/containerd.log'), failure('new.example/a:1')), 300);
    await until(() => steps.length > 1, 'no step came');
    clearInterval(grow);
    cancellation.cancel();
    await assert.rejects(following, /not followed any more/);
    await pool.close();
    root.remove();
    assert.deepEqual([...new Set(steps.map(({ id, status }) => `${status} ${id}`))], ['fail pull/new.example/a:1: notfound.manifest']);
  });

  it('says so where there is nothing to follow, and what it goes with', async () => {
    const root = nodeRoot();
    const none = await call(['explain', '--follow', '--node', root.node]);
    root.remove();
    assert.deepEqual([none.status, /no journal and no log/.test(none.stderr)], [2, true]);
    assert.equal((await call(['explain', '--follow', '--node', 'local', 'a.log'])).status, 2);
  });

  describe('over a real sshd, with a reader in a session of its own as under sudo', () => {
    let sshd: Sshd;
    let folder: string;
    let log: string;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'crb-follow-'));
      log = join(folder, 'journal');
      writeFileSync(log, failure('old.example/a:1'));
      const { path } = standIns(folder, {
        journalctl: `case " $* " in *' -f '*) exec setsid tail -n 0 -F '${log}' ;; *) echo a line ;; esac`,
      });
      sshd = await startSshd({ settings: [`SetEnv PATH=${path}`] });
    });
    after(async () => {
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const words = (): readonly string[] => ['--node', sshd.name, '--ssh-config', sshd.config];

    /** Everything that was started on the node: its PATH names the folder of the stand-ins. */
    const onNode = (): readonly string[] => {
      return readdirSync('/proc').filter((pid) => {
        try {
          return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${folder}/stand-ins`);
        } catch {
          return false;
        }
      });
    };

    /** sshd's process of that connection. */
    const sessionsOfServer = (): readonly number[] => {
      const shell = onNode().map((pid) => Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0));
      return [...new Set(shell)].filter((pid) => /^sshd/.test(readFileSync(`/proc/${pid}/comm`, 'utf8')));
    };

    async function started(text: () => string): Promise<void> {
      const grow = setInterval(() => appendFileSync(log, failure('new.example/a:1')), 500);
      await until(() => text().includes('new.example/a:1'), 'nothing of the new line arrived').finally(() => clearInterval(grow));
      assert.ok(onNode().length > 2);
    }

    const nothingIsLeft = (): Promise<void> => until(() => onNode().length === 0, 'something still runs on the node');

    it('leaves nothing behind when it is cancelled', async () => {
      const following = follow(...words());
      await started(following.text);
      following.cancel();
      assert.equal(await following.ended, 0);
      await nothingIsLeft();
      assert.ok(!following.text().includes('old.example'));
    });

    it('leaves nothing behind when this process is killed', async () => {
      const child = spawn(process.execPath, ['dist/cli.js', 'explain', '--follow', ...words()], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      await started(() => text);
      child.kill('SIGKILL');
      await nothingIsLeft();
    });

    it('says that the connection was lost, and leaves nothing behind', async () => {
      const following = follow(...words());
      await started(following.text);
      for (const pid of sessionsOfServer()) process.kill(pid, 'SIGKILL');
      assert.equal(await following.ended, 2);
      assert.match(following.text(), /connection/);
      await nothingIsLeft();
    });
  });
});
