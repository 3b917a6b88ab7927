import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { listFiles } from '@vscode/vsce';

describe('the package', () => {
  let files: readonly string[];

  before(async () => {
    files = await listFiles({ ignoreFile: '.vscodeignore', packagedDependencies: [] });
  });

  it('holds the programs, the pages of every rule and class, grammars, texts and icons', () => {
    const programs = ['extension', 'server', 'cli', 'askpass'].map((name) => `dist/${name}.js`);
    const parts = readdirSync('dist')
      .filter((name) => /^cli-.*\.js$/.test(name))
      .map((name) => `dist/${name}`);
    assert.ok(parts.length > 0);
    const folders = ['docs/rules', 'docs/errors', 'docs/steps', 'syntaxes', 'l10n', 'media'].flatMap((folder) =>
      readdirSync(folder).map((name) => `${folder}/${name}`),
    );
    const others = ['package.json', 'package.nls.json', 'language-configuration.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
    assert.deepEqual(
      [...programs, ...parts, ...folders, ...others].filter((file) => !files.includes(file)),
      [],
    );
  });

  it('holds nothing else: no sources, tests, source maps or packages', () => {
    const known =
      /^(?:dist\/\w+\.js|dist\/cli-[\w-]+\.js|docs\/(?:rules|errors|steps)\/[\w.-]+\.md|(?:syntaxes|l10n)\/[\w.-]+\.json|media\/\w+\.(?:svg|png)|[\w.-]+)$/;
    assert.deepEqual(
      files.filter((file) => !known.test(file)),
      [],
    );
    assert.ok(!files.includes('package-lock.json') && !files.includes('tsconfig.json'));
  });
});
