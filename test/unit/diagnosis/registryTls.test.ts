import assert from 'node:assert/strict';
import { registryTls } from '../../../core/diagnosis/registryTls';
import type { ConfigTree, TlsSettings } from '../../../core/ports';
import { newestVersion, parseVersion } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';
import { createPki, type Pki } from '../../fixtures/pki';

function trust(
  authority: string,
  tree: ConfigTree,
  version = newestVersion,
  configPath = '/etc/containerd/config.toml',
): TlsSettings | undefined {
  return registryTls(authority, { tree, version, configPath });
}

describe('how containerd on a node trusts a registry', () => {
  let pki: Pki;
  let ca: string;
  before(() => {
    pki = createPki();
    ca = pki.authority('CA').cert;
  });
  after(() => pki.remove());

  it('is found in the folder of the registry, of another that it mirrors, and in old tables', () => {
    const own = mapTree({ '/etc/containerd/certs.d/reg.test:5000/hosts.toml': 'ca = "/pki/ca.crt"\n', '/pki/ca.crt': ca });
    assert.deepEqual(trust('reg.test:5000', own)?.caFiles, ['/pki/ca.crt']);
    assert.equal(trust('other.test', own), undefined);
    const mirror = mapTree({
      '/etc/containerd/certs.d/docker.io/hosts.toml': '[host."https://mirror.test"]\n  ca = "m.crt"\n',
      '/etc/containerd/certs.d/docker.io/m.crt': ca,
    });
    assert.deepEqual(trust('mirror.test', mirror)?.caFiles, ['/etc/containerd/certs.d/docker.io/m.crt']);
    const elsewhere = mapTree({
      '/etc/containerd/config.toml': 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/my/certs"\n',
      '/my/certs/reg.test/hosts.toml': '[host."https://reg.test"]\n  skip_verify = true\n',
    });
    assert.equal(trust('reg.test', elsewhere, parseVersion('1.7') ?? newestVersion)?.skipVerify, true);
    const started = mapTree({
      '/k3s/config.toml': 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/k3s/certs.d"\n',
      '/k3s/certs.d/reg.test/hosts.toml': '[host."https://reg.test"]\n  skip_verify = true\n',
    });
    assert.equal(trust('reg.test', started, parseVersion('1.7'), '/k3s/config.toml')?.skipVerify, true);
    assert.equal(trust('reg.test', started, parseVersion('1.7')), undefined);
    const old = mapTree({
      '/etc/containerd/config.toml':
        'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.configs."reg.test".tls]\n  ca_file = "/pki/ca.crt"\n',
      '/pki/ca.crt': ca,
    });
    assert.deepEqual(trust('reg.test', old, parseVersion('1.7') ?? newestVersion)?.caFiles, ['/pki/ca.crt']);
  });
});
