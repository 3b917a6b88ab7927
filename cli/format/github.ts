import type { LintDocument } from '../../core/protocol/lint';
import type { Severity } from '../../core/rules/rule';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' };

/** Workflow commands that GitHub Actions turns into annotations. */
export function githubAnnotations(document: LintDocument): string {
  const lines = document.files.flatMap((file) =>
    file.findings.map(({ severity, range, id, message }) => {
      const at = range && {
        line: range.start.line + 1,
        endLine: range.end.line + 1,
        ...(range.start.line === range.end.line && { col: range.start.character + 1, endColumn: range.end.character + 1 }),
      };
      const properties = { file: file.path, ...at, title: id };
      const words = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
      return `::${commands[severity]} ${words.join(',')}::${data(message)}\n`;
    }),
  );
  return lines.join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
