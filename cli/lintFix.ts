import type { LintResult } from '../core/rules/lint';
import { applyEdits, type TextEdit } from '../core/text/ranges';

/** More rounds than any chain of fixes needs; a rule whose fix brings back its own finding must not keep us here. */
const maxRounds = 10;

/** Applies safe fixes, as many at a time as stand apart, until none is left. */
export function fixedText(text: string, lintText: (text: string) => LintResult): string {
  let current = text;
  for (let round = 0; round < maxRounds; round++) {
    const edits = safeEdits(lintText(current));
    const next = applyEdits(current, edits);
    if (next === current) return current;
    current = next;
  }
  return current;
}

/** In file order, each fix behind the one before: what it overlaps waits for the next round. */
function safeEdits({ findings }: LintResult): TextEdit[] {
  const chosen: TextEdit[] = [];
  let end = -1;
  for (const { fix } of findings) {
    if (!fix?.safe || fix.edits.some(({ range }) => range.start <= end)) continue;
    for (const edit of fix.edits) {
      chosen.push(edit);
      end = Math.max(end, edit.range.end);
    }
  }
  return chosen;
}
