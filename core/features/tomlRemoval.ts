/** Edits that take tables and keys out of a TOML text, with the comments directly above them. */
import type { TextEdit, TextRange } from '../text/ranges';
import type { TomlAssignment, TomlDocument, TomlTable } from '../toml/document';

/** Takes away all that stands at or below `path`: sections, lines, entries of inline tables. Undefined when one is out of reach. */
export function removals(document: TomlDocument, path: readonly string[]): readonly TextEdit[] | undefined {
  const { text } = document;
  const sections = document.headers.filter((header) => startsWith(namesOf(header.path), path));
  const edits = sections.map(({ section }) => removal(withLead(text, section)));
  for (const assignment of document.assignments) {
    if (assignment.header && sections.includes(assignment.header)) continue;
    const full = fullPath(assignment);
    if (startsWith(full, path)) edits.push(removal(withLead(text, assignment.range)));
    else if (startsWith(path, full) && assignment.value.kind === 'table') {
      const range = inlineRange(text, assignment.value, path.slice(full.length));
      if (range === 'out-of-reach') return undefined;
      if (range) edits.push(removal(range));
    }
  }
  return edits;
}

export function fullPath({ header, path }: TomlAssignment): readonly string[] {
  return [...namesOf(header?.path ?? []), ...namesOf(path)];
}

export function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((name, i) => path[i] === name);
}

/** Whole lines, with comment lines directly above and the blank lines before those. */
export function withLead(text: string, range: TextRange): TextRange {
  let start = lineStart(text, range.start);
  for (let above = lineAbove(text, start); above?.line.trimStart().startsWith('#'); above = lineAbove(text, start)) start = above.start;
  for (let above = lineAbove(text, start); above?.line.trim() === ''; above = lineAbove(text, start)) start = above.start;
  const end = text.indexOf('\n', range.end);
  return { start, end: end < 0 ? text.length : end + 1 };
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Before the line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

function namesOf(path: TomlAssignment['path']): readonly string[] {
  return path.map(({ name }) => name);
}

function lineAbove(text: string, start: number): { readonly start: number; readonly line: string } | undefined {
  if (start === 0) return undefined;
  const above = start < 2 ? 0 : lineStart(text, start - 1);
  return { start: above, line: text.slice(above, start) };
}

function removal(range: TextRange): TextEdit {
  return { range, newText: '' };
}

/** The entry with one comma; undefined when there is none. A dotted key inside an inline table would leave its other half behind. */
function inlineRange(text: string, table: TomlTable, path: readonly string[]): TextRange | undefined | 'out-of-reach' {
  const [name = '', ...rest] = path;
  const entry = table.entries.get(name);
  if (!entry) return undefined;
  const { value, key } = entry;
  if (value.kind === 'table' && value.form !== 'inline') return 'out-of-reach';
  if (rest.length > 0) return value.kind === 'table' ? inlineRange(text, value, rest) : undefined;
  const after = /^\s*,[ \t]*/.exec(text.slice(value.range.end));
  if (after) return { start: key.range.start, end: value.range.end + after[0].length };
  const before = text.slice(table.range.start, key.range.start).trimEnd();
  return { start: table.range.start + before.length - (before.endsWith(',') ? 1 : 0), end: value.range.end };
}
