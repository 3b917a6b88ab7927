import { printableText } from './display';

/** A change of a file in the form of `diff -u`: one hunk from the first line that differs to the last. Null: no such file. */
export function lineDiff(path: string, before: string | null, after: string | null): string {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const removed = old.slice(start, old.length - end);
  const added = fresh.slice(start, fresh.length - end);
  const place = (lines: readonly string[]): string => `${lines.length === 0 ? start : start + 1},${lines.length}`;
  return [
    `--- ${before === null ? '/dev/null' : path}`,
    `+++ ${after === null ? '/dev/null' : path}`,
    `@@ -${place(removed)} +${place(added)} @@`,
    ...removed.map((line) => `-${printableText(line)}`),
    ...added.map((line) => `+${printableText(line)}`),
    '',
  ].join('\n');
}

function linesOf(text: string | null): readonly string[] {
  if (text === null || text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}
