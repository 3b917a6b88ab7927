import type { FindingDocument, LintedFile } from '../protocol';
import type { LintFinding, LintResult } from '../rules/lint';
import { ruleCatalog } from '../rules/lint';
import type { LineIndex } from '../text/lineIndex';
import { render } from '../text/message';

/** A finding as the JSON documents carry it: always in English. */
export function findingDocument(finding: LintFinding, lines: LineIndex): FindingDocument {
  return {
    id: finding.rule,
    severity: finding.severity,
    message: render(finding.message, ruleCatalog),
    messageId: finding.message.id,
    args: finding.message.args,
    range: lines.rangeAt(finding.range),
    docs: `rules/${finding.rule}`,
    ...(finding.fix && { fix: { title: render(finding.fix.title, ruleCatalog), titleMessage: finding.fix.title } }),
  };
}

export function lintedFile(path: string, result: LintResult, lines: LineIndex): LintedFile {
  return {
    path,
    kind: result.kind,
    outcome: result.outcome,
    ignoredKeys: result.ignoredKeys,
    findings: result.findings.map((finding) => findingDocument(finding, lines)),
  };
}
