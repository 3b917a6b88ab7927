import { rules } from '../../core/rules';
import type { LintDocument } from '../../core/protocol/lint';
import type { Severity } from '../../core/rules/rule';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };

/** SARIF 2.1.0, as code scanning services take it. Columns there are one-based and count UTF-16 units by `columnKind`. */
export function sarifLog(document: LintDocument): object {
  const used = [...new Set(document.files.flatMap((file) => file.findings.map(({ id }) => id)))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'containerd-runbooks', rules: used.map(reportingDescriptor) } },
        columnKind: 'utf16CodeUnits',
        results: document.files.flatMap((file) =>
          file.findings.map((finding) => sarifResult(file.path, finding, used.indexOf(finding.id))),
        ),
      },
    ],
  };
}

function reportingDescriptor(id: string): object {
  const rule = rules.find((candidate) => candidate.id === id);
  return {
    id,
    shortDescription: { text: rule?.doc.title ?? id },
    fullDescription: { text: rule?.doc.why ?? id },
    help: { text: `containerd-runbooks help ${id}`, markdown: rule?.doc.why ?? id },
  };
}

function sarifResult(path: string, finding: LintDocument['files'][number]['findings'][number], ruleIndex: number): object {
  const { start, end } = finding.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const region = { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
  return {
    ruleId: finding.id,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) }, region } }],
  };
}

/** A relative path stays relative: services look it up in the repository. */
function uriOf(path: string): string {
  const slashed = path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  const encoded = slashed.split('/').map(encodeURIComponent).join('/');
  // A drive keeps its colon: file:///C:/x.
  if (/^[a-z]:\//i.test(slashed)) return `file:///${encoded.replace('%3A', ':')}`;
  return encoded.startsWith('/') ? `file://${encoded}` : encoded;
}
