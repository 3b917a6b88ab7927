import assert from 'node:assert/strict';
import { userAgent } from '../../../core/resolver/userAgent';
import { goOf } from '../../../core/versions/goBuilds';
import { parseVersion } from '../../../core/versions/versions';

const version = (text: string) => parseVersion(text) ?? assert.fail(text);

describe('builds of containerd', () => {
  it("know upstream's Go by the release", () => {
    const of = ['1.6.20', '1.7.24', '2.1.9', '2.9.0', '1.7.24-rc.1'].map((text) => goOf(version(text)));
    assert.deepEqual(of, ['1.19', '1.22', '1.25', '1.26', '1.22']);
  });

  it("know Debian's Go by the build", () => {
    const of = ['1.6.20~ds1', '1.6.20+deb', '1.6.20~ds1-1+deb12u3', '1.7.24~ds1', '2.1.9+unknown', '2.1.9~ds1'].map((text) =>
      goOf(version(text)),
    );
    assert.deepEqual(of, ['1.19', '1.19', '1.19', '1.24', '1.27', '1.27']);
  });

  it('name themselves to registries', () => {
    const names = ['1.6.20~ds1', '2.1.9+unknown', '2.1.9'].map((text) => userAgent(version(text)));
    assert.deepEqual(names, ['containerd/1.6.20~ds1', 'containerd/2.1.9+unknown', 'containerd/v2.1.9']);
  });
});
