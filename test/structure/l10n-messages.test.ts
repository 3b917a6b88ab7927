import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { phraseCatalog } from '../../cli/format/phrases';
import { englishCatalog } from '../../core/catalog';
import { serverCatalog } from '../../server/say';
import { sourceFiles } from './imports';

type Texts = Readonly<Record<string, string>>;

const english: Texts = { ...englishCatalog, ...phraseCatalog, ...serverCatalog };
const holes = (text: string): readonly string[] => [...new Set([...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole))].sort();
/** What a reader copies or looks up: code, and the names of keys and commands in it. */
const code = (text: string): readonly string[] => [...new Set([...text.matchAll(/`[^`]*`/g)].map(([span]) => span))].sort();

describe('messages of core', () => {
  it('are all in one catalog', async () => {
    const catalogs = sourceFiles('core').filter((file) =>
      /^export const \w+(?:: Catalog = | = catalogOf\()/m.test(readFileSync(file, 'utf8')),
    );
    assert.ok(catalogs.length > 12, catalogs.join(', '));
    for (const file of catalogs) {
      const exported = Object.values((await import(resolve(file))) as Record<string, unknown>).filter(isTexts);
      for (const texts of exported)
        for (const [id, text] of Object.entries(texts))
          assert.equal(englishCatalog[id], text, `${id} of ${file} is not in core/catalog.ts`);
    }
  });

  it('that are said by their whole id have a text', () => {
    const missing = ['core', 'cli', 'server'].flatMap((folder) =>
      sourceFiles(folder).flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/\b(?:message|said)\('([^']+)'[,)]/g)]
          .map(([, id = '']) => id)
          .filter((id) => id.includes('/') && english[id] === undefined)
          .map((id) => `${id} in ${file}`),
      ),
    );
    assert.deepEqual(missing, []);
  });

  it('have no empty text and no argument with an empty name', () => {
    for (const [id, text] of Object.entries(english)) assert.ok(text.trim() !== '' && !text.includes('{}'), id);
  });

  for (const name of readdirSync('l10n').filter((file) => file.startsWith('messages.'))) {
    describe(name, () => {
      const translated = JSON.parse(readFileSync(`l10n/${name}`, 'utf8')) as Texts;

      it('translates ids that there are, in their order', () => {
        assert.deepEqual(
          Object.keys(translated).filter((id) => english[id] === undefined),
          [],
        );
        assert.deepEqual(Object.keys(translated), Object.keys(translated).sort());
      });

      it('keeps arguments and code, and leaves no text empty', () => {
        for (const [id, text] of Object.entries(translated)) {
          assert.notEqual(text.trim(), '', id);
          assert.deepEqual(holes(text), holes(english[id] ?? ''), id);
          assert.deepEqual(code(text), code(english[id] ?? ''), id);
        }
      });
    });
  }
});

function isTexts(value: unknown): value is Texts {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([id, text]) => id.includes('/') && typeof text === 'string')
  );
}
