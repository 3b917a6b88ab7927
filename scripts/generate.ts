/** `npm run generate` writes every generated file; test/generated.test.ts asks the same function whether anything would change. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorClasses } from '../core/errors';
import type { Rule } from '../core/rules/rule';
import { errorPages } from './errorDocs';
import { errorIndex } from './errorIndex';
import { ruleTable, rulePage, rulesIndexPage } from './ruleDocs';
import { readinessTable } from './readinessDocs';
import { stepPages } from './stepDocs';
import { exportName, ruleIds, ruleIndex } from './ruleIndex';
import { serverTable } from './serverDocs';
import { manifestWithSettings, settingsPage, settingsTable, textsWithSettings } from './settingsDocs';

const generatedFolders = ['docs/rules', 'docs/errors', 'docs/steps'];

/** Path → content of every generated file, and null for a page whose rule or class is gone. */
export async function generated(): Promise<ReadonlyMap<string, string | null>> {
  const ids = ruleIds();
  const rules = await Promise.all(ids.map(loadRule));
  const files = new Map<string, string | null>([['core/rules/index.ts', ruleIndex(ids)]]);
  for (const rule of rules) files.set(`docs/rules/${rule.id}.md`, rulePage(rule));
  files.set('docs/rules/README.md', rulesIndexPage(rules));
  for (const [path, content] of [...errorIndex(), ...errorPages(), ...stepPages()]) files.set(path, content);
  files.set('docs/settings.md', settingsPage());
  rewrite(files, 'package.json', manifestWithSettings);
  rewrite(files, 'package.nls.json', textsWithSettings);
  const tables = { rules: ruleTable(rules, 'docs/rules/'), errors: errorTable(), settings: settingsTable() };
  rewrite(files, 'README.md', (text) => withTables(text, new Map(Object.entries(tables))));
  rewrite(files, 'docs/readiness.md', (text) => withTables(text, new Map([['readiness', readinessTable()]])));
  rewrite(files, 'docs/language-server.md', (text) => withTables(text, new Map([['server', serverTable()]])));
  for (const stale of stalePages(files)) files.set(stale, null);
  return files;
}

export function currentContent(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

async function loadRule(id: string): Promise<Rule> {
  const module = (await import(resolve(`core/rules/${id}.ts`))) as Readonly<Record<string, unknown>>;
  const rule = module[exportName(id)] as Rule | undefined;
  if (rule?.id !== id) throw new Error(`core/rules/${id}.ts must export ${exportName(id)} with the id ${id}`);
  return rule;
}

function errorTable(): string {
  return [
    '| Class | What happened |',
    '|---|---|',
    ...errorClasses.map(({ id, title }) => `| [${id}](docs/errors/${id}.md) | ${title} |`),
  ].join('\n');
}

function rewrite(files: Map<string, string | null>, path: string, change: (text: string) => string): void {
  const text = currentContent(path);
  if (text !== null) files.set(path, change(text));
}

/** Fills what stands between `<!-- generated: NAME -->` and `<!-- /generated -->`. Prettier would align the tables, so it is told not to. */
function withTables(text: string, tables: ReadonlyMap<string, string>): string {
  return text.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (whole, open: string, name: string, close: string) => {
      const table = tables.get(name);
      return table === undefined
        ? whole
        : `${open}\n<!-- prettier-ignore-start -->\n\n${table}\n\n<!-- prettier-ignore-end -->\n\n${close}`;
    },
  );
}

function stalePages(files: ReadonlyMap<string, string | null>): string[] {
  return generatedFolders
    .filter((folder) => existsSync(folder) && [...files.keys()].some((path) => path.startsWith(folder)))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => !files.has(path));
}

async function write(): Promise<void> {
  for (const [path, content] of await generated()) {
    if (currentContent(path) === content) continue;
    console.log(content === null ? `removed ${path}` : `wrote ${path}`);
    if (content === null) rmSync(path);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }
}

if (process.argv[1]?.endsWith('generate.ts')) void write();
