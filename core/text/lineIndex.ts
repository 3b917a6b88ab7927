import type { TextRange } from './ranges';

/** Zero-based line and UTF-16 character, as in LSP. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface PositionRange {
  readonly start: Position;
  readonly end: Position;
}

export interface LineIndex {
  readonly lineCount: number;
  positionAt(offset: number): Position;
  offsetAt(position: Position): number;
  rangeAt(range: TextRange): PositionRange;
  /** The text of a line without its line break; empty outside the document. */
  lineText(line: number): string;
}

/** Lines end at LF, CRLF or a lone CR, as in LSP. Offsets and positions outside the text are clamped to it. */
export function lineIndex(text: string): LineIndex {
  const starts = lineStarts(text);
  const positionAt = (offset: number): Position => {
    const clamped = Math.max(0, Math.min(offset, text.length));
    const line = lastAtMost(starts, clamped);
    return { line, character: clamped - at(starts, line) };
  };
  const lineText = (line: number): string => {
    if (line < 0 || line >= starts.length) return '';
    let end = starts[line + 1] ?? text.length;
    while (end > at(starts, line) && isLineBreak(text.charCodeAt(end - 1))) end--;
    return text.slice(at(starts, line), end);
  };
  return {
    lineCount: starts.length,
    positionAt,
    offsetAt: ({ line, character }) => {
      if (line < 0) return 0;
      if (line >= starts.length) return text.length;
      const end = starts[line + 1] ?? text.length;
      return Math.max(0, Math.min(at(starts, line) + character, end));
    },
    rangeAt: ({ start, end }) => ({ start: positionAt(start), end: positionAt(end) }),
    lineText,
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(sorted, middle) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13;
}

function at(list: readonly number[], index: number): number {
  return list[index] ?? 0;
}
