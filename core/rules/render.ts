import { displayLine, printableText } from '../text/display';
import type { LineIndex } from '../text/lineIndex';
import type { TextRange } from '../text/ranges';
import type { Severity } from './rule';

export interface RenderedFinding {
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: TextRange;
}

/** One finding as the CLI, the rule pages and the test cases print it: place, message, id, then the source line underlined. */
export function renderFinding(path: string, lines: LineIndex, { id, severity, message, range }: RenderedFinding): string {
  const positions = lines.rangeAt(range);
  const number = String(positions.start.line + 1);
  const margin = ' '.repeat(number.length);
  const { text, column, width } = displayLine(lines.lineText(positions.start.line), positions);
  return [
    `${printableText(path)}:${number}:${positions.start.character + 1}: ${severity}: ${printableText(message)} [${id}]`,
    `${margin} |`,
    `${number} | ${text}`.trimEnd(),
    `${margin} | ${' '.repeat(column)}${'^'.repeat(width)}`,
  ].join('\n');
}
