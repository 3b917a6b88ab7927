import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fsTree } from '../../../files/fsTree';
import { parsePem } from '../../../files/pem';
import { mapTree, overlayTree } from '../../../files/tree';
import { replaceFile, writePrivateFile } from '../../../files/writeFile';

describe('file trees', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'tree-'));
    mkdirSync(join(root, 'etc/certs.d/docker.io'), { recursive: true });
    writeFileSync(join(root, 'etc/certs.d/docker.io/hosts.toml'), 'server = "x"\n');
    writeFileSync(join(root, 'secret'), 'outside\n');
    mkdirSync(join(root, 'node/etc'), { recursive: true });
    writeFileSync(join(root, 'node/etc/real.toml'), 'inside\n');
    symlinkSync('/etc/real.toml', join(root, 'node/etc/absolute.toml'));
    symlinkSync('../../secret', join(root, 'node/etc/escape.toml'));
    symlinkSync('loop.toml', join(root, 'node/etc/loop.toml'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('read and list', () => {
    const tree = fsTree(root);
    assert.deepEqual(
      [tree.stat('/etc'), tree.stat('/etc/certs.d/docker.io/hosts.toml'), tree.stat('/gone')],
      ['directory', 'file', 'missing'],
    );
    assert.deepEqual(tree.list('/etc/certs.d'), ['docker.io']);
    assert.equal(tree.read('/etc/certs.d/docker.io/hosts.toml'), 'server = "x"\n');
    assert.equal(tree.read('/etc'), undefined);
    assert.equal(fsTree().rooted, false);
  });

  it('follow links as the node would, and never out of it', () => {
    const tree = fsTree(join(root, 'node'));
    assert.equal(tree.read('/etc/absolute.toml'), 'inside\n');
    assert.equal(tree.stat('/etc/escape.toml'), 'missing');
    assert.equal(tree.stat('/etc/loop.toml'), 'missing');
    assert.equal(tree.stat('/../secret'), 'missing');
  });

  it('do not open a FIFO', () => {
    spawnSync('mkfifo', [join(root, 'fifo')]);
    assert.equal(fsTree(root).stat('/fifo'), 'unreadable');
    assert.equal(fsTree(root).read('/fifo'), undefined);
  });

  it('are made of literals, with unsaved text over them', () => {
    const tree = overlayTree(mapTree({ '/etc/a.toml': 'a', '/etc/b.toml': 'b' }), '/etc/b.toml', 'new');
    assert.deepEqual(
      [tree.read('/etc/a.toml'), tree.read('/etc/b.toml'), tree.list('/etc'), tree.stat('/etc')],
      ['a', 'new', ['a.toml', 'b.toml'], 'directory'],
    );
    assert.equal(mapTree({ '/a': '' }).read('/__proto__'), undefined);
  });

  it('replace a file in one step and keep its mode and link', () => {
    const file = join(root, 'mode.toml');
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    symlinkSync(file, join(root, 'link.toml'));
    replaceFile(join(root, 'link.toml'), 'new');
    assert.equal(readFileSync(file, 'utf8'), 'new');
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(
      readdirSync(root).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('write what is private for its owner only, also over what others could read, and no file over a device', () => {
    const file = join(root, 'private');
    writeFileSync(file, 'old', { mode: 0o644 });
    symlinkSync(file, join(root, 'private-link'));
    writePrivateFile(join(root, 'private-link'), Buffer.from('new'));
    assert.deepEqual([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], ['new', 0o600]);
    writePrivateFile('/dev/null', 'x');
    assert.ok(statSync('/dev/null').isCharacterDevice());
    assert.throws(() => writePrivateFile(root, 'x'), /EISDIR/);
    assert.throws(() => writePrivateFile(join(root, 'none/x'), 'x'), /ENOENT/);
  });

  it('know broken PEM blocks from none', () => {
    assert.deepEqual(parsePem('no blocks'), { certificates: [], privateKeys: [], broken: [] });
    assert.deepEqual(parsePem('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n').broken, ['CERTIFICATE']);
    assert.deepEqual(parsePem('-----BEGIN CERTIFICATE-----\nAAAA\n').broken, []);
  });
});
