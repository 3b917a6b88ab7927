/**
 * A case is one text file: a sentence, the files of a node, what lint says of each file that it recognises, and the files after safe fixes.
 * `UPDATE=1 npx mocha test/cases.test.ts` rewrites what is expected; read the difference before you commit it. A first line
 * `containerd: 1.7` chooses the release; several are the two sides of a boundary, with a section of findings each.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { kindOf } from '../core/rules/kind';
import { lint, ruleCatalog, type LintResult } from '../core/rules/lint';
import { renderFinding } from '../core/rules/render';
import { lineIndex } from '../core/text/lineIndex';
import { render } from '../core/text/message';
import { newestVersion, parseVersion } from '../core/versions/versions';
import { fixedText } from '../cli/lintFix';
import { mapTree, overlayTree } from '../files/tree';

const folder = 'test/cases';

describe('cases', () => {
  const names = [folder, 'test/cases/releases'].flatMap((one) => readdirSync(one).map((file) => join(one, file)));
  for (const path of names.filter((name) => name.endsWith('.txt'))) {
    it(relative(folder, path).replace('.txt', ''), () => {
      const text = readFileSync(path, 'utf8');
      const actual = run(text);
      if (process.env['UPDATE']) writeFileSync(path, actual);
      assert.equal(actual, process.env['UPDATE'] ? readFileSync(path, 'utf8') : text);
    });
  }
});

function run(text: string): string {
  const [about = '', ...sections] = text.split(/^-- (.+) --\n/m);
  const files = pairs(sections).filter(([name]) => !/^(?:findings|fixed)/.test(name));
  const named = /^containerd: (.+)/.exec(about)?.[1]?.split(' ') ?? [''];
  const shownFiles = files.map(([name, content]) => section(name, content)).join('');
  return about + shownFiles + named.map((release) => judged(files, release, named.length > 1 ? ` ${release}` : '')).join('');
}

/** What is said of the files for one release, and what safe fixes make of them. */
function judged(files: readonly (readonly [string, string])[], release: string, suffix: string): string {
  const version = parseVersion(release) ?? newestVersion;
  const node = mapTree(Object.fromEntries(files));
  const judge = (path: string, content: string): LintResult =>
    lint({ path, text: content, version, tree: overlayTree(node, path, content) });
  const linted = files
    .filter(([path]) => kindOf(path) !== undefined)
    .map(([path, content]) => ({ path, content, result: judge(path, content) }));
  const findings = linted
    .map(({ path, content, result }) => `${path}: ${result.outcome}${ignored(result)}\n${shown(path, content, result)}`)
    .join('');
  const fixed = linted.flatMap(({ path, content }) => {
    const after = fixedText(content, (candidate) => judge(path, candidate));
    return after === content ? [] : [section(`fixed${suffix}${path}`, after)];
  });
  return section(`findings${suffix}`, findings) + fixed.join('');
}

function shown(path: string, content: string, { findings }: LintResult): string {
  const lines = lineIndex(content);
  const print = ({ rule, severity, message, range }: LintResult['findings'][number]): string =>
    `${renderFinding(path, lines, { id: rule, severity, message: render(message, ruleCatalog), range })}\n`;
  return findings.map(print).join('');
}

function ignored({ ignoredKeys }: LintResult): string {
  return ignoredKeys.length === 0 ? '' : ` (ignored: ${ignoredKeys.join(', ')})`;
}

function section(name: string, content: string): string {
  return `-- ${name} --\n${content.endsWith('\n') || content === '' ? content : `${content}\n`}`;
}

function pairs(list: readonly string[]): (readonly [string, string])[] {
  return list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1] ?? ''] as const] : []));
}
