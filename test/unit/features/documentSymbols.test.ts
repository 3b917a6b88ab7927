import assert from 'node:assert/strict';
import { documentSymbols, type DocumentSymbol } from '../../../core/features/documentSymbols';
import { parse } from '../../../core/toml/parse';

/** The outline as an indented list. */
function outline(text: string): string {
  const line = (symbol: DocumentSymbol, depth: number): string[] => [
    `${'  '.repeat(depth)}${symbol.name}${symbol.detail === '' ? '' : `: ${symbol.detail}`}`,
    ...symbol.children.flatMap((child) => line(child, depth + 1)),
  ];
  return documentSymbols(parse(text).document)
    .flatMap((symbol) => line(symbol, 0))
    .join('\n');
}

describe('outline', () => {
  it('nests tables as their names do', () => {
    assert.equal(
      outline(
        'server = "https://s"\n[host."https://m"]\nca = ["a.crt", "b.crt"]\n[host."https://m".header]\nx = "1"\n[host."https://n"]\n',
      ),
      'server: https://s\nhost."https://m"\n  ca: a.crt, b.crt\n  header\n    x: 1\nhost."https://n"',
    );
  });

  it('lists a table where it stands when another one came between', () => {
    assert.equal(outline('[a]\n[b]\n[a.c]\nk = 1\n'), 'a\nb\na.c\n  k: 1');
  });

  it('shows what is in inline tables and in tables of an array', () => {
    assert.equal(outline('h = { a = true, b = [1, 2] }\n[[t]]\nx = 1979-05-27\n[[t]]\n'), 'h\n  a: true\n  b: 1, 2\nt\n  x: 1979-05-27\nt');
  });

  it('keeps every child inside its parent and the selection inside the range', () => {
    const text = '[p]\nq = 1\n\n[p.r]\ns = { t = 2 }\n\n[p.r.u]\nv = 3\n[w]\n';
    const check = (symbols: readonly DocumentSymbol[], from: number, to: number): number =>
      symbols.reduce((count, { range, selection, children }) => {
        assert.ok(from <= range.start && range.end <= to, `${range.start}-${range.end} in ${from}-${to}`);
        assert.ok(range.start <= selection.start && selection.end <= range.end);
        return count + 1 + check(children, range.start, range.end);
      }, 0);
    assert.equal(check(documentSymbols(parse(text).document), 0, text.length), 8);
  });

  it('has something to say of half a file', () => {
    assert.equal(outline('[host."https://m"\nca = "a.crt"\n'), 'host."https://m"\n  ca: a.crt');
    assert.equal(outline('server = \n[a]\nb = true\n'), 'server\na\n  b: true');
  });
});
