import type { TextRange } from '../text/ranges';
import type { ParsedToml, TomlAssignment, TomlHeader, TomlKey } from './document';
import { keyPath } from './keys';
import type { Scanner } from './scanner';
import { atLineEnd, isCutOff, peek, report, scannerOf, skipComment, skipLineBreak, skipSpace, skipToLineEnd, startsWith } from './scanner';
import { lineLook } from './statements';
import type { TableNode } from './tables';
import { assign, openTable, tableNode } from './tables';
import { wantedValue } from './values';

export interface ParseOptions {
  /** The bytes of the file were not UTF-8: whoever decoded them put U+FFFD in their place, and TOML refuses the file. */
  readonly notUtf8?: boolean;
  /** Tables that are defined twice become one, and quoted keys in headers keep their escapes: go-toml v1 (goToml.ts documentOfV1). */
  readonly merging?: boolean;
}

/**
 * Reads any text as TOML 1.0. Never throws and takes time in proportion to the text. A line that cannot be read costs that line: the
 * tree holds the rest. Errors come in file order.
 */
export function parse(text: string, options: ParseOptions = {}): ParsedToml {
  return parseCounted(text, options).parsed;
}

/** `parse`, with the number of characters it looked at. */
export function parseCounted(
  text: string,
  { notUtf8 = false, merging = false }: ParseOptions = {},
): { readonly parsed: ParsedToml; readonly steps: number } {
  const s = scannerOf(text, merging);
  const d = draftOf(text);
  // A byte order mark is no error of TOML; containerd 2.x makes it one (goToml.ts).
  if (peek(s) === 0xfeff) s.pos++;
  if (notUtf8) reportNotUtf8(s);
  while (s.pos < text.length) line(s, d);
  closeSection(d);
  const { root, headers, assignments } = d;
  const errors = [...s.errors].sort((a, b) => a.range.start - b.range.start);
  return { parsed: { document: { text, root, headers, assignments, comments: s.comments }, errors }, steps: s.steps };
}

function reportNotUtf8(s: Scanner): void {
  const start = s.text.indexOf('\ufffd');
  if (start < 0) report(s, 'not-utf8', 0, 0);
  else report(s, 'not-utf8', start, start + 1);
}

/** The document while it is read. `section` is the header that the next lines belong to. */
interface Draft {
  readonly root: TableNode;
  readonly headers: HeaderNode[];
  readonly assignments: TomlAssignment[];
  section: HeaderNode | undefined;
  /** The end of the last line of the section that says something. */
  lastLine: number;
}

interface HeaderNode extends TomlHeader {
  readonly table: TableNode;
  section: TextRange;
}

function draftOf(text: string): Draft {
  return { root: tableNode('root', { start: 0, end: text.length }), headers: [], assignments: [], section: undefined, lastLine: 0 };
}

function line(s: Scanner, d: Draft): void {
  skipSpace(s);
  if (startsWith(s, '#')) skipComment(s);
  if (atLineEnd(s)) {
    skipLineBreak(s);
    return;
  }
  const readable = startsWith(s, '[') ? header(s, d) && keyBehindHeader(s, d) : assignment(s, d);
  if (!isCutOff(s)) endLine(s, readable);
  d.lastLine = endOfText(s);
  if (!isCutOff(s)) skipLineBreak(s);
}

/** go-toml v1 reads a key behind a header on its line, so it counts although it is an error. */
function keyBehindHeader(s: Scanner, d: Draft): boolean {
  skipSpace(s);
  if (lineLook(s, false) !== 'assignment') return true;
  const start = s.pos;
  assignment(s, d);
  report(s, 'expected-newline', start, s.pos);
  return false;
}

/** After a header or value only a comment may follow. After an error the rest of the line is passed over without another one. */
function endLine(s: Scanner, readable: boolean): void {
  skipSpace(s);
  if (startsWith(s, '#')) {
    skipComment(s);
    return;
  }
  if (atLineEnd(s)) return;
  const start = s.pos;
  skipToLineEnd(s);
  if (readable) report(s, 'expected-newline', start, s.pos);
}

/** The scanner's position without the line break that a cut-off value ran over. */
function endOfText(s: Scanner): number {
  let end = s.pos;
  while (end > 0 && (s.text[end - 1] === '\n' || s.text[end - 1] === '\r')) end--;
  return end;
}

function header(s: Scanner, d: Draft): boolean {
  const start = s.pos;
  const array = startsWith(s, '[[');
  s.pos += array ? 2 : 1;
  const { keys: read, complete } = keyPath(s, 0);
  const keys = s.merging ? read.map((key) => asWritten(s, key)) : read;
  const closed = complete && closeHeader(s, array);
  const range = { start, end: s.pos };
  closeSection(d);
  const table = complete ? openTable(s, d.root, keys, array, range) : tableNode(array ? 'element' : 'header', range);
  d.section = { range, array, path: keys, table, section: range };
  d.headers.push(d.section);
  return closed;
}

function asWritten({ text }: Scanner, key: TomlKey): TomlKey {
  return key.style === 'basic' ? { ...key, name: text.slice(key.range.start + 1, key.range.end - 1) } : key;
}

function closeHeader(s: Scanner, array: boolean): boolean {
  const end = s.pos;
  skipSpace(s);
  const closing = array ? ']]' : ']';
  if (startsWith(s, closing)) {
    s.pos += closing.length;
    return true;
  }
  report(s, 'expected-closing-bracket', s.pos, atLineEnd(s) ? s.pos : s.pos + 1, { bracket: closing });
  s.pos = end;
  return false;
}

/** A section ends with its last line that says something: blank lines and comments below it usually belong to the next header. */
function closeSection(d: Draft): void {
  const { section } = d;
  if (!section) return;
  section.section = { start: section.range.start, end: Math.max(section.range.end, d.lastLine) };
  if (section.table.range === section.range) section.table.range = section.section;
}

function assignment(s: Scanner, d: Draft): boolean {
  const start = s.pos;
  const { keys, complete } = keyPath(s, d.section?.path.length ?? 0);
  if (!complete) return false;
  skipSpace(s);
  if (!startsWith(s, '=')) {
    report(s, 'expected-equals', s.pos, atLineEnd(s) ? s.pos : s.pos + 1, { key: nameOf(keys) });
    return false;
  }
  s.pos++;
  skipSpace(s);
  return assignValue(s, d, start, keys);
}

function assignValue(s: Scanner, d: Draft, start: number, path: readonly TomlKey[]): boolean {
  const { section } = d;
  const table = section?.table ?? d.root;
  const value = wantedValue(s, (section?.path.length ?? 0) + path.length);
  assign(s, table, path, value);
  d.assignments.push({ range: { start, end: value.range.end }, path, value, table, header: section });
  return value.kind !== 'invalid';
}

function nameOf(keys: readonly TomlKey[]): string {
  return keys
    .map(({ name }) => name)
    .join('.')
    .slice(0, 200);
}
