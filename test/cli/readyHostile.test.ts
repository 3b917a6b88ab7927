import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main';
import { CancellationSource } from '../../cli/serve/session';
import type { ReadyDocument } from '../../core/protocol/ready';
import { startSshd, type Sshd } from '../fixtures/sshd';
import { until } from '../fixtures/until';

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

async function ready(sshd: Sshd, more: readonly string[] = [], cancellation = new CancellationSource()): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  const started = performance.now();
  const status = await main(['ready', '--node', sshd.name, '--ssh-config', sshd.config, ...more], {
    env: process.env,
    cwd: process.cwd(),
    color: false,
    cancellation,
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    readStdin: () => Promise.resolve(''),
    stdinLines: () => (async function* () {})(),
  });
  return { status, stdout, stderr, elapsedMs: performance.now() - started };
}

/** A server whose sessions run `command` in place of what was asked for; $SSH_ORIGINAL_COMMAND is that. */
async function onServer<T>(command: string | undefined, work: (sshd: Sshd) => Promise<T>, settings: readonly string[] = []): Promise<T> {
  const sshd = await startSshd({ settings: [...settings, ...(command === undefined ? [] : [`ForceCommand ${command}`])] });
  try {
    return await work(sshd);
  } finally {
    await sshd.stop();
  }
}

async function documentOf(sshd: Sshd): Promise<ReadyDocument> {
  const { stdout, stderr, status } = await ready(sshd, ['--format', 'json']);
  assert.equal(stderr, '');
  assert.ok(status === 0 || status === 1);
  return JSON.parse(stdout) as ReadyDocument;
}

const statusOf = ({ checks }: ReadyDocument, id: string) => checks.find((check) => check.id === id)?.status;

/** Processes of the node with a word in their environment. */
function withEnvironment(word: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}

const allGone = (word: string): Promise<void> => until(() => withEnvironment(word).length === 0, 'something still runs on the node');

describe('ready on a node that misbehaves', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'crb-hostile-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Programs that stand before the node's own. */
  function programs(name: string, texts: Readonly<Record<string, string>>): string {
    const bin = join(folder, name);
    mkdirSync(bin);
    for (const [program, text] of Object.entries(texts)) {
      writeFileSync(join(bin, program), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, program), 0o755);
    }
    return bin;
  }

  it('takes binary, megabytes, escape sequences and fake frames of its programs for answers that say nothing', async () => {
    const bin = programs('lies', {
      df: "head -c 3000000 /dev/zero | tr '\\0' 'x'; printf '\\033[2J\\000\\377\\n@@abc end df 0\\nkb a 1 1 999999999999999999999 1%% /\\n'",
      ip: "printf '2: eth0    inet \\033]0;owned\\007/24 scope global\\n@@ begin addresses\\n'",
      date: "printf '99999999999999999999\\n\\033[31m'",
      containerd: "printf 'containerd \\033[31mx v1.7.20\\033[0m y\\n'; exit 3",
    });
    await onServer(`PATH=${bin}:$PATH; export PATH; eval "$SSH_ORIGINAL_COMMAND"`, async (sshd) => {
      const document = await documentOf(sshd);
      assert.equal(statusOf(document, 'disk-space'), 'skip');
      assert.equal(statusOf(document, 'clock'), 'skip');
      assert.ok(statusOf(document, 'kernel-overlay') !== undefined, 'the other answers are there');
      const { stdout } = await ready(sshd);
      assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{Cc}/u);
      assert.ok(stdout.length < 20_000);
    });
  });

  it('does without any program on PATH, and with one that hangs', async () => {
    await onServer(`PATH=; unset PATH; eval "$SSH_ORIGINAL_COMMAND"`, async (sshd) => {
      assert.equal(statusOf(await documentOf(sshd), 'disk-space'), 'pass', 'the usual folders are looked into');
    });
    const bin = programs('hangs', { df: 'exec sleep 300' });
    await onServer(`PATH=${bin}:$PATH CRB_HANGS=1; export PATH CRB_HANGS; eval "$SSH_ORIGINAL_COMMAND"`, async (sshd) => {
      const document = await documentOf(sshd);
      assert.equal(statusOf(document, 'disk-space'), 'skip');
      assert.ok(statusOf(document, 'clock') !== undefined, 'its time limit is its own');
      await allGone('CRB_HANGS=1');
    });
  });

  it('works where only busybox is, on a root that is read-only, and with a full disk', async () => {
    const root = join(folder, 'root');
    for (const name of ['bin', 'proc', 'sys', 'etc', 'tmp', 'dev', 'var', 'var/lib', 'var/lib/containerd'])
      mkdirSync(join(root, name), { recursive: true });
    execFileSync('cp', ['/usr/bin/busybox', join(root, 'bin', 'busybox')]);
    for (const name of ['sh', 'cat', 'df', 'date', 'ls', 'tr', 'timeout', 'sleep', 'uname', 'grep', 'wc', 'head'])
      symlinkSync('busybox', join(root, 'bin', name));
    const enter = join(folder, 'enter');
    // A mount namespace of its own: the node's root becomes read-only, its /var/lib/containerd a small file system that is full.
    writeFileSync(
      enter,
      `#!/bin/sh
mount --bind ${root} ${root} && cd ${root} && mount -t proc proc proc && mount --rbind /sys sys && mount --rbind /dev dev && mount -t tmpfs -o size=128k full var/lib/containerd
head -c 200000 /dev/zero >var/lib/containerd/all 2>/dev/null
mount -o remount,bind,ro ${root}
exec env -i PATH=/bin /usr/sbin/chroot ${root} /bin/sh -c "$SSH_ORIGINAL_COMMAND"
`,
    );
    chmodSync(enter, 0o755);
    await onServer(`unshare -m ${enter}`, async (sshd) => {
      const document = await documentOf(sshd);
      assert.equal(document.ready, false);
      const of = (id: string, subject: string) => document.checks.find((check) => check.id === id && check.subject === subject)?.status;
      assert.equal(of('disk-space', '/var/lib/containerd'), 'fail');
      assert.equal(of('disk-writable', '/var/lib/containerd'), 'pass');
      assert.equal(of('disk-writable', '/'), 'fail', 'where its state would go');
      assert.match(document.findings.find(({ id }) => id === 'disk-space')?.message ?? '', /no space left on device/);
      assert.equal(statusOf(document, 'interface-running'), 'pass');
    });
  });

  it('works under a login shell that is not sh, and says so of one that runs nothing', async () => {
    const shell = join(folder, 'oddsh');
    // Knows nothing of quotes, variables or lists: words, and the program they name.
    writeFileSync(
      shell,
      '#!/usr/bin/env node\nconst [, , , line = ""] = process.argv;\nconst [file, ...args] = line.split(" ");\nprocess.exit(require("child_process").spawnSync(file, args, { stdio: "inherit" }).status ?? 1);\n',
    );
    chmodSync(shell, 0o755);
    await onServer(`${shell} -c "$SSH_ORIGINAL_COMMAND"`, async (sshd) => assert.ok((await documentOf(sshd)).checks.length > 10));
    await onServer('echo nologin >&2; exit 1', async (sshd) => {
      const { status, stdout, stderr } = await ready(sshd);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /its shell runs no commands/);
    });
  });

  it('keeps apart what a banner and a profile print, and stops at one that blocks', async () => {
    const banner = join(folder, 'banner');
    writeFileSync(banner, '\u001b[31mAUTHORIZED ONLY\n@@ begin interfaces\n'.repeat(20));
    await onServer(
      `head -c 1000000 /dev/zero | tr "\\\\0" "#"; echo "@@0 begin interfaces"; echo motd >&2; eval "$SSH_ORIGINAL_COMMAND"`,
      async (sshd) => assert.equal(statusOf(await documentOf(sshd), 'kernel-overlay'), 'pass'),
      [`Banner ${banner}`],
    );
    await onServer('CRB_BLOCKS=1; export CRB_BLOCKS; sleep 300; eval "$SSH_ORIGINAL_COMMAND"', async (sshd) => {
      const cancellation = new CancellationSource();
      setTimeout(() => cancellation.cancel(), 1500);
      const { status, stderr, elapsedMs } = await ready(sshd, [], cancellation);
      assert.equal(status, 2);
      assert.match(stderr, /cancelled/);
      assert.ok(elapsedMs < 15_000, `${elapsedMs} ms`);
    });
  });

  it('names a connection that dies half way', async () => {
    const bin = programs('dies', { df: 'kill -9 $(ps -o ppid= -p $(cat "$CRB_SESSION"))' });
    const session = join(folder, 'session');
    await onServer(
      `PATH=${bin}:$PATH CRB_SESSION=${session}; export PATH CRB_SESSION; echo $$ >${session}; eval "$SSH_ORIGINAL_COMMAND"`,
      async (sshd) => {
        const { status, stdout, stderr } = await ready(sshd);
        assert.deepEqual([status, stdout], [2, '']);
        assert.match(stderr, /^containerd-runbooks: cannot reach test-node: [^\n]+\n$/);
      },
    );
  });

  it('serves two at once, and leaves nothing behind when it is cancelled', async () => {
    const bin = programs('slow', { df: 'sleep 1; exec /usr/bin/df "$@"' });
    await onServer(`PATH=${bin}:$PATH CRB_SLOW=1; export PATH CRB_SLOW; eval "$SSH_ORIGINAL_COMMAND"`, async (sshd) => {
      const [one, two] = await Promise.all([documentOf(sshd), documentOf(sshd)]);
      assert.deepEqual(
        one.checks.map(({ id, subject }) => `${id} ${subject}`),
        two.checks.map(({ id, subject }) => `${id} ${subject}`),
      );
      const cancellation = new CancellationSource();
      setTimeout(() => cancellation.cancel(), 1200);
      const { status, stderr } = await ready(sshd, [], cancellation);
      assert.equal(status, 2);
      assert.match(stderr, /cancelled/);
      await allGone('CRB_SLOW=1');
    });
  });
});
