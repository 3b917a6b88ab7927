import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { LintFinding } from '../core/rules/check';
import type { LintResult } from '../core/rules/lint';
import type { TextEdit, TextRange } from '../core/text/ranges';

export const byteOrderMark = '\uFEFF';

/**
 * Whether the file on disk begins with a byte order mark. Editors keep it to themselves: the text that they send is without it, but
 * containerd meets it. Only a plain file is opened, a pipe would block.
 */
export function beginsWithMark(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(3);
      return readSync(file, bytes) === 3 && bytes.toString('utf8') === byteOrderMark;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** The result for the text with its mark, in offsets of the text without. A fix that would take the mark away is out of an edit's reach. */
export function withoutMark(result: LintResult): LintResult {
  return { ...result, findings: result.findings.map(shiftedFinding) };
}

function shiftedFinding({ fix, ...finding }: LintFinding): LintFinding {
  const range = shifted(finding.range);
  if (!fix || fix.edits.some((edit) => edit.range.start === 0)) return { ...finding, range };
  return { ...finding, range, fix: { ...fix, edits: fix.edits.map((edit): TextEdit => ({ ...edit, range: shifted(edit.range) })) } };
}

function shifted({ start, end }: TextRange): TextRange {
  return { start: Math.max(0, start - 1), end: Math.max(0, end - 1) };
}
