import assert from 'node:assert/strict';
import { hostsProblemCodes } from '../../../core/hosts/hostsFile';
import { rules } from '../../../core/rules/index';
import type { HostsRule } from '../../../core/rules/rule';
import { findingsIn, fixedText } from '../../../scripts/ruleDocs';

const hostsRules: readonly HostsRule[] = rules.filter((rule) => rule.kind === 'hosts');

describe('rules for hosts.toml', () => {
  it('explain every problem of the decoder, each by one rule', () => {
    const explained = hostsRules.flatMap(({ explains }) => explains ?? []);
    assert.deepEqual([...explained].sort(), [...hostsProblemCodes].sort());
  });

  for (const rule of hostsRules) {
    const { bad, good } = rule.doc;
    it(`${rule.id} finds its bad example and not its good one`, () => {
      assert.notEqual(findingsIn(rule, bad).length, 0);
      assert.deepEqual(findingsIn(rule, good), []);
    });

    it(`${rule.id} has a text for each finding, and its fix gives the good example`, () => {
      const findings = findingsIn(rule, bad);
      for (const { key } of findings) assert(Object.hasOwn(rule.messages, key), key);
      if (findings.some(({ fix }) => fix)) assert.equal(fixedText(rule, bad), good);
    });

    it(`${rule.id} quotes nothing that is not there: every hole of its texts is filled`, () => {
      for (const { key, args } of findingsIn(rule, bad)) {
        const holes = [...(rule.messages[key] ?? '').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
        assert.deepEqual(
          holes.filter((name) => args[name] === undefined),
          [],
        );
      }
    });
  }
});
