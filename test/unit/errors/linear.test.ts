import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beginningsOf } from '../../fixtures/beginnings';

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

/** Milliseconds of the processor, the best of three: a busy machine says nothing about a pattern. */
function time(pattern: RegExp, text: string): number {
  const once = (): number => {
    const before = process.cpuUsage();
    pattern.exec(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(once(), once(), once());
}

const SIZE = 30_000;
/** What takes less says nothing: a clock is no finer. */
const LEAST_MS = 10;

/** Twice the text takes a linear pattern twice as long, a quadratic one four times. */
function isSlow(pattern: RegExp, unit: string): boolean {
  const text = (size: number): string => `${unit.repeat(Math.ceil(size / unit.length))}\u0001`;
  const first = time(pattern, text(SIZE));
  return first > LEAST_MS && time(pattern, text(2 * SIZE)) > 3 * first;
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
