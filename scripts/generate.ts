/** `npm run generate` writes every generated file; test/generated.test.ts asks the same function whether anything would change. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Rule } from '../core/rules/rule';
import { ruleTable, rulePage, rulesIndexPage } from './ruleDocs';
import { exportName, ruleIds, ruleIndex } from './ruleIndex';

const generatedFolders = ['docs/rules', 'docs/errors'];

/** Path → content of every generated file, and null for a page whose rule or class is gone. */
export async function generated(): Promise<ReadonlyMap<string, string | null>> {
  const ids = ruleIds();
  const rules = await Promise.all(ids.map(loadRule));
  const files = new Map<string, string | null>([['core/rules/index.ts', ruleIndex(ids)]]);
  for (const rule of rules) files.set(`docs/rules/${rule.id}.md`, rulePage(rule));
  files.set('docs/rules/README.md', rulesIndexPage(rules));
  for (const [path, content] of await errorPages()) files.set(path, content);
  readme(files, new Map([['rules', ruleTable(rules, 'docs/rules/')]]));
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

/** The pages of the error classes, from the part that owns them. */
async function errorPages(): Promise<ReadonlyMap<string, string>> {
  if (!existsSync('scripts/errorDocs.ts')) return new Map();
  const module = (await import(resolve('scripts/errorDocs.ts'))) as { errorPages?: () => ReadonlyMap<string, string> };
  return module.errorPages?.() ?? new Map<string, string>();
}

/** Text between `<!-- generated: NAME -->` and `<!-- /generated -->` in README.md. */
function readme(files: Map<string, string | null>, parts: ReadonlyMap<string, string>): void {
  const text = currentContent('README.md');
  if (text === null) return;
  const filled = text.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (whole, open: string, name: string, close: string) => {
      const part = parts.get(name);
      return part === undefined ? whole : `${open}\n${part}\n\n${close}`;
    },
  );
  if (filled !== text) files.set('README.md', filled);
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
