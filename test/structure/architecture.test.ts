import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { importsOf, sourceFiles } from './imports';
import { importTable, isAllowed } from './table';

const programs = ['core', 'files', 'server', 'cli', 'src'];

describe('architecture', () => {
  const table = importTable();

  it('has a row for every folder of the source', () => {
    for (const folder of ['core/toml', 'core/hosts', 'core/catalog', 'files', 'server', 'cli', 'src']) assert.ok(table.has(folder), folder);
  });

  it('holds every import against the table', () => {
    const violations = programs
      .flatMap((folder) => importsOf('.', folder))
      .filter(({ from, to }) => {
        const row = rowOf(from, [...table.keys()]);
        return row === undefined || !isAllowed(row, table.get(row) ?? [], to);
      })
      .map(({ from, to }) => `${from} → ${to}`);
    assert.deepEqual(violations, []);
  });

  it('lets no import cycle stand between files', () => {
    assert.deepEqual(cycles(programs.flatMap((folder) => importsOf('.', folder))), []);
  });

  it('keeps files short', () => {
    const long = [...programs, 'scripts', 'test']
      .flatMap((folder) => sourceFiles(folder))
      .filter((file) => !/^core\/schema\/data\/|^test\/data\//.test(file) && readFileSync(file, 'utf8').split('\n').length > 400);
    assert.deepEqual(long, []);
  });

  it('keeps undici and sockets out of the extension host', () => {
    assert.ok(existsSync('dist/extension.js'), 'npm run build makes dist/');
    const bundle = readFileSync('dist/extension.js', 'utf8');
    assert.doesNotMatch(bundle, /undici/);
    assert.deepEqual(
      importsOf('.', 'src').filter(({ to }) => /^node:(?:net|http|https|tls|dgram|http2)$/.test(to)),
      [],
    );
  });
});

/** The most exact row for a file: its own name without the ending, else the longest folder. */
function rowOf(file: string, rows: readonly string[]): string | undefined {
  const name = file.replace(/\.[cm]?ts$/, '');
  return rows.filter((row) => name === row || name.startsWith(`${row}/`)).sort((a, b) => b.length - a.length)[0];
}

function cycles(imports: readonly { from: string; to: string }[]): readonly string[] {
  const edges = new Map<string, string[]>();
  for (const { from, to } of imports) {
    const target = [`${to}.ts`, `${to}/index.ts`].find((file) => existsSync(file));
    if (target !== undefined) edges.set(from, [...(edges.get(from) ?? []), target]);
  }
  const found: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}
