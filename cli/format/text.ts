import { withoutSecrets } from '../../core/diagnosis/findingDocument';
import { renderFinding } from '../../core/rules/render';
import { ruleCatalog, type LintResult } from '../../core/rules/lint';
import type { Severity } from '../../core/rules/rule';
import type { LineIndex } from '../../core/text/lineIndex';
import { render, type Catalog } from '../../core/text/message';
import { sayIn, type Phrase } from './phrases';

export interface TextStyle {
  readonly color: boolean;
  /** Catalogs of the language wanted, before English. */
  readonly catalogs: readonly Catalog[];
}

/** What lint prints of one file; nothing when there is nothing to say. */
export function lintText(path: string, result: LintResult, lines: LineIndex, { color, catalogs }: TextStyle): string {
  return result.findings
    .map(({ rule, severity, message, range }) => {
      const shown = renderFinding(path, lines, {
        id: rule,
        severity,
        message: render(withoutSecrets(message), ...catalogs, ruleCatalog),
        range,
      });
      return `${color ? colored(shown, severity) : shown}\n`;
    })
    .join('');
}

/** One line at the end of a run. */
export function summary(results: readonly LintResult[], catalogs: readonly Catalog[]): string {
  const say = sayIn(catalogs);
  const counted = (count: number, [one, many]: readonly [Phrase, Phrase]): string => (count === 1 ? say(one) : say(many, { count }));
  const findings = results.flatMap((result) => result.findings);
  const files = counted(results.length, ['one-file', 'files']);
  if (findings.length === 0) return `${say('nothing-found', { files })}\n`;
  const parts = (['error', 'warning', 'info', 'hint'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [counted(count, names[severity])];
  });
  return `${say('found', { files, counts: parts.join(', ') })}\n`;
}

const names: Readonly<Record<Severity, readonly [Phrase, Phrase]>> = {
  error: ['one-error', 'errors'],
  warning: ['one-warning', 'warnings'],
  info: ['one-info', 'infos'],
  hint: ['one-hint', 'hints'],
};
const colors: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36, hint: 90 };

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
