import { renderFinding } from '../../core/rules/render';
import { ruleCatalog, type LintResult } from '../../core/rules/lint';
import type { Severity } from '../../core/rules/rule';
import type { LineIndex } from '../../core/text/lineIndex';
import { render, type Catalog } from '../../core/text/message';

export interface TextStyle {
  readonly color: boolean;
  /** Catalogs of the language wanted, before English. */
  readonly catalogs: readonly Catalog[];
}

/** What lint prints of one file; nothing when there is nothing to say. */
export function lintText(path: string, result: LintResult, lines: LineIndex, { color, catalogs }: TextStyle): string {
  return result.findings
    .map(({ rule, severity, message, range }) => {
      const shown = renderFinding(path, lines, { id: rule, severity, message: render(message, ...catalogs, ruleCatalog), range });
      return `${color ? colored(shown, severity) : shown}\n`;
    })
    .join('');
}

/** One line at the end of a run. */
export function summary(results: readonly LintResult[]): string {
  const findings = results.flatMap((result) => result.findings);
  const files = counted(results.length, 'file', 'files');
  if (findings.length === 0) return `${files}, nothing found.\n`;
  const parts = (['error', 'warning', 'info', 'hint'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [counted(count, ...names[severity])];
  });
  return `${files}: ${parts.join(', ')}.\n`;
}

const names: Readonly<Record<Severity, readonly [string, string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
  hint: ['hint', 'hints'],
};
const colors: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36, hint: 90 };

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Colours the severity in the first line and the underline in the last. */
function colored(shown: string, severity: Severity): string {
  const lines = shown.split('\n');
  const paint = (text: string): string => `\u001b[${colors[severity]}m${text}\u001b[0m`;
  const first = (lines[0] ?? '').replace(`: ${severity}: `, `: ${paint(severity)}: `);
  const underline = lines.at(-1) ?? '';
  const from = underline.indexOf('^');
  const last = underline.slice(0, from) + paint(underline.slice(from));
  return [first, ...lines.slice(1, -1), last].join('\n');
}
