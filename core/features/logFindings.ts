/** Pull errors of a log that is open in an editor: what its Problems, hovers and lenses say. */
import type { Classification } from '../errors/classify';
import { logScanner } from '../errors/scan';
import { triage, type LogError, type LogMark } from '../errors/triage';
import { catalogOf, message, type Message } from '../text/message';
import type { Version } from '../versions/versions';

export interface LogFinding {
  /** Zero-based, where the error's record begins. */
  readonly line: number;
  /** Dotted id of the error class. */
  readonly class: string;
  readonly title: string;
  readonly cause: Message | null;
  readonly nextStep: Message | null;
  readonly captures: Classification['captures'];
  readonly confidence: number;
  readonly mark: LogMark | null;
}

export const logTexts = catalogOf('log', {
  explain: '{class}: explain',
  page: 'Page of this error',
  replay: 'Replay the resolve of {reference}',
});

/** More would only slow the editor down. */
const MAX_FINDINGS = 2000;

export interface BytesOfText {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

/** In order of lines. What follows from another error, and what is no error of a pull, is not among them. */
export function logFindings(text: string, version: Version, bytes: BytesOfText): readonly LogFinding[] {
  const log = triage(version);
  const scanner = logScanner(log, (part) => bytes.decode(part));
  const errors: readonly LogError[] = [...scanner.push(bytes.encode(text)), ...scanner.end()];
  return errors.slice(0, MAX_FINDINGS).map(({ line, class: { id, title }, result, mark }) => ({
    line: line - 1,
    class: id,
    title,
    cause: result.cause,
    nextStep: result.nextStep,
    captures: result.captures,
    confidence: result.confidence,
    mark,
  }));
}

export interface LogLens {
  readonly line: number;
  readonly title: Message;
  readonly command: { readonly id: string; readonly args: readonly unknown[] };
}

/** One lens per error, and one step to the page and to the replay; only the first line of each kind of error gets those. */
export function logLenses(findings: readonly LogFinding[], uri: string): readonly LogLens[] {
  const seen = new Set<string>();
  return findings.slice(0, MAX_LENSES).flatMap((finding) => {
    const { line, class: id, captures } = finding;
    const explain = lens(line, message('log/explain', { class: id }), 'explainError', { uri, line });
    const kind = `${id} ${captures.host ?? ''}`;
    if (seen.has(kind)) return [explain];
    seen.add(kind);
    const page = lens(line, message('log/page'), 'openPage', `errors/${id}`);
    const { reference } = captures;
    return reference === null
      ? [explain, page]
      : [explain, page, lens(line, message('log/replay', { reference }), 'replayResolve', { reference })];
  });
}

const MAX_LENSES = 300;

function lens(line: number, title: Message, command: string, argument: unknown): LogLens {
  return { line, title, command: { id: `containerdRunbooks.${command}`, args: [argument] } };
}

/** The finding of the record that a line belongs to: wrapped records go on until the next finding, at most a few lines. */
export function logFindingAt(findings: readonly LogFinding[], line: number): LogFinding | undefined {
  return findings.findLast((finding) => finding.line === line);
}
