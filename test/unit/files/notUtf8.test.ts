/** Files as editors of the last century leave them: bytes of Latin-1. go-toml v1 reads them, v2 does not. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configureHosts } from '../../../core/hosts/configureHosts';
import { lint, type LintResult } from '../../../core/rules/lint';
import { parseVersion, type Version } from '../../../core/versions/versions';
import { fsTree } from '../../../files/fsTree';
import { overlayTree } from '../../../files/tree';

const hosts = '/etc/containerd/certs.d/docker.io/hosts.toml';
const config = '/etc/containerd/config.toml';
const dropIn = '/etc/containerd/conf.d/a.toml';

describe('bytes that are no UTF-8', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'bytes-'));
    const put = (path: string, bytes: Buffer): void => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), bytes);
    };
    put(hosts, Buffer.from('# caf\xe9\nserver = "https://registry-1.docker.io"\n[host."https://m.test"]\n', 'latin1'));
    put(config, Buffer.from('version = 2\nimports = ["conf.d/*.toml"]\n'));
    put(dropIn, Buffer.from('version = 2\nroot = "/caf\xe9"\n', 'latin1'));
    put('/replaced.toml', Buffer.from('# \ufffd\n'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const judged = (path: string, version: Version): LintResult => {
    const tree = fsTree(root);
    return lint({ path, version, tree, text: tree.read(path) ?? '' });
  };

  it('are told from U+FFFD in a text', () => {
    const tree = fsTree(root);
    assert.deepEqual(
      [hosts, config, '/replaced.toml', '/gone'].map((path) => tree.notUtf8?.(path)),
      [true, false, false, false],
    );
    assert.equal(overlayTree(tree, hosts, '# café\n').notUtf8?.(hosts), false);
    assert.equal(overlayTree(tree, config, '').notUtf8?.(hosts), true);
  });

  for (const [release, outcome, severity] of [
    ['1.7', 'used', 'warning'],
    ['2.1', 'dropped', 'error'],
  ] as const) {
    const version = parseVersion(release);
    assert.ok(version);

    it(`in hosts.toml of ${release}: ${outcome}`, () => {
      const result = judged(hosts, version);
      assert.equal(result.outcome, outcome);
      assert.deepEqual(
        result.findings.filter(({ rule }) => rule === 'hosts-not-toml').map((finding) => [finding.severity, finding.range]),
        [[severity, { start: 5, end: 6 }]],
      );
      const found = configureHosts('docker.io', { tree: fsTree(root), hostsDirs: ['/etc/containerd/certs.d'], version });
      assert.equal(found.outcome, outcome);
    });

    it(`in an import of config.toml of ${release}`, () => {
      const wanted = outcome === 'used' ? 'used' : 'fatal';
      assert.deepEqual([judged(dropIn, version).outcome, judged(config, version).outcome], [wanted, wanted]);
    });
  }
});
