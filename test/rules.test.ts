import assert from 'node:assert/strict';
import { rules } from '../core/rules';
import { documentKindOf, exampleOf, findingsIn, fixedText } from '../scripts/ruleDocs';
import { ruleIds } from '../scripts/ruleIndex';
import { lint } from '../core/rules/lint';

describe('rules', () => {
  it('are all in the index', () => {
    assert.deepEqual(
      rules.map(({ id }) => id),
      ruleIds(),
    );
  });

  for (const rule of rules) {
    describe(rule.id, () => {
      const { bad, good } = rule.doc;
      it('finds its bad example', () => assert.notEqual(findingsIn(rule, bad).length, 0));
      it('is silent about its good example', () => assert.deepEqual(findingsIn(rule, good), []));
      it('gives every message its arguments', () => {
        const missing = findingsIn(rule, bad).flatMap(({ key, args }) =>
          holes(rule.messages[key] ?? '{key}').filter((hole) => !(hole in args)),
        );
        assert.deepEqual(missing, []);
      });
      if (fixedText(rule, bad) !== bad) it('fixes its bad example', () => assert.equal(fixedText(rule, bad), good));
      it('calls a file that is not used as a whole an error', () => {
        const { outcome, findings } = lint({ ...exampleOf(rule, bad), kind: documentKindOf(rule) });
        const worst = findings.map(({ severity }) => severity);
        if (outcome === 'fatal' || outcome === 'dropped') assert.ok(worst.includes('error'));
        if (outcome === 'used') assert.ok(!worst.includes('error'), 'a file used as written has no error');
        if (outcome === 'partly-ignored') assert.ok(worst.includes('error') || worst.includes('warning'));
      });
    });
  }
});

function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}
