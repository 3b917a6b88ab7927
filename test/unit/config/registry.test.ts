import assert from 'node:assert/strict';
import { loadConfig } from '../../../core/config/loadConfig';
import type { RegistrySettings } from '../../../core/config/configFile';
import { parseVersion } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';

const images = '[plugins."io.containerd.cri.v1.images"]\n';
const registry = '[plugins."io.containerd.cri.v1.images".registry]\n';

function registryOf(text: string, release: string, files: Readonly<Record<string, string>> = {}): RegistrySettings {
  const version = parseVersion(release);
  assert.ok(version);
  return loadConfig({ path: '/etc/containerd/config.toml', version, tree: mapTree({ ...files, '/etc/containerd/config.toml': text }) })
    .registry;
}

describe('registry settings in effect', () => {
  it('split a list up to 2.0 and on local pulls, and take it for one folder on the transfer path', () => {
    const list = `version = 3\n${registry}config_path = "/a:/b"\n`;
    const [one, two] = [registryOf(list, '2.0'), registryOf(list, '2.1')];
    assert.deepEqual(one.hostsDirs.cri, ['/a', '/b']);
    assert.deepEqual(two.hostsDirs, { cri: ['/a:/b'], local: ['/a', '/b'] });
    assert.deepEqual(
      registryOf(`version = 3\n${images}use_local_image_pull = true\n${registry}config_path = "/a:/b"\n`, '2.1').hostsDirs.cri,
      ['/a', '/b'],
    );
  });

  it('preset two folders from 2.2 on, from 2.2.2 only where no mirror is set', () => {
    assert.equal(registryOf('version = 3\n', '2.1').configPath, '');
    assert.equal(registryOf('version = 3\n', '2.2.7').configPath, '/etc/containerd/certs.d:/etc/docker/certs.d');
    const mirrors = 'version = 3\n[plugins."io.containerd.cri.v1.images".registry.mirrors."docker.io"]\nendpoint = ["https://m.test"]\n';
    assert.equal(registryOf(mirrors, '2.2.7').configPath, '');
    assert.equal(registryOf(mirrors, '2.2.1').configPath, '/etc/containerd/certs.d:/etc/docker/certs.d');
  });

  for (const [setting, local] of [
    ['max_concurrent_downloads = 6', true],
    ['max_concurrent_downloads = 3', false],
    ['discard_unpacked_layers = true', true],
    ['disable_snapshot_annotations = false', true],
    ['image_pull_with_sync_fs = true', true],
    ['image_pull_progress_timeout = "1m"', false],
  ] as const) {
    it(`${local ? 'pull' : 'do not pull'} locally with ${setting} in 2.1`, () => {
      assert.equal(registryOf(`version = 3\n${images}${setting}\n`, '2.1').localPull, local);
      assert.equal(registryOf(`version = 3\n${images}${setting}\n`, '2.0').localPull, false);
    });
  }

  it('keep user-chosen names apart from the prototype', () => {
    const { mirrors } = registryOf(
      'version = 3\n[plugins."io.containerd.cri.v1.images".registry.mirrors."__proto__"]\nendpoint = ["https://m.test"]\n',
      '2.1',
    );
    assert.deepEqual(Object.keys(mirrors), ['__proto__']);
    assert.equal(({} as Record<string, unknown>)['endpoint'], undefined);
  });

  it('lose config_path to a drop-in in 1.x and keep it in 2.x', () => {
    const cri = '[plugins."io.containerd.grpc.v1.cri"';
    const main = `version = 2\nimports = ["conf.d/*.toml"]\n${cri}.registry]\nconfig_path = "/certs.d"\n`;
    const drop = { '/etc/containerd/conf.d/a.toml': `version = 2\n${cri}]\nmax_concurrent_downloads = 5\n` };
    assert.equal(registryOf(main, '1.7', drop).configPath, '');
    assert.equal(registryOf(main, '2.1', drop).configPath, '/certs.d');
  });

  it('let files import each other', () => {
    const files = { '/etc/containerd/a.toml': 'version = 3\nimports = ["config.toml"]\n' };
    assert.equal(
      registryOf(`version = 3\nimports = ["a.toml"]\n${registry}config_path = "/certs.d"\n`, '2.1', files).configPath,
      '/certs.d',
    );
  });
});
