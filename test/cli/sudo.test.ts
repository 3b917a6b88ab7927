import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../cli/transport';
import { readNodeTree } from '../../cli/transport/nodeTree';
import type { CheckDocument, ReadyDocument } from '../../core/protocol/ready';
import { call } from '../fixtures/call';
import { startSshd, type Sshd } from '../fixtures/sshd';
import { startContainerd } from '../fixtures/standIns';

/**
 * The login is a user who is not root, on a node of its own: with its own processes, a containerd among them that root has started, and
 * its own sudoers. Needs root, sudo and util-linux.
 */
function startUserSshd(folder: string, sudoers: string): Promise<Sshd> {
  const user = 'setpriv --reuid=65534 --regid=65534 --clear-groups --reset-env';
  const inside = [
    `mount --bind ${folder}/${sudoers} /etc/sudoers`,
    startContainerd(`HTTPS_PROXY=http://proxy.example:3128 ${folder}/containerd --config ${folder}/closed/config.toml`),
    `exec ${user} /bin/sh -c "$SSH_ORIGINAL_COMMAND"`,
  ].join(' && ');
  const enter = `unshare --mount --pid --fork --mount-proc /bin/sh -c '${inside}'`;
  return startSshd({ settings: [`ForceCommand export SSH_ORIGINAL_COMMAND; exec ${enter}`] });
}

describe('a node asked by a user who is not root', () => {
  let folder: string;
  let config: string;
  const sshds: Sshd[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crb-sudo-'));
    chmodSync(folder, 0o755);
    config = join(folder, 'closed/config.toml');
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    mkdirSync(join(folder, 'data'));
    writeFileSync(config, `version = 2\nroot = "${folder}/data"\n[grpc]\n  adress = "x"\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'none'), 'root ALL=(ALL) ALL\n', { mode: 0o440 });
    writeFileSync(join(folder, 'all'), 'root ALL=(ALL) ALL\n#65534 ALL=(ALL) NOPASSWD: ALL\n', { mode: 0o440 });
    writeFileSync(join(folder, 'containerd'), '#!/bin/sh\nwhile :; do sleep 1; done\n', { mode: 0o755 });
    sshds.push(await startUserSshd(folder, 'none'), await startUserSshd(folder, 'all'));
  });
  after(async () => {
    await Promise.all(sshds.map((sshd) => sshd.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function checks({ name, config: sshConfig }: Sshd): Promise<readonly CheckDocument[]> {
    const { stdout, stderr } = await call(['ready', '--node', name, '--ssh-config', sshConfig, '--format', 'json']);
    assert.equal(stderr, '');
    return (JSON.parse(stdout) as ReadyDocument).checks;
  }

  const closed = ['node-access', 'containerd-proxy', 'file-descriptors', 'containerd-config'];

  it('is told check by check what cannot be seen without sudo', async () => {
    const [none] = sshds;
    assert.ok(none);
    const found = (await checks(none)).filter(({ id }) => closed.includes(id));
    assert.deepEqual(
      found.map(({ messageId, status }) => `${status} ${messageId}`),
      ['skip node-access/user', 'skip file-descriptors/unknown', 'skip containerd-config/unreadable', 'skip containerd-proxy/unknown'],
    );
    assert.ok(found.every(({ message }) => /root|by this user/.test(message)));
  });

  it('is told that a registry was asked directly, since nobody could read which proxy containerd takes', async () => {
    const [none] = sshds;
    assert.ok(none);
    const words = ['--registry', 'http://127.0.0.1:1', '--format', 'json'];
    const { stdout } = await call(['ready', '--node', none.name, '--ssh-config', none.config, ...words]);
    const { checks } = JSON.parse(stdout) as ReadyDocument;
    assert.deepEqual(
      checks.filter(({ messageId }) => messageId === 'containerd-proxy/direct').map(({ message }) => message),
      ['http://127.0.0.1:1/v2/ was asked directly: whether containerd takes a proxy for it cannot be read.'],
    );
  });

  it('sees all of it through sudo -n', async () => {
    const [, all] = sshds;
    assert.ok(all);
    const found = await checks(all);
    assert.deepEqual(
      found.filter(({ id }) => closed.includes(id)).map(({ messageId }) => messageId),
      ['node-access/sudo', 'file-descriptors/pass', 'containerd-config/ignored', 'containerd-proxy/set'],
    );
    assert.ok(
      found.some(({ id, subject }) => id === 'disk-writable' && subject === join(folder, 'data')),
      'where the closed file says that images are',
    );
  });

  it('has its closed files read by everything that reads files', async () => {
    const kinds = await Promise.all(
      sshds.map(async (sshd) => {
        const node = await connect(sshd.name, { sshConfig: sshd.config, env: process.env });
        try {
          return (await readNodeTree(node, [config])).stat(config);
        } finally {
          await node.close();
        }
      }),
    );
    assert.deepEqual(kinds, ['unreadable', 'file']);
  });
});
