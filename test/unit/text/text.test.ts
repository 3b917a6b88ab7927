import assert from 'node:assert/strict';
import fc from 'fast-check';
import { closest } from '../../../core/text/closest';
import { lineIndex } from '../../../core/text/lineIndex';
import { catalogOf, message, render } from '../../../core/text/message';
import { applyEdits, contains, overlaps } from '../../../core/text/ranges';

describe('text', () => {
  it('applies edits given in any order', () => {
    const edits = [
      { range: { start: 4, end: 7 }, newText: 'THREE' },
      { range: { start: 0, end: 3 }, newText: '1' },
      { range: { start: 7, end: 7 }, newText: '!' },
    ];
    assert.equal(applyEdits('one two', edits), '1 THREE!');
  });

  it('knows when spans touch', () => {
    assert.ok(overlaps({ start: 0, end: 2 }, { start: 2, end: 2 }));
    assert.ok(!overlaps({ start: 0, end: 2 }, { start: 3, end: 4 }));
    assert.ok(contains({ start: 1, end: 2 }, 2));
    assert.ok(!contains({ start: 1, end: 2 }, 3));
  });

  it('finds lines at LF, CRLF and a lone CR', () => {
    const index = lineIndex('a\r\nb\rc\nd');
    assert.deepEqual(
      [0, 1, 2, 3].map((line) => index.lineText(line)),
      ['a', 'b', 'c', 'd'],
    );
    assert.equal(index.lineCount, 4);
    assert.deepEqual(index.positionAt(5), { line: 2, character: 0 });
    assert.equal(index.lineText(9), '');
  });

  it('goes from offset to position and back', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', '𝄞'), { maxLength: 40 }), fc.nat(60), (parts, offset) => {
        const text = parts.join('');
        const index = lineIndex(text);
        assert.equal(index.offsetAt(index.positionAt(offset)), Math.min(offset, text.length));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('clamps positions outside the text', () => {
    const index = lineIndex('ab\ncd');
    assert.equal(index.offsetAt({ line: -1, character: 0 }), 0);
    assert.equal(index.offsetAt({ line: 7, character: 0 }), 5);
    assert.equal(index.offsetAt({ line: 0, character: 99 }), 3);
  });
});

describe('closest', () => {
  it('guesses a word that is two edits away, and a swap', () => {
    assert.equal(closest('resolv', ['pull', 'resolve']), 'resolve');
    assert.equal(closest('resovle', ['pull', 'resolve']), 'resolve');
    assert.equal(closest('Skip_Verfy', ['skip_verify']), 'skip_verify');
  });

  it('does not guess what is too far', () => {
    assert.equal(closest('everything', ['pull', 'resolve', 'push']), undefined);
    assert.equal(closest('ab', ['ca']), undefined);
  });
});

describe('messages', () => {
  it('puts arguments into the text of the first catalog that has it', () => {
    const english = catalogOf('rule', { greet: 'Hello {name}, {count} times {missing}' });
    assert.equal(render(message('rule/greet', { name: 'x{count}', count: 2 }), english), 'Hello x{count}, 2 times {missing}');
    assert.equal(render(message('rule/greet', { name: 'A', count: 1 }), { 'rule/greet': 'Hallo {name}' }, english), 'Hallo A');
  });

  it('puts a message among the arguments into the same language', () => {
    const english = catalogOf('rule', { wrong: 'It must be {wanted}.', list: 'a list of {count}' });
    const nested = message('rule/wrong', { wanted: message('rule/list', { count: 2 }) });
    assert.equal(render(nested, english), 'It must be a list of 2.');
    assert.equal(render(nested, { 'rule/list': 'eine Liste mit {count}' }, english), 'It must be eine Liste mit 2.');
  });

  it('shows the id that no catalog has', () => {
    assert.equal(render(message('rule/none')), 'rule/none');
  });
});
