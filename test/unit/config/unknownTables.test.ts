/** 2.x reads a table that its structs have no place for without a look at duplicates and values in it; 1.x looks at everything. */
import assert from 'node:assert/strict';
import { lint } from '../../../core/rules/lint';
import { parseVersion } from '../../../core/versions/versions';
import { mapTree } from '../../../files/tree';

const path = '/etc/containerd/config.toml';

describe('TOML errors in tables of config.toml that no release has', () => {
  for (const [text, release, isFatal] of [
    ['version = 2\n[auth]\na = 1\na = 2\n', '1.7', true],
    ['version = 3\n[auth]\na = 1\na = 2\n', '2.2', false],
    ['version = 3\n[auth]\nn = 99999999999999999999\nd = 2020-99-99\n', '2.1', false],
    ['version = 3\nunknown = 99999999999999999999\n', '2.1', false],
    ['version = 3\n[stream_processors.a]\npath = "/x"\nwhat = 2020-99-99\n', '2.1', false],
    ['version = 3\nunknown = 1\nunknown = 2\n', '2.1', true],
    ['version = 3\n[auth]\na = 1\n[auth]\nb = 1\n', '2.1', true],
    ['version = 3\n[plugins.foo]\na = 1\na = 2\n', '2.1', true],
    ['version = 3\n[plugins.foo]\nn = 99999999999999999999\n', '2.1', true],
    ['version = 3\n[timeouts]\n"a" = "5s"\n"a" = "6s"\n', '2.1', true],
    ['version = 3\n[proxy_plugins.x]\naddress = "a"\naddress = "b"\n', '2.1', true],
  ] as const) {
    it(`${release} ${isFatal ? 'refuses' : 'takes'} ${JSON.stringify(text)}`, () => {
      const version = parseVersion(release);
      assert.ok(version);
      const { outcome, findings } = lint({ path, text, version, tree: mapTree({ [path]: text }) });
      assert.equal(outcome === 'fatal', isFatal);
      assert.equal(
        findings.some(({ severity }) => severity === 'error'),
        isFatal,
      );
    });
  }
});
