import type { LintedFile } from '../protocol/lint';
import type { FindingDocument } from '../protocol/said';
import type { LintFinding, LintResult } from '../rules/lint';
import { ruleCatalog } from '../rules/lint';
import type { LineIndex } from '../text/lineIndex';
import { render, type Message } from '../text/message';
import { mapStrings } from './redact';
import { redactText } from './redactText';

/** A finding as the JSON documents carry it: always in English. */
export function findingDocument(finding: LintFinding, lines: LineIndex): FindingDocument {
  const message = withoutSecrets(finding.message);
  return {
    id: finding.rule,
    severity: finding.severity,
    message: render(message, ruleCatalog),
    messageId: message.id,
    args: message.args,
    range: lines.rangeAt(finding.range),
    docs: `rules/${finding.rule}`,
    ...(finding.fix && fixOf(withoutSecrets(finding.fix.title))),
  };
}

/** Messages quote what stands in a file, and that may be a URL with a password in it. */
export function withoutSecrets({ id, args }: Message): Message {
  return { id, args: mapStrings(args, (text) => redactText(text)) };
}

function fixOf(titleMessage: Message): Pick<FindingDocument, 'fix'> {
  return { fix: { title: render(titleMessage, ruleCatalog), titleMessage } };
}

export function lintedFile(path: string, result: LintResult, lines: LineIndex): LintedFile {
  return {
    path,
    kind: result.kind,
    outcome: result.outcome,
    ignoredKeys: result.ignoredKeys.map((key) => redactText(key)),
    findings: result.findings.map((finding) => findingDocument(finding, lines)),
  };
}
