import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { getL10nJson } from '@vscode/l10n-dev';

type Texts = Readonly<Record<string, string>>;

const textsIn = (file: string): Texts => JSON.parse(readFileSync(file, 'utf8')) as Texts;
const holes = (text: string): readonly string[] => [...text.matchAll(/\{\d+\}|\(command:[^)]*\)|`[^`]*`/g)].map(([hole]) => hole).sort();

describe('l10n', () => {
  it('has exactly the strings of src in its English bundle (npx vscode-l10n-dev export -o l10n src)', async () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const extracted = await getL10nJson(files.map((file) => ({ extension: '.ts', contents: readFileSync(`src/${file}`, 'utf8') })));
    assert.deepEqual(Object.keys(textsIn('l10n/bundle.l10n.json')).sort(), Object.keys(extracted).sort());
  });

  const translations = [
    ...readdirSync('l10n')
      .filter((name) => name.startsWith('bundle.'))
      .map((name) => [`l10n/${name}`, 'l10n/bundle.l10n.json'] as const),
    ...readdirSync('.')
      .filter((name) => /^package\.nls\..+\.json$/.test(name))
      .map((name) => [name, 'package.nls.json'] as const),
  ].filter(([file, english]) => file !== english);

  for (const [file, english] of translations) {
    it(`${file} translates every string and keeps its arguments, commands and code`, () => {
      const [texts, originals] = [textsIn(file), textsIn(english)];
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(originals).sort());
      for (const [key, text] of Object.entries(texts)) assert.deepEqual(holes(text), holes(originals[key] ?? ''), key);
    });
  }
});
