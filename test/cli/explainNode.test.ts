import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main';
import { createHandlers } from '../../cli/serve/handlers';
import { NodePool } from '../../cli/serve/nodePool';
import { CancellationSource } from '../../cli/serve/session';
import type { Io } from '../../cli/command';
import type { NodeTriageDocument, NodeTriagesDocument } from '../../core/protocol/explain';
import type { Step } from '../../core/protocol/progress';
import { call } from '../fixtures/call';
import { nodeRoot } from '../fixtures/nodeRoot';
import { startSshd, type Sshd } from '../fixtures/sshd';
import { standIns } from '../fixtures/standIns';
import { until } from '../fixtures/until';

const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
const failed = (image: string, hours = 1): string =>
  `time="${ago(hours)}" level=error msg="PullImage \\"${image}\\" failed" error="failed to resolve reference \\"${image}\\": ${image}: not found"\n`;

describe('explain --node', () => {
  describe('over a real sshd, with a journalctl', () => {
    let sshd: Sshd;
    let folder: string;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'crb-past-'));
      writeFileSync(join(folder, 'journal'), `${failed('r.example/a:1')}level=info msg="nothing of interest"\n${failed('r.example/a:1')}`);
      const { path } = standIns(folder, {
        journalctl: `echo "$*" >>'${folder}/asked'
[ -e '${folder}/slow' ] && case "$*" in *--since*) run sleep 30 ;; esac
cat '${folder}/journal'`,
      });
      sshd = await startSshd({ settings: [`SetEnv PATH=${path}`] });
    });
    after(async () => {
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const words = (...more: readonly string[]): readonly string[] => ['explain', '--node', sshd.name, '--ssh-config', sshd.config, ...more];

    it('triages what was written in the last day, as a file', async () => {
      const { status, stdout, stderr } = await call([...words()]);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /: journalctl, the last 1d\.\n2 pull errors in 2 lines, one cause\.\n/);
      assert.match(stdout, /notfound\.manifest \(2 times/);
      assert.match(readFileSync(join(folder, 'asked'), 'utf8'), /--since=-86400s .*-o short-iso/);
    });

    it('is one document of JSON, and events of NDJSON', async () => {
      const document = JSON.parse((await call([...words('--since', '2h', '--format', 'json')])).stdout) as NodeTriageDocument;
      const { schema, node, source, sinceSeconds, cut, errors, class: found } = document;
      assert.deepEqual(
        [schema, node, source, sinceSeconds, cut, errors, found],
        [1, sshd.name, 'journalctl', 7200, false, 2, 'notfound.manifest'],
      );
      const { stdout } = await call([...words('--format', 'ndjson')]);
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { event?: string; node?: string; errors?: number });
      assert.deepEqual(
        lines.map(({ event, node }) => [event, node]),
        [
          ['step', undefined],
          ['error', sshd.name],
          ['error', sshd.name],
          ['step', undefined],
          [undefined, sshd.name],
        ],
      );
    });

    it('ends in time and by a person, in one line, and leaves nothing on the node', async () => {
      writeFileSync(join(folder, 'slow'), '');
      const late = await call([...words('--timeout', '1')]);
      assert.equal(late.status, 2);
      assert.match(late.stderr, /its journal was not read within 1 s; a shorter --since or a longer --timeout helps\n$/);
      const cancellation = new CancellationSource();
      setTimeout(() => cancellation.cancel(), 1500);
      let said = '';
      const io = {
        env: process.env,
        cwd: '/',
        color: false,
        cancellation,
        stdout: () => undefined,
        stderr: (text: string) => (said += text),
      };
      assert.equal(await main(words(), io as unknown as Io), 2);
      assert.match(said, /cancelled while its journal was read/);
      rmSync(join(folder, 'slow'));
      await until(() => !sleeping(folder), 'journalctl still runs on the node');
    });

    it('asks several nodes side by side; one that cannot be read is told with its reason', async () => {
      const empty = nodeRoot();
      const { status, stdout } = await call([...words('--node', empty.node, '--format', 'json')]);
      const text = await call([...words('--node', empty.node)]);
      empty.remove();
      assert.equal(status, 0);
      const { nodes } = JSON.parse(stdout) as NodeTriagesDocument;
      assert.deepEqual(
        nodes.map((one) => [one.node, 'error' in one ? one.error.includes('no journal and no log') : one.errors]),
        [
          [sshd.name, 2],
          [empty.node, true],
        ],
      );
      assert.match(text.stdout, /2 pull errors[\s\S]*: there is no journal and no log of containerd or kubelet to read/);
    });

    it('is a request of the panel', async () => {
      const pool = new NodePool(process.env);
      const steps: Step[] = [];
      const session = { cancellation: new CancellationSource(), ask: () => Promise.resolve(null), step: (step: Step) => steps.push(step) };
      const io = { env: process.env, cwd: '/', cancellation: session.cancellation } as unknown as Io;
      const document = await createHandlers(io, pool, []).explainJournal({ node: sshd.name, sshConfig: sshd.config }, session);
      await pool.close();
      assert.deepEqual([document.errors, document.source], [2, 'journalctl']);
      assert.equal(steps.at(-1)?.label, `Read the journal of ${sshd.name}`);
    });
  });

  it('reads a log where there is no journal: from the first line that is young enough', async () => {
    const log = `${failed('old.example/a:1', 50)}without a time: failed to pull\n${failed('new.example/a:1', 2)}`;
    const root = nodeRoot({ files: { '/var/lib/rancher/k3s/agent/containerd/containerd.log': log } });
    const day = await call(['explain', '--node', root.node]);
    const week = await call(['explain', '--node', root.node, '--since', '7d']);
    root.remove();
    assert.match(day.stdout, /k3s\/agent\/containerd\/containerd\.log, the last 1d\.\nnotfound\.manifest \(line 1/);
    assert.ok(!day.stdout.includes('old.example') && week.stdout.includes('old.example'));
  });

  it('reads beside the journal what k3s and RKE2 keep out of it', async () => {
    const root = nodeRoot({
      journal: `2026-01-01T00:00:00+0000 n rke2[1]: ${failed('journal.example/a:1')}`,
      files: {
        '/var/lib/rancher/rke2/agent/containerd/containerd.log': failed('containerd.example/a:1'),
        '/var/lib/rancher/rke2/agent/logs/kubelet.log': failed('kubelet.example/a:1'),
        '/var/log/syslog': failed('syslog.example/a:1'),
      },
    });
    const { groups, source } = JSON.parse((await call(['explain', '--node', root.node, '--format', 'json'])).stdout) as NodeTriageDocument;
    root.remove();
    assert.deepEqual(groups.map(({ host }) => host).sort(), ['containerd.example', 'journal.example', 'kubelet.example']);
    assert.match(source, /^journalctl, \S+containerd\.log, \S+kubelet\.log$/);
  });

  it('says which of these this user may not read', async () => {
    const folder = '/var/lib/rancher/rke2/agent';
    const root = nodeRoot({
      journal: `2026-01-01T00:00:00+0000 n rke2[1]: ${failed('journal.example/a:1')}`,
      files: { [`${folder}/containerd/containerd.log`]: failed('containerd.example/a:1') },
    });
    chmodSync(join(root.folder, folder), 0o700);
    const { stdout } = await call(['explain', '--node', process.getuid?.() === 0 ? root.userNode : root.node]);
    root.remove();
    assert.match(stdout, /: journalctl, the last 1d\. Part of it is closed to this user \(\S+containerd\.log: permission denied\)/);
  });

  it('compares a time without a year with the node’s own clock', async () => {
    const syslog = (hours: number, image: string): string => {
      const date = new Date(Date.now() - hours * 3_600_000);
      const stamp = `${date.toLocaleString('en', { month: 'short' })} ${String(date.getDate()).padStart(2)} ${date.toTimeString().slice(0, 8)}`;
      return `${stamp} host kubelet[1]: Failed to pull image "${image}": ${image}: not found\n`;
    };
    const root = nodeRoot({ files: { '/var/log/syslog': syslog(60, 'old.example/a:1') + syslog(3, 'new.example/a:1') } });
    const { stdout } = await call(['explain', '--node', root.node]);
    root.remove();
    assert.ok(stdout.includes('new.example') && !stdout.includes('old.example'), stdout);
  });

  it('says in one line that this user may not read the journal', async () => {
    const root = nodeRoot({ files: { '/var/log/containerd.log': failed('r.example/a:1') } });
    mkdirSync(join(root.folder, 'bin'), { recursive: true });
    writeFileSync(
      join(root.folder, 'bin/journalctl'),
      '#!/bin/sh\necho "Hint: You are currently not seeing messages from other users" >&2\n',
      {
        mode: 0o755,
      },
    );
    rmSync(join(root.folder, 'var/log/containerd.log'));
    const { status, stderr } = await call(['explain', '--node', root.node]);
    root.remove();
    assert.equal(status, 2);
    assert.match(stderr, /journalctl shows this user no messages of others; log in as a user of the group systemd-journal/);
    assert.equal(stderr.trim().split('\n').length, 1);
  });

  it('refuses what does not go together', async () => {
    for (const words of [
      ['--node', 'local', 'a.log'],
      ['--since', '1d'],
      ['--node', 'local', '--since', 'yesterday'],
      ['--node', 'local', '--since', '0h'],
      ['--node', 'local', '--follow', '--since', '1d'],
      ['--node', 'a', '--node', 'b', '--follow'],
      ['--node', 'local', '--jsonl'],
    ])
      assert.equal((await call(['explain', ...words])).status, 2, words.join(' '));
  });
});

function sleeping(folder: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${folder}/stand-ins`);
    } catch {
      return false;
    }
  });
}
