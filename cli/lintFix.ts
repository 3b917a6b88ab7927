import type { LintResult } from '../core/rules/lint';
import { applyEdits, type TextEdit } from '../core/text/ranges';

/** More rounds than any chain of fixes needs; a rule whose fix brings back its own finding must not keep us here. */
const maxRounds = 10;

/** Applies safe fixes, as many at a time as do not touch each other, until none is left. */
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

function safeEdits({ findings }: LintResult): TextEdit[] {
  const chosen: TextEdit[] = [];
  for (const { fix } of findings) {
    if (fix?.safe && fix.edits.every((edit) => chosen.every((other) => apart(edit, other)))) chosen.push(...fix.edits);
  }
  return chosen;
}

function apart(a: TextEdit, b: TextEdit): boolean {
  return a.range.end < b.range.start || b.range.end < a.range.start;
}
