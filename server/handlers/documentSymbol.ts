import { SymbolKind, type DocumentSymbol as LspSymbol, type SymbolInformation } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { documentSymbols, type DocumentSymbol } from '../../core/features/documentSymbols';
import { parsedOf } from '../analysis';
import { rangeIn } from '../ranges';
import type { Session } from '../session';

/** textDocument/documentSymbol */
export function documentSymbol(session: Session) {
  return session.about('textDocument/documentSymbol', [], ({ context, document }): LspSymbol[] | SymbolInformation[] => {
    const symbols = context ? documentSymbols(parsedOf(context).document) : [];
    if (session.client.takesHierarchicalSymbols) return symbols.map((symbol) => nested(document, symbol));
    return symbols.flatMap((symbol) => flat(document, symbol, undefined));
  });
}

const symbolKinds: Readonly<Record<DocumentSymbol['kind'], SymbolKind>> = {
  table: SymbolKind.Module,
  tables: SymbolKind.Array,
  array: SymbolKind.Array,
  string: SymbolKind.String,
  integer: SymbolKind.Number,
  float: SymbolKind.Number,
  boolean: SymbolKind.Boolean,
  datetime: SymbolKind.Constant,
  invalid: SymbolKind.Null,
};

function nested(document: TextDocument, symbol: DocumentSymbol): LspSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail,
    kind: symbolKinds[symbol.kind],
    range: rangeIn(document, symbol.range),
    selectionRange: rangeIn(document, symbol.selection),
    children: symbol.children.map((child) => nested(document, child)),
  };
}

function flat(document: TextDocument, symbol: DocumentSymbol, container: string | undefined): SymbolInformation[] {
  const { uri } = document;
  const own: SymbolInformation = {
    name: symbol.name,
    kind: symbolKinds[symbol.kind],
    location: { uri, range: rangeIn(document, symbol.range) },
    ...(container !== undefined && { containerName: container }),
  };
  return [own, ...symbol.children.flatMap((child) => flat(document, child, symbol.name))];
}
