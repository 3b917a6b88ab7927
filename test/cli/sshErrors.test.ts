import assert from 'node:assert/strict';
import { sshFailure } from '../../cli/transport/sshErrors';
import { growsFasterThanItsSize } from '../fixtures/growth';

describe('what ssh said', () => {
  it('is told of an error in its configuration', () => {
    const said = 'some banner\n/home/u/.ssh/config line 7: Bad configuration option: hostt\n';
    assert.match(sshFailure('n1', said).message, /the ssh config has an error: .*(?:line 7|Bad configuration option)/);
    assert.match(
      sshFailure('n1', '/home/u/.ssh/config line 12: missing argument.\n').message,
      /the ssh config has an error: \/home\/u\/\.ssh\/config line 12: missing argument\./,
    );
  });

  it('takes linear time, whatever it is', () => {
    const units = ['a', ' line ', ' line 1', 'x line 1:', 'Bad configuration option', 'ssh: connect to host a port 1', 'Offending '];
    const slow = units.filter((unit) => growsFasterThanItsSize(100_000, (size) => sshFailure('n1', unit.repeat(size / unit.length))));
    assert.deepEqual(slow, []);
  });
});
