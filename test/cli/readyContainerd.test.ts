import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localNode } from '../../cli/transport/local';
import { readStage, stageScript } from '../../core/diagnosis/stage';
import { placePrelude } from '../../core/probes/containerdPlace';
import { containerdProbe, type ContainerdProcess } from '../../core/probes/containerdProcess';
import { startContainerd, startNamedContainerd, type RealContainerd } from '../fixtures/containerd';
import type { ReadyDocument } from '../../core/protocol/ready';
import { call } from '../fixtures/call';

async function seen(): Promise<ContainerdProcess> {
  const { id, timeoutMs } = containerdProbe;
  const marker = '@@containerd-test';
  const script = stageScript([{ id, timeoutMs, script: containerdProbe.script() }], marker, placePrelude);
  const result = await localNode(process.env).run(script, { timeoutMs: 10_000 });
  const output = readStage([id], result.stdout, result.stderr, marker).get(id);
  assert.ok(output);
  return containerdProbe.parse(output);
}

describe('the containerd of a node', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'crb-containerd-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is not another program's socket below a folder called containerd", async () => {
    mkdirSync(join(folder, 'containerd'));
    const path = join(folder, 'containerd', 'my-containerd.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      assert.deepEqual(
        (await seen()).sockets.filter((socket) => socket.path === path),
        [],
      );
    } finally {
      server.close();
    }
  });

  describe('when there is none', () => {
    const enter = 'unshare --pid --fork --mount-proc';
    const user = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
    const asked = async (node: string): Promise<{ readonly ready: boolean; readonly of: (id: string) => string }> => {
      const document = JSON.parse((await call(['ready', '--node', node, '--format', 'json'])).stdout) as ReadyDocument;
      return { ready: document.ready, of: (id) => document.checks.find((check) => check.id === id)?.messageId ?? 'none' };
    };

    it('is said for certain by whoever sees all processes, and the node is not ready', async () => {
      for (const node of [`exec:${enter}`, `exec:${enter} ${user}`]) {
        const { ready, of } = await asked(node);
        assert.equal(ready, false);
        assert.equal(of('containerd-running'), 'containerd-running/stopped');
        assert.equal(of('containerd-proxy'), 'containerd-proxy/not-running');
      }
      const hiding = `sh -c 'mount -t proc -o hidepid=2 proc /proc && exec ${user} "$@"' sh`;
      const hidden = await asked(`exec:unshare --mount ${hiding}`);
      assert.equal(hidden.of('containerd-running'), 'containerd-running/not-seen');
      assert.equal(hidden.of('containerd-proxy'), 'containerd-proxy/unknown');
    });

    /** Beside a process that is called containerd, once it is. */
    const beside = (words: string, as = ''): string => {
      const standIn = `sh -c "printf containerd >/proc/\\$\\$/comm; sleep 20; :" ${words}`;
      return `exec:${enter} sh -c '${as} ${standIn} & until grep -q containerd /proc/$!/comm; do sleep 0.05; done; exec "$@"' sh`;
    };

    it('is said where the program is only asked something, by another diagnosis for one', async () => {
      for (const words of ['containerd --version', 'containerd --config /a.toml config dump'])
        assert.equal((await asked(beside(words))).of('containerd-running'), 'containerd-running/stopped');
      assert.equal((await asked(beside('containerd --config /a.toml'))).of('containerd-running'), 'containerd-running/pass');
    });

    it('is said where somebody else calls a program so: root would start what they have put there', async () => {
      assert.equal((await asked(beside('containerd --config /a.toml', user))).of('containerd-running'), 'containerd-running/stopped');
    });

    it('is not said where one runs that sees other files than we do', async () => {
      const { stop } = await startNamedContainerd();
      try {
        assert.equal((await asked('exec:unshare --mount')).of('containerd-running'), 'containerd-running/elsewhere');
        assert.equal((await asked('exec:env')).of('containerd-running'), 'containerd-running/pass');
      } finally {
        await stop();
      }
    });
  });

  describe('when the real one runs', () => {
    let containerd: RealContainerd;
    before(async () => {
      containerd = await startContainerd();
    });
    after(() => containerd.stop());

    it('is found by its process, with the socket it listens on wherever that is', async () => {
      const { pid, sockets, config, openFiles, openFilesLimit, version } = await seen();
      assert.ok(pid !== undefined && pid > 1);
      assert.match(config ?? '', /config\.toml$/);
      assert.ok(sockets.some(({ path, listening, usable }) => path.endsWith('/c.sock') && listening === true && usable));
      assert.ok(openFiles !== undefined && openFiles > 3 && openFilesLimit !== undefined);
      assert.match(version ?? '', /^v?\d+\.\d+/);
    });
  });
});
