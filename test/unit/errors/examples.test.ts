import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { errorCatalog, errorClasses } from '../../../core/errors';
import { classify } from '../../../core/errors/classify';
import { configKeyGroups } from '../../../core/schema/data/configKeys';
import { render } from '../../../core/text/message';
import { parseVersion } from '../../../core/versions/versions';

const byId = new Map(errorClasses.map((one) => [one.id, one]));

describe('error classes', () => {
  it('are the 49 of the taxonomy, each once', () => {
    assert.equal(errorClasses.length, 49);
    assert.equal(byId.size, 49);
  });

  it('confuse none of their own examples (the confusion matrix is diagonal)', () => {
    const cells = errorClasses.flatMap(({ id, examples }) =>
      examples.map(({ text, containerd }) => ({ id, text, got: classify(text, parseVersion(containerd ?? '')).class?.id ?? null })),
    );
    assert.ok(cells.length >= 90);
    assert.deepEqual(
      cells.filter(({ id, got }) => id !== got),
      [],
    );
  });

  it('name the folder of verifiers as containerd does', () => {
    const folder = configKeyGroups.flatMap(({ keys }) => keys).find(({ key }) => key === 'bin_dir')?.default;
    const { causes, doc } = byId.get('policy.blocked') ?? assert.fail();
    const named = JSON.stringify([causes, doc]).match(/\/[\w/-]*image-verifier\/bin/g);
    assert.deepEqual([...new Set(named)], [folder]);
  });

  for (const errorClass of errorClasses) {
    it(`${errorClass.id} is complete`, () => {
      const { id, examples, causes, signals, doc, messages } = errorClass;
      assert.ok(existsSync(`core/errors/classes/${id}.ts`));
      assert.ok(signals.length > 0 && causes.length > 0);
      assert.ok(examples.length > 0 || id === 'masked.hosts-toml-not-read', 'only what no text can show has no example');
      assert.ok(doc.diagnosis.some(({ command }) => command !== undefined));
      assert.ok(doc.mitigation.length > 0 && doc.sources.length > 0);
      for (const other of doc.related) assert.ok(byId.has(other.id), `${other.id} is no class`);
      for (const rule of doc.rules) assert.ok(existsSync(`core/rules/${rule}.ts`), `${rule} is no rule`);
      for (const key of Object.keys(messages)) assert.match(key, /^(?:cause|nextStep)(?:AtHost|OfReference)?$/);
    });
  }

  it('leave no hole in a message of any example', () => {
    for (const { examples } of errorClasses) {
      for (const { text } of examples) {
        const { cause, nextStep } = classify(text);
        assert.ok(cause && nextStep, text);
        assert.doesNotMatch(render(cause, errorCatalog) + render(nextStep, errorCatalog), /\{(?:host|reference)\}|\/cause|\/nextStep/);
      }
    }
  });

  it('have patterns without state: no flag g or y', () => {
    for (const { id, signals } of errorClasses) {
      for (const { pattern, then, with: along, unless } of signals) {
        for (const one of [pattern, then, along, unless]) assert.doesNotMatch(one?.flags ?? '', /[gy]/, `${id} ${String(one)}`);
      }
    }
  });
});
