import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { quote } from '../../../core/probes/quote';

const nasty = [
  '',
  "'",
  "''",
  '"',
  '\\',
  "\\'",
  '$(id)',
  '`id`',
  '${HOME}',
  '!!',
  '* ? [a]',
  'a\nb',
  '\n',
  ' ',
  '\t',
  '-n',
  '--',
  ';&|<>',
  '#x',
  '~',
  '\u0001\u007f',
  'ä€😀',
  "a'b'c",
  '%s\\n',
  '\r\n',
];
/** Everything but NUL, which no argument can hold, and lone surrogates, which are no text. */
const words = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\0', ''));

describe('quote', () => {
  for (const shell of [['dash'], ['busybox', 'sh'], ['bash']] as const) {
    it(`hands every word to ${shell.join(' ')} as it is`, () => {
      const echoed = (all: readonly string[]): readonly string[] => {
        const [file, ...args] = shell;
        const script = `for word in ${all.map(quote).join(' ')}; do printf '%s\\000' "$word"; done`;
        return execFileSync(file, [...args, '-s'], { input: script, encoding: 'utf8' })
          .split('\0')
          .slice(0, -1);
      };
      assert.deepEqual(echoed(nasty), nasty);
      fc.assert(
        fc.property(fc.array(words, { minLength: 1, maxLength: 30 }), (all) => assert.deepEqual(echoed(all), all)),
        { seed: 20, numRuns: 25 },
      );
    });
  }

  it('leaves NUL out', () => {
    assert.equal(quote('a\0b'), "'ab'");
  });
});
