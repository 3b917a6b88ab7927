import assert from 'node:assert/strict';
import { folding } from '../../../core/features/folding';
import { lineIndex } from '../../../core/text/lineIndex';
import { parse } from '../../../core/toml/parse';

function folds(text: string): string[] {
  const lines = lineIndex(text);
  return folding(parse(text).document).map(({ range, kind }) => {
    const { start, end } = lines.rangeAt(range);
    return `${kind} ${start.line}-${end.line}`;
  });
}

describe('folding', () => {
  it('folds a table with the tables in it', () => {
    assert.deepEqual(folds('[a]\nb = 1\n[a.c]\nd = 2\n[e]\nf = 3'), ['table 0-3', 'table 2-3', 'table 4-5']);
  });

  it('folds values over several lines and runs of comments', () => {
    assert.deepEqual(folds('# one\n# two\n\n# three\nca = [\n  "a",\n  "b",\n]\n'), ['value 4-7', 'comment 0-1']);
  });

  it('folds nothing that stands on one line', () => {
    assert.deepEqual(folds('a = { b = 1 }\nc = [1]\n# d\n'), []);
  });
});
