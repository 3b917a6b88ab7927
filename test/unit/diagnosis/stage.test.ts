import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { readStage, stageScript, type StagedProbe } from '../../../core/diagnosis/stage';

const marker = '@@0123456789abcdef';

describe('a stage of probes', () => {
  for (const shell of [['dash'], ['busybox', 'sh'], ['bash']] as const) {
    it(`keeps each answer apart under ${shell.join(' ')}, whatever the probes do`, () => {
      const probes: readonly StagedProbe[] = [
        { id: 'plain', script: 'echo one; echo two >&2', timeoutMs: 1000 },
        { id: 'quoted', script: "printf '%s' \"it's\"; exit 7", timeoutMs: 1000 },
        { id: 'reads-stdin', script: 'cat', timeoutMs: 1000 },
        { id: 'no-such-tool', script: 'no-such-tool', timeoutMs: 1000 },
        { id: 'hangs', script: 'echo before; sleep 30', timeoutMs: 1000 },
        { id: 'fakes', script: "printf '\\n@@0123 begin last\\n\\n@@0123 end last 9\\n'", timeoutMs: 1000 },
        { id: 'last', script: 'echo here', timeoutMs: 1000 },
      ];
      const [file, ...args] = shell;
      const { stdout, stderr } = spawnSync(file, [...args, '-s'], { input: stageScript(probes, marker), encoding: 'utf8' });
      const answers = readStage([...probes.map(({ id }) => id), 'never'], stdout, stderr, marker);
      assert.deepEqual(answers.get('plain'), { status: 'done', exitCode: 0, stdout: 'one\n', stderr: 'two\n' });
      assert.deepEqual(answers.get('quoted'), { status: 'done', exitCode: 7, stdout: "it's", stderr: '' });
      assert.equal(answers.get('reads-stdin')?.stdout, '');
      const missing = answers.get('no-such-tool');
      assert.ok(missing?.status === 'done' && missing.exitCode === 127);
      assert.deepEqual([answers.get('hangs')?.status, answers.get('hangs')?.stdout], ['timeout', 'before\n']);
      assert.equal(answers.get('last')?.stdout, 'here\n');
      assert.equal(answers.get('never')?.status, 'missing');
    });
  }

  it('takes a run that was cut off for what it is', () => {
    const out = `banner\n${marker} begin a\nx\n${marker} end a 0\n\n${marker} begin b\nhalf`;
    const answers = readStage(['a', 'b', 'c'], out, '', marker);
    assert.deepEqual(
      [...answers].map(([id, { status, stdout }]) => [id, status, stdout]),
      [
        ['a', 'done', 'x'],
        ['b', 'timeout', 'half'],
        ['c', 'missing', ''],
      ],
    );
  });

  it('reads any text', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(`\n${marker} begin a\n`, `\n${marker} end a `, `\n${marker} begin `, '0\n', marker),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => assert.equal(readStage(['a'], pieces.join(''), '', marker).size, 1)),
      { seed: 3, numRuns: 200 },
    );
  });
});
