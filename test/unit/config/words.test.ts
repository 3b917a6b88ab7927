import assert from 'node:assert/strict';
import { absolute, matchesName } from '../../../core/config/imports';
import { splitList } from '../../../core/config/registry';
import { growsFasterThanItsSize } from '../../fixtures/growth';

describe('words of config.toml', () => {
  for (const [pattern, name, expected] of [
    ['*.toml', 'a.toml', true],
    ['*.toml', 'a.toml.bak', false],
    ['9?-*.toml', '99-nvidia.toml', true],
    ['[a-c]*.toml', 'd.toml', false],
    ['[^a-c]*.toml', 'd.toml', true],
    ['\\*.toml', 'a.toml', false],
    ['a^b', 'a^b', true],
  ] as const) {
    it(`${pattern} ${expected ? 'matches' : 'does not match'} ${name}`, () => assert.equal(matchesName(pattern, name), expected));
  }

  it('matches a pattern of many stars in linear time', () => {
    const match = (size: number): boolean => matchesName('*a'.repeat(2000), `${'a'.repeat(size)}b`);
    assert.equal(match(20_000), false);
    assert.ok(!growsFasterThanItsSize(20_000, match));
  });

  it('joins paths as filepath.Join does', () => {
    assert.equal(absolute('../x/./y.toml', '/etc/containerd'), '/etc/x/y.toml');
    assert.equal(absolute('/a//b/../c', '/etc'), '/a/c');
  });

  it('splits lists of folders', () => {
    assert.deepEqual(splitList('/a:/b'), ['/a', '/b']);
    assert.deepEqual(splitList('C:\\a;C:\\b'), ['C:\\a', 'C:\\b']);
  });
});
