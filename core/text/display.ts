import type { PositionRange } from './lineIndex';

const tabWidth = 4;
const widest = 160;

/** One source line as a terminal can show it, and the columns that a range covers in it. */
export interface DisplayedLine {
  readonly text: string;
  readonly column: number;
  readonly width: number;
}

/**
 * Lays out the line that a range starts on. Tabs become spaces, control and direction characters become visible (a file must not be
 * able to steer the terminal), wide characters count two columns, and a very long line is cut around the range.
 */
export function displayLine(line: string, range: PositionRange): DisplayedLine {
  const from = Math.min(range.start.character, line.length);
  const to = range.end.line > range.start.line ? line.length : Math.min(range.end.character, line.length);
  const clippedFrom = from > widest ? from - widest / 4 : 0;
  const before = printable(line.slice(clippedFrom, from));
  const marked = printable(line.slice(from, Math.min(to, from + widest)), before.width);
  const after = printable(line.slice(Math.min(to, from + widest), clippedFrom + 2 * widest), before.width + marked.width);
  const lead = clippedFrom > 0 ? '…' : '';
  const tail = clippedFrom + 2 * widest < line.length ? '…' : '';
  return {
    text: lead + before.text + marked.text + after.text + tail,
    column: lead.length + before.width,
    width: Math.max(1, marked.width),
  };
}

/** Text on one line, safe to print: what could move the cursor or turn the direction of writing is replaced by a visible sign. */
export function printableText(text: string): string {
  return printable(text.replace(/\r?\n/g, ' ')).text;
}

function printable(text: string, startColumn = 0): { readonly text: string; readonly width: number } {
  if (isPlain(text)) return { text, width: text.length };
  let shown = '';
  let column = startColumn;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const piece = code === 9 ? ' '.repeat(tabWidth - (column % tabWidth)) : visible(character, code);
    shown += piece;
    column += code === 9 ? piece.length : width(piece.codePointAt(0) ?? 0);
  }
  return { text: shown, width: column - startColumn };
}

/** Nearly all lines are: signs of ASCII that take one column each. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

function visible(character: string, code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if ((code >= 0x7f && code < 0xa0) || isDirection(code)) return '\u{fffd}';
  return character;
}

function isDirection(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0x200e || code === 0x200f || code === 0xfeff;
}

/** Columns of a character: the blocks of combining marks and of wide East Asian characters and emoji, as wcwidth has them. */
function width(code: number): number {
  if (inRanges(code, combining)) return 0;
  return inRanges(code, wide) ? 2 : 1;
}

const combining: readonly (readonly [number, number])[] = [
  [0x0300, 0x036f],
  [0x200b, 0x200d],
  [0x20d0, 0x20ff],
  [0xfe00, 0xfe0f],
];
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function inRanges(code: number, ranges: readonly (readonly [number, number])[]): boolean {
  return ranges.some(([from, to]) => from <= code && code <= to);
}
