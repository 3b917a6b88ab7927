import assert from 'node:assert/strict';
import { codeActions, compatible } from '../../../core/features/codeActions';
import type { LintFinding } from '../../../core/rules/check';
import { message } from '../../../core/text/message';
import { applyEdits } from '../../../core/text/ranges';
import { parse } from '../../../core/toml/parse';

function finding(rule: string, start: number, end: number, safe?: boolean): LintFinding {
  const range = { start, end };
  const fix = safe === undefined ? undefined : { title: message('fix'), safe, edits: [{ range, newText: rule }] };
  return { rule, range, severity: 'error', key: 'k', args: {}, message: message('m'), ...(fix && { fix }) };
}

describe('code actions', () => {
  const { document } = parse('xxx yy  z');
  const findings = [finding('a', 0, 3, true), finding('b', 4, 6, false), finding('c', 4, 6), finding('d', 8, 9, true)];

  it('offer the fixes at the selection, the safe ones of the whole file, and the pages', () => {
    const actions = codeActions(findings, { start: 5, end: 5 }, document);
    assert.deepEqual(
      actions.map((action) => [action.kind, action.kind === 'fix-all' ? action.title.args['count'] : action.rule]),
      [
        ['fix', 'b'],
        ['fix-all', 2],
        ['ignore', 'b'],
        ['ignore', 'c'],
        ['page', 'b'],
        ['page', 'c'],
      ],
    );
    assert.equal(actions[0]?.kind === 'fix' && actions[0].isPreferred, false);
    const all = actions.find(({ kind }) => kind === 'fix-all');
    assert.equal(all?.kind === 'fix-all' && applyEdits('xxx yy  z', all.edits), 'a yy  d');
  });

  it('offer nothing where nothing was found', () => {
    assert.deepEqual(codeActions([], { start: 0, end: 0 }, document), []);
    assert.deepEqual(
      codeActions([finding('b', 4, 6, false)], { start: 0, end: 1 }, document).map(({ kind }) => kind),
      [],
    );
  });

  it('leave out fixes that would change the same place', () => {
    const edit = (start: number, end: number) => [{ range: { start, end }, newText: '' }];
    assert.deepEqual(compatible([edit(0, 4), edit(2, 5), edit(4, 6), edit(5, 8)]), [edit(0, 4), edit(5, 8)]);
  });
});
