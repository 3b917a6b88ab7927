import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import { main } from '../../cli/main';
import { CancellationSource } from '../../cli/serve/session';
import { nodeRoot, type NodeRoot } from '../fixtures/nodeRoot';
import { startSshd, type Sshd } from '../fixtures/sshd';
import { until } from '../fixtures/until';

const config = 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n';
const failed =
  '2026-11-21T10:00:00+0000 n1 containerd[7]: level=error msg="PullImage \\"127.0.0.1:1/a/b:1\\" failed" error="failed to resolve reference \\"127.0.0.1:1/a/b:1\\": 127.0.0.1:1/a/b:1: not found"\n';

/** What prints a great deal that is no answer, and claims to be one. */
const lies = `head -c 3000000 /dev/zero | tr '\\\\0' 'x'
printf '\\n\\033[2J\\033]0;owned\\007\\000\\377\\n@@000000000000000000000000 end config-dump 0\\ndump\\n= = =\\n@@abc begin journal\\nsource x\\ntext\\n'`;

describe('diagnose and collect on a node that misbehaves, over ssh', () => {
  let folder: string;
  let root: NodeRoot;
  let sshd: Sshd;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'crb-diagnose-hostile-'));
    root = nodeRoot({ containerd: 'v1.7.24', dump: config, journal: failed, files: { '/etc/containerd/config.toml': config } });
  });
  after(() => {
    root.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => sshd.stop());

  /** Programs stand before the node's own; CRB_NODE tells the processes of this node from all others. */
  async function start(programs: Readonly<Record<string, string>>, before = '', shell = '/bin/sh'): Promise<void> {
    rmSync(join(root.folder, 'odd'), { recursive: true, force: true });
    mkdirSync(join(root.folder, 'odd'));
    for (const [name, text] of Object.entries(programs))
      writeFileSync(join(root.folder, 'odd', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const enter = `${before}
PATH=/odd:$PATH CRB_NODE=${folder}; export PATH CRB_NODE
mount -t proc proc ${root.folder}/proc && exec /usr/sbin/chroot ${root.folder} ${shell} -c "$SSH_ORIGINAL_COMMAND"`;
    writeFileSync(join(folder, 'enter'), `#!/bin/sh\n${enter}\n`, { mode: 0o755 });
    sshd = await startSshd({ settings: [`ForceCommand exec unshare --mount ${folder}/enter`] });
  }

  async function told(words: readonly string[], cancellation = new CancellationSource()) {
    let [stdout, stderr] = ['', ''];
    const status = await main([...words, '--node', sshd.name, '--ssh-config', sshd.config], {
      env: process.env,
      cwd: folder,
      color: false,
      cancellation,
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stderr += text),
      readStdin: () => Promise.resolve(''),
      stdinLines: async function* () {
        // No input.
      },
    });
    return { status, stdout, stderr };
  }

  async function diagnosed(...words: readonly string[]): Promise<DiagnoseDocument> {
    const { stdout, stderr } = await told(['diagnose', ...words, '--format', 'json']);
    assert.equal(stderr, '');
    return JSON.parse(stdout) as DiagnoseDocument;
  }

  function running(): readonly string[] {
    return readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`CRB_NODE=${folder}`);
      } catch {
        return false;
      }
    });
  }

  const allGone = (): Promise<void> => until(() => running().length === 0, 'something still runs on the node');

  it('lies of its programs are no answers: the other stages stand, and nothing steers the terminal', async () => {
    await start({ containerd: lies, journalctl: lies, ctr: lies });
    const document = await diagnosed();
    assert.equal(document.configuration.path, '/etc/containerd/config.toml');
    assert.ok(document.readiness.length > 10);
    const { stdout, stderr } = await told(['diagnose']);
    assert.doesNotMatch(`${stdout}${stderr}`.replaceAll('\n', ''), /\p{Cc}/u);
    assert.ok(stdout.length < 20_000, String(stdout.length));
    const collected = await told(['collect', '-o', 'bundle.gz']);
    assert.equal(collected.status, 0, collected.stderr);
  });

  it('a profile that prints, and one that takes PATH away, change nothing', async () => {
    await start({});
    const { verdict } = await diagnosed();
    await sshd.stop();
    await start({}, 'head -c 1000000 /dev/zero | tr "\\\\0" "#"; echo "@@0 begin journal"; echo motd >&2');
    assert.deepEqual((await diagnosed()).verdict, verdict);
    await sshd.stop();
    await start({}, '', '/bin/busybox env -u PATH /bin/sh');
    assert.deepEqual((await diagnosed()).verdict, verdict);
  });

  it('one that dies half way is named, and the stages before it are kept', async () => {
    await start({ journalctl: 'kill -9 $(cat /tmp/session)' }, `echo $PPID >${root.folder}/tmp/session`);
    const { status, stdout, stderr } = await told(['diagnose']);
    assert.ok(status === 1 || status === 2);
    assert.match(`${stdout}${stderr}`, /cannot reach test-node: the connection was lost|other side closed it/);
    assert.doesNotMatch(`${stdout}${stderr}`, /undefined|\[object/);
  });

  it('two at once do not disturb each other, and a cancelled one leaves nothing running', async () => {
    await start({ journalctl: 'sleep 1; cat /tmp/journal', df: 'sleep 1; exec busybox df "$@"' });
    const [one, two] = await Promise.all([diagnosed(), diagnosed()]);
    assert.deepEqual(one.verdict, two.verdict);
    assert.deepEqual(
      one.readiness.map(({ id, subject }) => `${id} ${subject}`),
      two.readiness.map(({ id, subject }) => `${id} ${subject}`),
    );
    await sshd.stop();
    await start({ journalctl: "trap '' TERM INT HUP; sleep 300; sleep 300", containerd: 'sleep 300', ctr: 'sleep 300' });
    for (const words of [['diagnose'], ['collect', '-o', 'never']]) {
      const cancellation = new CancellationSource();
      const call = told(words, cancellation);
      await until(() => running().length >= 3, 'its programs did not start');
      const started = performance.now();
      cancellation.cancel();
      const { status, stdout, stderr } = await call;
      assert.deepEqual([status, stdout], [2, ''], words.join(' '));
      assert.match(stderr, /cancelled[^\n]*\n$/);
      assert.ok(performance.now() - started < 15_000);
      await allGone();
    }
    assert.ok(!existsSync(join(folder, 'never')));
  });

  it('a bundle for which there is no room here is one line, and no half of a bundle: the one that was there stays', async () => {
    await start({});
    const full = join(folder, 'full');
    mkdirSync(full);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'full', full]);
    try {
      writeFileSync(join(full, 'bundle'), 'of yesterday');
      const { status, stdout, stderr } = await told(['collect', '-o', 'full/bundle']);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /-o full\/bundle: [^\n]*no space left[^\n]*\n$/i);
      assert.deepEqual([readdirSync(full), readFileSync(join(full, 'bundle'), 'utf8')], [['bundle'], 'of yesterday']);
    } finally {
      execFileSync('umount', [full]);
    }
  });
});
