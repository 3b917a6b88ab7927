import assert from 'node:assert/strict';
import fc from 'fast-check';
import { render } from '../../../core/text/message';
import { tomlErrorMessage, tomlErrorTexts } from '../../../core/toml/errorTexts';
import { entryAt, nodeAtOffset, printKeyPath, printString, toPlain, valueAt } from '../../../core/toml/lookup';
import { parse } from '../../../core/toml/parse';

const text = [
  'server = "https://up" # upstream',
  '',
  '[host."https://m"]',
  '  capabilities = ["pull", "push"]',
  '  header = { "x-a" = ["1"], b.c = 2 }',
  '',
  '[[plugins]]',
].join('\n');
const { document } = parse(text);

/** Where the cursor is at the `|` that stands before `mark`, or in the middle of it. */
function at(mark: string, into = 0): string {
  const node = nodeAtOffset(document, text.indexOf(mark) + into);
  const value = node.value && text.slice(node.value.range.start, node.value.range.end);
  return [node.where, printKeyPath(node.path), node.key?.name, value].filter((part) => part !== undefined).join(' | ');
}

describe('toml lookup', () => {
  it('finds values and entries by path', () => {
    const capabilities = valueAt(document.root, ['host', 'https://m', 'capabilities']);
    assert.equal(capabilities?.kind, 'array');
    assert.equal(valueAt(document.root, ['host', 'https://m', 'capabilities', '0']), undefined);
    assert.equal(valueAt(document.root, []), document.root);
    assert.equal(entryAt(document.root, ['host', 'https://m'])?.key.style, 'basic');
    assert.equal(entryAt(document.root, ['host', 'toString']), undefined);
    assert.equal(entryAt(document.root, []), undefined);
  });

  it('says what the cursor is on', () => {
    assert.equal(at('server'), 'key | server | server');
    assert.equal(at('"https://up"', 3), 'value | server | "https://up"');
    assert.equal(at('= "https'), 'key | server');
    assert.equal(at('upstream'), 'comment | ');
    assert.equal(at('host.', 1), 'header | host | host');
    assert.equal(at('https://m', 2), 'header | host."https://m" | https://m');
    assert.equal(at('"push"', 2), 'value | host."https://m".capabilities | "push"');
    assert.equal(at('["pull"'), 'value | host."https://m".capabilities | ["pull", "push"]');
    assert.equal(at('x-a', 1), 'key | host."https://m".header.x-a | x-a');
    assert.equal(at('"1"', 1), 'value | host."https://m".header.x-a | "1"');
    assert.equal(at('c = 2'), 'key | host."https://m".header.b.c | c');
    assert.equal(at(' 2 }', 2), 'value | host."https://m".header.b.c | 2');
    assert.equal(at('{ "x-a"', 1), 'value | host."https://m".header | { "x-a" = ["1"], b.c = 2 }');
    assert.equal(at('\n\n[[', 1), 'blank | host."https://m"');
    assert.equal(at('[[plugins', 2), 'header | plugins | plugins');
  });

  it('prints keys that read back as they were', () => {
    assert.equal(printKeyPath(['host', 'https://m.example', 'credential_helper']), 'host."https://m.example".credential_helper');
    assert.equal(printKeyPath(['', 'a b', 'ä', '"', '\\', '\u0000\n']), '""."a b"."ä"."\\""."\\\\"."\\u0000\\n"');
    const path = fc.array(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 4 });
    const check = (keys: string[]): void => {
      const parsed = parse(`${printKeyPath(keys)} = ${printString(keys.join(' '))}`);
      assert.deepEqual(parsed.errors, []);
      const value = valueAt(parsed.document.root, keys);
      assert.equal(value?.kind === 'string' && value.value, keys.join(' '));
    };
    fc.assert(fc.property(path, check), { seed: 11, numRuns: 100 });
  });

  it('gives plain values', () => {
    const plain = toPlain(parse('a = 1\nb = [1.5, "x", { c = true }]\nd = 1979-05-27\ne = \n').document.root);
    assert.equal(
      JSON.stringify(plain, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
      '{"a":"1n","b":[1.5,"x",{"c":true}],"d":{"datetime":"1979-05-27"}}',
    );
  });

  it('has a text for every error, with all its arguments', () => {
    const broken = 'key\n[a\n"\\q" = 1\nb = 1\nb = 2\n[c]\n[c]\nd = {}\n[d.e]\n[b.f]\ng = [1]\n[[g]]\n[c.d]\nh = [1\n';
    const { errors } = parse(`${broken}i = ${'['.repeat(600)}`);
    assert.ok(new Set(errors.map(({ code }) => code)).size >= 7);
    for (const error of errors) {
      const words = render(tomlErrorMessage(error), tomlErrorTexts);
      assert.match(words, /^[A-Z"][^\n\r \u2028\u2029]* .*\.$/);
      assert.doesNotMatch(words, /\{\w+\}|^toml\//);
    }
  });
});
