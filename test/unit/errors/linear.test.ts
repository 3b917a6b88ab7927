import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beginningsOf } from '../../fixtures/beginnings';
import { growsFasterThanItsSize } from '../../fixtures/growth';

/** Every regular expression of a folder that is looked for anywhere in a text, with the file that has it. */
function patternsOf(folder: string): readonly (readonly [file: string, pattern: RegExp])[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const found: (readonly [string, RegExp])[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        const flags = node.text.slice(end + 1).replace('g', '');
        if (!flags.includes('y')) found.push([file, new RegExp(node.text.slice(1, end), flags)]);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest));
    return found;
  });
}

function isSlow(pattern: RegExp, unit: string): boolean {
  return growsFasterThanItsSize(30_000, (size) => pattern.exec(`${unit.repeat(Math.ceil(size / unit.length))}\u0001`));
}

describe('the patterns of errors', () => {
  it('give up a text in linear time that only ever begins what they look for', () => {
    const patterns = patternsOf('core/errors');
    assert.ok(patterns.length > 400);
    const slow = patterns.flatMap(([file, pattern]) =>
      [...beginningsOf(pattern.source)].filter((unit) => isSlow(pattern, unit)).map((unit) => `${file}: ${JSON.stringify(unit)}`),
    );
    assert.deepEqual(slow, []);
  });

  it('are seen to be quadratic where they are', () => {
    const quadratic = /Pulling image[^:\n]*: context canceled/;
    assert.ok([...beginningsOf(quadratic.source)].some((unit) => isSlow(quadratic, unit)));
  });
});
