/** The outline: tables as they nest, keys in them. */
import type { TextRange } from '../text/ranges';
import type { TomlAssignment, TomlDocument, TomlHeader, TomlKey, TomlTable, TomlValue } from '../toml/document';

export interface DocumentSymbol {
  /** As a person would write it in a header or before `=`. */
  readonly name: string;
  /** A short form of the value; empty for tables. */
  readonly detail: string;
  readonly kind: TomlValue['kind'] | 'tables';
  readonly range: TextRange;
  /** The part to select: the key, or the header line. */
  readonly selection: TextRange;
  readonly children: readonly DocumentSymbol[];
}

/**
 * A table is a child of the header above it whose path begins its own, as long as nothing else stands between them: a child's range has to
 * lie in its parent's, so a table that is written further down is listed where it is.
 */
export function documentSymbols(document: TomlDocument): readonly DocumentSymbol[] {
  const top: OpenTable = { path: [], children: [], end: 0 };
  const open: OpenTable[] = [top];
  const ofTable = assignmentsByHeader(document);
  for (const assignment of ofTable.get(undefined) ?? []) top.children.push(ofAssignment(assignment));
  for (const header of document.headers) {
    if (header.path.length === 0) continue;
    while (open.length > 1 && !leadsTo(open.at(-1) ?? top, header)) open.pop();
    const parent = open.at(-1) ?? top;
    const symbol = ofHeader(header, parent.path.length, ofTable.get(header) ?? []);
    parent.children.push(symbol);
    for (const table of open) table.end = Math.max(table.end, symbol.range.end);
    open.push(symbol);
  }
  return top.children.map(closed);
}

interface OpenTable {
  readonly path: readonly string[];
  readonly children: (DocumentSymbol | OpenSymbol)[];
  end: number;
}

type OpenSymbol = OpenTable & Omit<DocumentSymbol, 'children'>;

function leadsTo(table: OpenTable, header: TomlHeader): boolean {
  return table.path.length < header.path.length && table.path.every((name, index) => header.path[index]?.name === name);
}

function ofHeader(header: TomlHeader, depth: number, assignments: readonly TomlAssignment[]): OpenSymbol {
  return {
    name: writtenPath(header.path.slice(depth)),
    detail: '',
    kind: header.array ? 'tables' : 'table',
    range: header.section,
    selection: header.range,
    path: header.path.map(({ name }) => name),
    children: assignments.map(ofAssignment),
    end: header.section.end,
  };
}

function closed(symbol: DocumentSymbol | OpenSymbol): DocumentSymbol {
  if (!('end' in symbol)) return symbol;
  const { name, detail, kind, range, selection, children, end } = symbol;
  return { name, detail, kind, range: { start: range.start, end }, selection, children: children.map(closed) };
}

function ofAssignment({ path, range, value }: TomlAssignment): DocumentSymbol {
  const selection = { start: path.at(0)?.range.start ?? range.start, end: path.at(-1)?.range.end ?? range.end };
  return { name: writtenPath(path), ...ofValue(value), range, selection };
}

function ofValue(value: TomlValue): Pick<DocumentSymbol, 'detail' | 'kind' | 'children'> {
  return { detail: preview(value), kind: value.kind, children: value.kind === 'table' ? ofInlineTable(value) : [] };
}

function ofInlineTable(table: TomlTable): readonly DocumentSymbol[] {
  return [...table.entries.values()].map(({ key, value }) => ({
    name: writtenPath([key]),
    ...ofValue(value),
    range: { start: key.range.start, end: Math.max(key.range.end, value.range.end) },
    selection: key.range,
  }));
}

/** Values that may be secrets are not a matter of the outline's: it shows strings as the file does. */
function preview(value: TomlValue): string {
  switch (value.kind) {
    case 'string':
      return shortened(value.value);
    case 'array':
      return shortened(value.items.map(preview).join(', '));
    case 'table':
    case 'invalid':
      return '';
    default:
      return String(value.value);
  }
}

function shortened(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > 80 || line.length < text.length ? `${line.slice(0, 79)}…` : line;
}

function writtenPath(path: readonly TomlKey[]): string {
  return path.map(({ name, style }) => (style === 'bare' ? name : JSON.stringify(name))).join('.');
}

function assignmentsByHeader({ assignments }: TomlDocument): ReadonlyMap<TomlHeader | undefined, readonly TomlAssignment[]> {
  const byHeader = new Map<TomlHeader | undefined, TomlAssignment[]>();
  for (const assignment of assignments) {
    const group = byHeader.get(assignment.header);
    if (group) group.push(assignment);
    else byHeader.set(assignment.header, [assignment]);
  }
  return byHeader;
}
