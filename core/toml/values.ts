import { depthLimit, keyPath } from './keys';
import type { Scanner } from './scanner';
import { atLineEnd, cutOff, isCutOff, isLineEnd, peek, report, skipComment, skipLineBreak, skipSpace, startsWith } from './scanner';
import { bareValue } from './scalars';
import { lineLook } from './statements';
import { stringValue } from './strings';
import type { Node, TableNode } from './tables';
import { assign, tableNode } from './tables';

/** The value at the scanner's position. Always moves on unless the line is over. `depth` counts keys and brackets around it. */
export function value(s: Scanner, depth: number): Node {
  const c = peek(s);
  if (c === 34 || c === 39) return stringValue(s);
  const opens = startsWith(s, '[') || startsWith(s, '{');
  if (opens && depth >= depthLimit) return tooDeep(s);
  if (startsWith(s, '[')) return array(s, depth + 1);
  if (startsWith(s, '{')) return inlineTable(s, depth + 1);
  return bareValue(s);
}

function array(s: Scanner, depth: number): Node {
  const start = s.pos++;
  const items: Node[] = [];
  let valueWanted = true;
  while (toNextItem(s, valueWanted)) {
    if (startsWith(s, ']')) {
      s.pos++;
      return { kind: 'array', items, ofTables: false, range: { start, end: s.pos } };
    }
    if (startsWith(s, ',')) {
      if (valueWanted) report(s, 'expected-value', s.pos, s.pos + 1);
      s.pos++;
      valueWanted = true;
      continue;
    }
    if (!valueWanted) report(s, 'expected-comma', s.pos, s.pos);
    items.push(value(s, depth));
    valueWanted = false;
    if (isCutOff(s)) return { kind: 'array', items, ofTables: false, range: { start, end: s.pos } };
  }
  report(s, 'unterminated-array', start, start + 1);
  cutOff(s);
  return { kind: 'array', items, ofTables: false, range: { start, end: s.pos } };
}

/** Over blanks, comments and line breaks. False where the text ends or a line starts that is none of an array's. */
function toNextItem(s: Scanner, valueWanted: boolean): boolean {
  for (;;) {
    skipSpace(s);
    if (startsWith(s, '#')) skipComment(s);
    if (!atLineEnd(s)) return true;
    if (s.pos >= s.text.length) return false;
    skipLineBreak(s);
    if (lineLook(s, valueWanted) !== 'other') return false;
  }
}

/** `{ … }`. One that goes over line breaks and is never closed is read again as ending with its first line. */
function inlineTable(s: Scanner, depth: number): Node {
  const start = s.pos;
  const [errors, comments] = [s.errors.length, s.comments.length];
  const first = inlineEntries(s, depth);
  if (first.end === 'closed' || first.lineBreaks === 0) return first.table;
  s.unclosedUntil = Math.max(s.unclosedUntil, s.pos);
  s.pos = start;
  s.errors.length = errors;
  s.comments.length = comments;
  return inlineEntries(s, depth).table;
}

interface InlineTable {
  readonly table: TableNode;
  readonly end: 'closed' | 'open';
  readonly lineBreaks: number;
}

function inlineEntries(s: Scanner, depth: number): InlineTable {
  const start = s.pos++;
  const table = tableNode('inline', { start, end: start });
  let lineBreaks = 0;
  let wanted: 'first' | 'key' | 'comma' = 'first';
  for (;;) {
    const found = toNextKey(s, start, wanted === 'comma');
    lineBreaks += found.lineBreaks;
    if (!found.more) break;
    if (startsWith(s, '}')) {
      if (wanted === 'key') report(s, 'trailing-comma-in-inline-table', s.pos, s.pos + 1);
      s.pos++;
      return { table: closeAt(table, s.pos), end: 'closed', lineBreaks };
    }
    if (startsWith(s, ',')) {
      if (wanted !== 'comma') report(s, 'expected-key', s.pos, s.pos + 1);
      s.pos++;
      wanted = wanted === 'first' ? 'first' : 'key';
      continue;
    }
    if (wanted === 'comma') report(s, 'expected-comma', s.pos, s.pos);
    inlineEntry(s, table, depth);
    if (isCutOff(s)) return { table: closeAt(table, s.pos), end: 'open', lineBreaks };
    wanted = 'comma';
  }
  report(s, 'unterminated-inline-table', start, start + 1);
  cutOff(s);
  return { table: closeAt(table, s.pos), end: 'open', lineBreaks };
}

function closeAt(table: TableNode, end: number): TableNode {
  table.range = { start: table.range.start, end };
  return table;
}

/** TOML 1.0 has no line break here (go-toml v1 and TOML 1.1 do), so it is an error, but what follows is still read as its entry. */
function toNextKey(s: Scanner, start: number, commaWanted: boolean): { readonly more: boolean; readonly lineBreaks: number } {
  for (let lineBreaks = 0; ; lineBreaks++) {
    skipSpace(s);
    if (startsWith(s, '#')) skipComment(s);
    if (!atLineEnd(s)) return { more: true, lineBreaks };
    if (s.pos >= s.text.length || start < s.unclosedUntil) return { more: false, lineBreaks };
    report(s, 'newline-in-inline-table', s.pos, s.pos + (startsWith(s, '\r\n') ? 2 : 1));
    skipLineBreak(s);
    const look = lineLook(s, false);
    if (look === 'header' || (look === 'assignment' && commaWanted)) return { more: false, lineBreaks: lineBreaks + 1 };
  }
}

function inlineEntry(s: Scanner, table: TableNode, depth: number): void {
  const { keys, complete } = keyPath(s, depth);
  if (!complete) {
    skipEntry(s);
    return;
  }
  skipSpace(s);
  if (!startsWith(s, '=')) {
    report(s, 'expected-equals', s.pos, s.pos);
    skipEntry(s);
    return;
  }
  s.pos++;
  skipSpace(s);
  assign(s, table, keys, wantedValue(s, depth + keys.length));
}

/** The value after `=`; where there is none, the error lies on the gap. */
export function wantedValue(s: Scanner, depth: number): Node {
  const start = s.pos;
  if (!atLineEnd(s) && !['#', ',', '}', ']'].some((c) => startsWith(s, c))) return value(s, depth);
  report(s, 'expected-value', start, start);
  return { kind: 'invalid', range: { start, end: start } };
}

/** After a broken key: on to the next comma or brace of this line. */
function skipEntry(s: Scanner): void {
  for (let c = peek(s); !isLineEnd(c) && c !== 44 && c !== 125; c = peek(s)) {
    s.pos++;
    s.steps++;
  }
}

/** Steps over the brackets without building anything, and without recursion. */
function tooDeep(s: Scanner): Node {
  const start = s.pos;
  report(s, 'too-deep', start, start + 1, { limit: depthLimit });
  let open = 0;
  do {
    if (startsWith(s, '[') || startsWith(s, '{')) open++;
    else if (startsWith(s, ']') || startsWith(s, '}')) open--;
    if (peek(s) === 34 || peek(s) === 39) stringValue(s);
    else s.pos++;
    s.steps++;
    if (open > 0 && !toNextItem(s, true)) {
      cutOff(s);
      break;
    }
  } while (open > 0);
  return { kind: 'invalid', range: { start, end: s.pos } };
}
