import assert from 'node:assert/strict';
import { hostDirFromRoots, hostDirectory, hostPaths, notReadReason } from '../../../core/hosts/directory';
import { parseVersion, type Version } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';

const root = '/etc/containerd/certs.d';

function release(text: string): Version {
  const version = parseVersion(text);
  assert(version);
  return version;
}

describe('folders of hosts', () => {
  it('write the port with underscores', () => {
    assert.equal(hostDirectory('reg:5000'), 'reg_5000_');
    assert.equal(hostDirectory('reg'), 'reg');
    assert.equal(hostDirectory('[::1]:5000'), '[::1]_5000_');
    assert.equal(hostDirectory('[::1]'), '[:_1]_');
  });

  it('are looked for in order, _default since 1.6.17', () => {
    assert.deepEqual(hostPaths('/c', 'reg:5000', release('2.1')), ['/c/reg_5000_', '/c/reg:5000', '/c/_default']);
    assert.deepEqual(hostPaths('/c', 'reg:5000', release('1.6.16')), ['/c/reg_5000_', '/c/reg:5000']);
    assert.deepEqual(hostPaths('/c', 'reg', release('1.6.17')), ['/c/reg', '/c/_default']);
    assert.deepEqual(hostPaths('/c', 'reg', release('1.5')), ['/c/reg']);
  });

  it('are looked for in all of a root before the next root', () => {
    const tree = mapTree({ '/a/_default/hosts.toml': '', '/b/reg/hosts.toml': '' });
    assert.equal(hostDirFromRoots(tree, ['/a', '/b'], 'reg', release('2.1')), '/a/_default');
    assert.equal(hostDirFromRoots(tree, ['/a', '/b'], 'reg', release('1.6.16')), '/b/reg');
    assert.equal(hostDirFromRoots(tree, ['/c'], 'reg', release('2.1')), undefined);
  });
});

describe('notReadReason', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['docker.io', undefined],
    ['reg.example.com:5000', undefined],
    ['reg.example.com_5000_', undefined],
    ['10.0.0.1', undefined],
    ['localhost', undefined],
    ['myregistry', undefined],
    ['[::1]:5000', undefined],
    ['[::1]_5000_', undefined],
    ['[:_1]_', undefined],
    ['_default', undefined],
    ['https-mirror.example.com', undefined],
    ['docker.io/library', 'repository-path'],
    ['https:/reg.example.com', 'scheme'],
    ['https:', 'scheme'],
    ['http:__reg.example.com', 'scheme'],
    ['https___reg.example.com', 'scheme'],
    ['*.example.com', 'wildcard'],
    ['*', 'wildcard'],
    ['Reg.example.com', 'upper-case'],
    ['reg.example.com:port', 'not-a-host'],
    ['reg example', 'not-a-host'],
    ['-reg.example.com', 'not-a-host'],
  ];
  for (const [folder, reason] of cases) {
    it(`${folder} is ${reason ?? 'read'}`, () => assert.equal(notReadReason(`${root}/${folder}/hosts.toml`, release('2.1')), reason));
  }

  it('knows the root by its name or from the caller', () => {
    assert.equal(notReadReason(`${root}/hosts.toml`, release('2.1')), 'in-root');
    assert.equal(notReadReason('/srv/hosts/docker.io/hosts.toml', release('2.1')), undefined);
    assert.equal(notReadReason('/srv/hosts/hosts.toml', release('2.1'), undefined, ['/srv/hosts/']), 'in-root');
    assert.equal(notReadReason('/srv/hosts/docker.io/library/hosts.toml', release('2.1'), undefined, ['/srv/hosts']), 'repository-path');
  });

  it('sees the folder that wins, and the release', () => {
    const tree = mapTree({ [`${root}/reg:5000/hosts.toml`]: '', [`${root}/reg_5000_/ca.crt`]: '' });
    assert.equal(notReadReason(`${root}/reg:5000/hosts.toml`, release('2.1'), tree), 'shadowed');
    assert.equal(notReadReason(`${root}/reg_5000_/hosts.toml`, release('2.1'), tree), undefined);
    assert.equal(notReadReason(`${root}/_default/hosts.toml`, release('1.6.16')), 'default-unknown');
  });
});
