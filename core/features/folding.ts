/** What can be folded: tables with the tables in them, values over several lines, runs of comments. */
import type { TextRange } from '../text/ranges';
import type { TomlDocument, TomlValue } from '../toml/document';
import { documentSymbols, type DocumentSymbol } from './documentSymbols';

export interface Fold {
  readonly range: TextRange;
  readonly kind: 'table' | 'value' | 'comment';
}

export function folding(document: TomlDocument): readonly Fold[] {
  return [
    ...documentSymbols(document).flatMap(tableFolds),
    ...document.assignments.flatMap(({ value }) => valueFolds(document.text, value)),
    ...commentFolds(document),
  ].filter(({ range }) => spansLines(document.text, range));
}

function tableFolds(symbol: DocumentSymbol): readonly Fold[] {
  // A key is selected before its value, a table by its whole header: only headers' sections are folded here.
  const isHeader =
    symbol.range.start === symbol.selection.start && (symbol.kind === 'table' || symbol.kind === 'tables') && symbol.detail === '';
  return isHeader ? [{ range: symbol.range, kind: 'table' }, ...symbol.children.flatMap(tableFolds)] : [];
}

function valueFolds(text: string, value: TomlValue): readonly Fold[] {
  if (!spansLines(text, value.range)) return [];
  const inner =
    value.kind === 'array' ? value.items : value.kind === 'table' ? [...value.entries.values()].map((entry) => entry.value) : [];
  return [{ range: value.range, kind: 'value' }, ...inner.flatMap((item) => valueFolds(text, item))];
}

/** Comments on lines that follow each other, with nothing but blanks between. */
function commentFolds({ text, comments }: TomlDocument): readonly Fold[] {
  const runs: TextRange[] = [];
  for (const comment of comments) {
    const last = runs.at(-1);
    if (last && /^\r?\n[\t ]*$/.test(text.slice(last.end, comment.start))) runs[runs.length - 1] = { start: last.start, end: comment.end };
    else runs.push(comment);
  }
  return runs.map((range) => ({ range, kind: 'comment' }));
}

function spansLines(text: string, { start, end }: TextRange): boolean {
  const lineFeed = text.indexOf('\n', start);
  return lineFeed >= 0 && lineFeed < end;
}
