/** A half-open span of UTF-16 offsets. Only the edge turns it into lines: LSP in the server, printed positions in the CLI. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface TextEdit {
  readonly range: TextRange;
  readonly newText: string;
}

/** Applies edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { range, newText } of [...edits].sort((a, b) => a.range.start - b.range.start)) {
    parts.push(text.slice(from, range.start), newText);
    from = range.end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** Whether the two spans share a character, or touch where one of them is empty. */
export function overlaps(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** Whether `offset` lies in the span or at its end, as a cursor does. */
export function contains(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}
