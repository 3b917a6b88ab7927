import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { localNode } from '../../cli/transport/local';
import { readNodeFile } from '../../cli/transport/nodeFiles';
import { readNodeTree } from '../../cli/transport/nodeTree';
import { createPki, type Pki } from '../fixtures/pki';

describe('the files of a node', () => {
  let root: string;
  let pki: Pki;
  const node = localNode(process.env);
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'crb-tree-'));
    pki = createPki();
    const ca = pki.authority('Tree CA');
    put(
      'etc/config.toml',
      `imports = ["${root}/conf.d/*.toml"]\n[plugins."x".registry]\n  config_path = "${root}/certs.d:${root}/none"\nroot = "${root}/huge"\n`,
    );
    put('conf.d/a.toml', 'version = 2\n');
    put('conf.d/notes', 'x');
    put(
      'certs.d/reg.test:5000/hosts.toml',
      `ca = [\n  "${root}/pki/ca.crt",\n  "${root}/pki/none.crt",\n]\n[host."https://m"]\n  client = [["${root}/pki/c.crt", "${root}/pki/c.key"]]\n`,
    );
    put("certs.d/it's odd/hosts.toml", 'server = "https://x"\n@@ end\n');
    put('certs.d/.hidden', 'h');
    put('pki/ca.crt', ca.cert);
    put('pki/other', 'never named');
    put('huge/blob', 'never walked');
    execFileSync('mkfifo', [join(root, 'certs.d/fifo')]);
    symlinkSync('/nonexistent', join(root, 'certs.d/dangling'));
  });
  after(() => {
    pki.remove();
    rmSync(root, { recursive: true, force: true });
  });

  it('are read with all that they name, and nothing else', async () => {
    const tree = await readNodeTree(node, [`${root}/etc`]);
    assert.equal(tree.rooted, true);
    assert.equal(tree.read(`${root}/conf.d/a.toml`), 'version = 2\n');
    assert.deepEqual(tree.list(`${root}/certs.d`), ['.hidden', 'fifo', "it's odd", 'reg.test:5000']);
    assert.equal(tree.read(`${root}/certs.d/it's odd/hosts.toml`), 'server = "https://x"\n@@ end\n');
    assert.equal(tree.pem(`${root}/pki/ca.crt`)?.certificates[0]?.isCa, true);
    const kinds = [
      'certs.d/fifo',
      'certs.d/dangling',
      'certs.d/reg.test:5000/x',
      'pki/none.crt',
      'pki/c.key',
      'none/reg.test/hosts.toml',
      'pki/other',
      'huge/blob',
    ];
    assert.deepEqual(
      kinds.map((path) => tree.stat(`${root}/${path}`)),
      ['unreadable', 'missing', 'missing', 'missing', 'missing', 'missing', 'unreadable', 'unreadable'],
    );
  });

  it('that are too large or not ours to read are unreadable', async () => {
    put('big/config.toml', '#'.repeat(1024 * 1024 + 1));
    const tree = await readNodeTree(node, [`${root}/big`, '/proc/1/mem']);
    assert.deepEqual([tree.stat(`${root}/big/config.toml`), tree.read(`${root}/big/config.toml`)], ['unreadable', undefined]);
  });

  it("are opened one by one with Go's words for what fails", async () => {
    put('secret', 's');
    chmodSync(join(root, 'secret'), 0o600);
    assert.equal(await readNodeFile(node, `${root}/secret`), 's');
    await assert.rejects(readNodeFile(node, `${root}/nope'`), { message: `open ${root}/nope': no such file or directory` });
  });
});
