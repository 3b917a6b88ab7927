import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keyIndex } from '../../../core/schema/keyIndex';
import { closest } from '../../../core/text/closest';

const name = fc.constantFrom('a', 'A', 'b', '*', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 3 });
const same = (written: string, known: string): boolean => written === known || written === known.toUpperCase();

describe('key index', () => {
  it('finds what a search through all keys finds', () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 8 }), path, (paths, wanted) => {
        const keys = paths.map((one, order) => ({ path: one, order }));
        const fits = (known: readonly string[], at: readonly string[]): boolean =>
          known.length === at.length && known.every((part, i) => part === '*' || same(at[i] ?? '', part));
        const index = keyIndex(keys);
        assert.equal(
          index.find(wanted, same),
          keys.find((key) => fits(key.path, wanted)),
        );
        assert.deepEqual(
          new Set(index.below(wanted, same)),
          new Set(keys.filter((key) => fits(key.path.slice(0, -1), wanted) && key.path.length > 1)),
        );
        assert.deepEqual(
          index.named('b'),
          keys.filter((key) => key.path.at(-1) === 'b'),
        );
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe('closest word', () => {
  it('is never passed over for its letters', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '_', '2', 'K', 'r', 'z'), minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(word, fc.nat(8), fc.constantFrom('a', '_', 'q', '9', ''), (known, at, sign) => {
        const typed = known.slice(0, at) + sign + known.slice(at + 1);
        if (known.length > 6) assert.equal(closest(typed, ['nothing_like_it_at_all', known]), known);
        else assert.notEqual(closest(known, [known]), undefined);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
