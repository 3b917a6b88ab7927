import assert from 'node:assert/strict';
import { parseDuration } from '../../../core/go/duration';

describe('time.ParseDuration', () => {
  for (const [text, ms] of [
    ['5m0s', 300_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['-1ms', -1],
    ['0', 0],
    ['+0', 0],
    ['1µs1ns', 0.001001],
    ['-9223372036854775808ns', -9_223_372_036_854.775808],
  ] as const) {
    it(`takes "${text}"`, () => assert.deepEqual(parseDuration(text), { ok: true, ms }));
  }

  for (const [text, error] of [
    ['5', 'time: missing unit in duration "5"'],
    ['5x', 'time: unknown unit "x" in duration "5x"'],
    ['5 s', 'time: unknown unit " s" in duration "5 s"'],
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['.s', 'time: invalid duration ".s"'],
    ['five', 'time: invalid duration "five"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['99999999999999999999', 'time: invalid duration "99999999999999999999"'],
    ['5é"', 'time: unknown unit "\\xc3\\xa9\\"" in duration "5\\xc3\\xa9\\""'],
  ] as const) {
    it(`refuses "${text}"`, () => assert.deepEqual(parseDuration(text), { ok: false, error }));
  }

  it('takes no longer for a long text', () => {
    assert.ok(!parseDuration('9'.repeat(1_000_000)).ok);
    assert.ok(!parseDuration(`1s${'1s'.repeat(400_000)}x`).ok);
  });
});
