import assert from 'node:assert/strict';
import { configKey, configChildren, defaultOf, everPluginTables, keysOf, pluginTables } from '../../../core/schema/schema';
import { cri, criImages, criRuntime, fullPluginId, migratedPlace } from '../../../core/schema/migration';
import { hostsKeysOf } from '../../../core/schema/hostsKeys';
import { parseVersion, releaseLines, type Version } from '../../../core/versions/versions';

const release = (text: string): Version => {
  const version = parseVersion(text);
  assert.ok(version);
  return version;
};

describe('schema', () => {
  it('knows a key by release, spelling and place', () => {
    assert.equal(configKey(criImages, ['registry', 'config_path'], release('2.1'))?.type, 'string');
    assert.equal(configKey(criImages, ['registry', 'Config_Path'], release('2.1'))?.key, 'registry.config_path');
    assert.equal(configKey(cri, ['registry', 'Config_Path'], release('1.7')), undefined);
    assert.equal(configKey(cri, ['registry', 'CONFIG_PATH'], release('1.7'))?.key, 'registry.config_path');
    assert.equal(configKey(cri, ['registry', 'mirrors', 'docker.io', 'endpoint'], release('1.7'))?.type, 'array<string>');
    assert.equal(configKey(criImages, ['registry', 'configs', 'a', 'tls', 'ca_file'], release('2.0')), undefined);
    assert.equal(configKey('', ['plugin_dir'], release('2.1')), undefined);
  });

  it('finds settings of a version 2 file where 2.x moves them', () => {
    assert.equal(configKey(cri, ['sandbox_image'], release('2.1'), 2)?.plugin, undefined);
    assert.deepEqual(migratedPlace(cri, ['sandbox_image'], release('2.1'), 2), { plugin: criImages, path: ['pinned_images', 'sandbox'] });
    assert.deepEqual(migratedPlace(cri, ['containerd', 'snapshotter'], release('2.1'), 2), { plugin: criImages, path: ['snapshotter'] });
    assert.equal(configKey(cri, ['cni', 'conf_dir'], release('2.1'), 2)?.plugin, criRuntime);
    assert.equal(configKey(cri, ['registry', 'config_path'], release('2.1'), 3), undefined);
    assert.equal(configKey(cri, ['registry', 'config_path'], release('2.3'), 3)?.plugin, criImages);
  });

  it('has the defaults of each release', () => {
    const pause = (text: string): unknown => {
      const key = configKey(criImages, ['pinned_images'], release(text)) ?? configKey(cri, ['sandbox_image'], release(text));
      return key && defaultOf(key, release(text));
    };
    assert.deepEqual([pause('1.7'), pause('2.3')], ['registry.k8s.io/pause:3.8', { sandbox: 'registry.k8s.io/pause:3.10.2' }]);
  });

  it('has a type, a text and well-formed releases for every key of every line', () => {
    for (const { newest } of releaseLines) {
      for (const plugin of ['', ...pluginTables(newest)]) {
        for (const key of keysOf(plugin, newest)) assert.ok(key.doc.length > 10 && key.type.length > 0, key.key);
      }
    }
    assert.ok(everPluginTables().length > 70);
  });

  it('lists what may stand in a table', () => {
    const names = configChildren(criImages, ['registry'], release('2.1')).map(({ path }) => path.at(-1));
    assert.deepEqual(names, ['auths', 'config_path', 'configs', 'headers', 'mirrors']);
  });

  it('writes short plugin names out', () => {
    assert.deepEqual(['cri', 'diff-service', 'windows', 'a.b'].map(fullPluginId), [
      'io.containerd.grpc.v1.cri',
      'io.containerd.service.v1.diff-service',
      'io.containerd.snapshotter.v1.windows',
      'a.b',
    ]);
  });

  it('knows the keys of hosts.toml by release', () => {
    const names = (text: string): readonly string[] => hostsKeysOf(release(text)).map(({ name }) => name);
    assert.ok(!names('1.5').includes('override_path') && names('1.6').includes('override_path'));
    assert.ok(!names('2.0.6').includes('dial_timeout') && names('2.0.7').includes('dial_timeout'));
  });
});
