import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from 'vscode-languageserver';
import type { DocumentContext } from '../core/rules/context';
import type { LintFinding } from '../core/rules/check';
import type { Severity } from '../core/rules/rule';
import { maxLength, type Analysis } from './analysis';
import type { Client } from './client';
import { rangeIn } from './ranges';
import { say } from './say';

/** More would only slow the editor down: the first say what kind of file it is. */
const mostShown = 500;

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function diagnosticsOf(analysis: Analysis, client: Client): Diagnostic[] {
  if (!analysis.context) return [tooLarge()];
  const ignored = ignoredSpans(analysis.context, analysis.path);
  return shownFindings(analysis)
    .slice(0, mostShown)
    .map((finding) => diagnosticOf(finding, analysis, client, ignored));
}

/** The findings of a document with the severities that the user chose; those that are off are left out. */
export function shownFindings({ lint, settings }: Analysis): readonly LintFinding[] {
  return (lint()?.findings ?? []).flatMap((finding) => {
    const severity = settings.severities.get(finding.rule) ?? finding.severity;
    return severity === 'off' ? [] : [{ ...finding, severity }];
  });
}

function diagnosticOf(finding: LintFinding, { document }: Analysis, { uriScheme }: Client, ignored: ReadonlySet<string>): Diagnostic {
  const range = rangeIn(document, finding.range);
  const oneLine = range.start.line === range.end.line;
  return {
    range,
    severity: severities[finding.severity],
    code: finding.rule,
    source: 'containerd',
    message: say(finding.message),
    ...(uriScheme && { codeDescription: { href: pageUri(uriScheme, finding.rule) } }),
    ...(oneLine && ignored.has(spanKey(finding.range)) && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

function pageUri(uriScheme: string, rule: string): string {
  return `${uriScheme}://containerd-runbooks.containerd-runbooks/rules/${rule}`;
}

/** Where keys stand that have no effect: they are shown faded. */
function ignoredSpans(context: DocumentContext, path: string): ReadonlySet<string> {
  const problems =
    context.kind === 'hosts' ? context.hosts.file.problems : context.config.file.problems.filter((problem) => problem.path === path);
  return new Set(problems.filter(({ effect }) => effect === 'ignored').map(({ range }) => spanKey(range)));
}

function spanKey({ start, end }: LintFinding['range']): string {
  return `${start}-${end}`;
}

function tooLarge(): Diagnostic {
  const start = { line: 0, character: 0 };
  return {
    range: { start, end: start },
    severity: DiagnosticSeverity.Information,
    source: 'containerd',
    message: say({ id: 'server/too-large', args: { size: maxLength / 1024 / 1024 } }),
  };
}
