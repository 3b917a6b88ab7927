/** Where a directive has to stand that hides one finding. */
import { directiveMark, directivesIn, type Directive } from '../rules/directives';
import type { LintFinding } from '../rules/check';
import { lineIndex } from '../text/lineIndex';
import type { TextEdit } from '../text/ranges';
import type { TomlDocument } from '../toml/document';
import { nodeAtOffset } from '../toml/lookup';

export interface IgnoreEdit {
  readonly scope: 'here' | 'file';
  readonly edits: readonly TextEdit[];
}

/** A directive above the finding's line, or one more word in the one that stands there. Inside a string of several lines none can stand. */
export function ignoreEdit(document: TomlDocument, { rule, range }: LintFinding, lines = lineIndex(document.text)): IgnoreEdit {
  const { line } = lines.positionAt(range.start);
  const known = directivesIn(document, lines).find((directive) => isAbout(directive, line));
  if (known) return { scope: 'here', edits: [appended(known, rule)] };
  const start = lines.offsetAt({ line, character: 0 });
  if (isInsideString(document, start)) return { scope: 'file', edits: [ownLine(document.text, 0, `${directiveMark} ignore-file ${rule}`)] };
  const indent = /^[ \t]*/.exec(lines.lineText(line))?.[0] ?? '';
  return { scope: 'here', edits: [ownLine(document.text, start, `${indent}${directiveMark} ignore ${rule}`)] };
}

function isAbout({ lines, rules }: Directive, line: number): boolean {
  return lines !== 'all' && rules.length > 0 && lines.includes(line);
}

/** Behind the last rule that is named: a reason may follow. */
function appended({ rules }: Directive, rule: string): TextEdit {
  const end = rules.at(-1)?.range.end ?? 0;
  return { range: { start: end, end }, newText: `, ${rule}` };
}

function isInsideString(document: TomlDocument, offset: number): boolean {
  const { value } = nodeAtOffset(document, offset);
  return value?.kind === 'string' && value.range.start < offset && offset < value.range.end;
}

/** A byte order mark stays the first thing in the file. */
function ownLine(text: string, start: number, comment: string): TextEdit {
  const offset = start === 0 && text.startsWith('\ufeff') ? 1 : start;
  return { range: { start: offset, end: offset }, newText: `${comment}${text.includes('\r\n') ? '\r\n' : '\n'}` };
}
