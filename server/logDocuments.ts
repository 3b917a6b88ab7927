import {
  DiagnosticSeverity,
  MarkupKind,
  type CodeLens,
  type Diagnostic,
  type Hover,
  type Position,
  type Range,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { logFindingAt, logFindings, logLenses, type LogFinding } from '../core/features/logFindings';
import { newestVersion } from '../core/versions/versions';
import type { Client } from './client';
import { say } from './say';

const mostShown = 500;

interface Read {
  readonly version: number;
  readonly findings: readonly LogFinding[];
}

/** Read once for each version of a text: Problems, hovers and lenses of a log are of the same findings. */
const read = new WeakMap<TextDocument, Read>();

const bytes = {
  encode: (text: string): Uint8Array => Buffer.from(text),
  decode: (part: Uint8Array): string => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('utf8'),
};

export function isLog(document: TextDocument | undefined): document is TextDocument {
  return document?.languageId === 'containerd-log';
}

function findingsOf(document: TextDocument): readonly LogFinding[] {
  const known = read.get(document);
  if (known?.version === document.version) return known.findings;
  const findings = logFindings(document.getText(), newestVersion, bytes);
  read.set(document, { version: document.version, findings });
  return findings;
}

export function logDiagnostics(document: TextDocument, { uriScheme }: Client): Diagnostic[] {
  return findingsOf(document)
    .slice(0, mostShown)
    .map((finding) => ({
      range: markedRange(document, finding),
      severity: DiagnosticSeverity.Information,
      code: finding.class,
      source: 'containerd',
      message: finding.cause === null ? finding.title : say(finding.cause),
      ...(uriScheme && { codeDescription: { href: `${uriScheme}://containerd-runbooks.containerd-runbooks/errors/${finding.class}` } }),
    }));
}

export function logHover(document: TextDocument, { line }: Position, { takesMarkdown }: Client): Hover | null {
  const finding = logFindingAt(findingsOf(document), line);
  if (finding === undefined) return null;
  const said = [finding.cause, finding.nextStep].flatMap((one) => (one === null ? [] : [say(one)]));
  const markdown = [`**${finding.title}** (\`${finding.class}\`)`, ...said].join('\n\n');
  const contents = takesMarkdown
    ? { kind: MarkupKind.Markdown, value: markdown }
    : { kind: MarkupKind.PlainText, value: markdown.replace(/[`*]/g, '') };
  return { contents, range: rangeOf(document, line) };
}

export function logCodeLenses(document: TextDocument): CodeLens[] {
  return logLenses(findingsOf(document), document.uri).map(({ line, title, command }) => ({
    range: { start: { line, character: 0 }, end: { line, character: 0 } },
    command: { title: say(title), command: command.id, arguments: [...command.args] },
  }));
}

/** The words that decided, else the line. */
function markedRange(document: TextDocument, { line, mark }: LogFinding): Range {
  if (mark === null) return rangeOf(document, line);
  const at = line + mark.below;
  return { start: { line: at, character: mark.from }, end: { line: at, character: mark.to } };
}

/** The line without the blanks around it. */
function rangeOf(document: TextDocument, line: number): Range {
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  return {
    start: { line, character: text.length - text.trimStart().length },
    end: { line, character: text.trimEnd().length },
  };
}
