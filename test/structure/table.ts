import { readFileSync } from 'node:fs';

/** The import table of docs/architecture.md: folder (or file) → what it may import. */
export function importTable(): ReadonlyMap<string, readonly string[]> {
  const page = readFileSync('docs/architecture.md', 'utf8');
  const section = page.split('## Who may import whom')[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| (?!folder|---)(.+?) \| (.+?) \|$/gm)];
  return new Map(rows.flatMap(([, folders = '', allowed = '']) => words(folders).map((folder) => [folder, words(allowed)] as const)));
}

/** Whether a folder's row lets it import `target`; its own files always may. */
export function isAllowed(folder: string, allowed: readonly string[], target: string): boolean {
  return target === folder || target.startsWith(`${folder}/`) || allowed.some((word) => matches(word, target));
}

function words(cell: string): readonly string[] {
  return cell
    .split(', ')
    .map((word) => word.replaceAll('`', '').trim())
    .filter((word) => word !== 'nothing');
}

function matches(word: string, target: string): boolean {
  if (word.endsWith('*')) return target.startsWith(word.slice(0, -1));
  return target === word || target.startsWith(`${word}/`);
}
