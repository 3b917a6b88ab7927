import assert from 'node:assert/strict';
import { compareVersions, formatVersion, lineOf, parseVersion, satisfies } from '../../../core/versions/versions';

const version = (text: string) => parseVersion(text) ?? assert.fail(text);

describe('versions', () => {
  it('reads releases as programs print them', () => {
    const read = ['v2.1.9', '1.7.24~ds1-2', '2.0.0-rc.1', '1.6.20+unknown', ' 1.7 '].map((text) => formatVersion(version(text)));
    assert.deepEqual(read, ['2.1.9', '1.7.24', '2.0.0', '1.6.20', '1.7.34']);
  });

  it('refuses what is no version', () => {
    for (const text of ['', 'latest', '1', '3.9', '1.2.3.4', '2.x', '1.7.99999']) assert.equal(parseVersion(text), undefined, text);
  });

  it('takes an exact release of a line it does not know', () => {
    assert.equal(lineOf(version('2.9.1')), '2.9');
  });

  it('holds ranges with back-ports', () => {
    const basicAuthError = '>=1.6.25 <1.7.0 || >=1.7.8';
    assert.deepEqual(
      ['1.6.24', '1.6.25', '1.7.0', '1.7.8', '2.3.0'].map((text) => satisfies(version(text), basicAuthError)),
      [false, true, false, true, true],
    );
    assert.ok(satisfies(version('1.5.0'), '*'));
    assert.throws(() => satisfies(version('1.5.0'), '>1.5'), /not a version range/);
  });

  it('orders releases', () => {
    assert.ok(compareVersions(version('1.10.0'), version('1.9.9')) > 0);
    assert.equal(compareVersions(version('2.0.1'), version('2.0.1')), 0);
  });
});
