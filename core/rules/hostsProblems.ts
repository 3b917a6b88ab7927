import type { HostEntry, HostsProblem, HostsProblemCode } from '../hosts/hostsFile';
import { assignmentBefore, headerBefore } from '../toml/lookup';
import { message, type MessageArgs } from '../text/message';
import type { TextEdit, TextRange } from '../text/ranges';
import { withCodes } from './byCode';
import type { FileOutcome, Finding, Fix, HostsContext, Severity } from './rule';

/** What the decoder found, by code. */
export function hostsProblems({ file }: HostsContext, codes: readonly HostsProblemCode[]): readonly HostsProblem[] {
  return withCodes(file.problems, codes);
}

export interface SaidOfHosts {
  readonly key: string;
  readonly args?: MessageArgs;
  readonly fix?: Fix | undefined;
}

/** A problem as a finding: what drops the file or fails the pull is an error, what is ignored a warning, what cannot be seen a hint. */
export function hostsFinding(problem: HostsProblem, { key, args, fix }: SaidOfHosts): Finding {
  const outcome = outcomes[problem.effect];
  return {
    range: problem.range,
    severity: severities[problem.effect],
    key,
    args: { ...problem.args, ...args },
    ...(outcome && { outcome }),
    ...(fix && { fix }),
  };
}

/** Advice on a file that containerd takes as it is. */
export function advice(range: TextRange, severity: Severity, said: SaidOfHosts): Finding {
  return { range, severity, key: said.key, args: said.args ?? {}, ...(said.fix && { fix: said.fix }) };
}

export function hostsFix(rule: string, edits: readonly TextEdit[], safe: boolean, args: MessageArgs = {}, key = 'fix'): Fix {
  return { title: message(`${rule}/${key}`, args), edits, safe };
}

/** The `[host]` entries in the order tried, one per table; none when the file is dropped. */
export function hostTables({ file }: HostsContext): readonly (HostEntry & { readonly name: string })[] {
  const byName = new Map<string, HostEntry & { readonly name: string }>();
  for (const entry of file.entries) {
    const { name } = entry;
    if (name !== undefined && !byName.has(name)) byName.set(name, { ...entry, name });
  }
  return [...byName.values()];
}

/** The entry that the top level makes, with `server` or without. */
export function topLevel({ file }: HostsContext): HostEntry | undefined {
  return file.entries.find(({ name }) => name === undefined);
}

/** An entry's address as the file has it: its name, or the value of `server`. */
export function writtenUrl(entry: HostEntry): string {
  const server = entry.fields.get('server')?.value;
  return entry.name ?? (server?.kind === 'string' ? server.value : '');
}

/** Adds a line to an entry, behind its first key of the same kind: behind the header of a table, behind `server` at the top. */
export function addLine({ parsed }: HostsContext, entry: HostEntry, line: string): TextEdit | undefined {
  const { text } = parsed.document;
  const above = headerBefore(parsed.document, entry.range.start);
  const header = above?.table === entry.table && !above.array ? above : undefined;
  const key = entry.name === undefined ? entry.fields.get('server')?.key : undefined;
  const after = header ?? (key && assignmentBefore(parsed.document, key.range.start));
  if (!after) return undefined;
  const end = endOfLine(text, after.range.end);
  return { range: { start: end, end }, newText: `${lineBreak(text)}${header ? '  ' : ''}${line}` };
}

/** The whole lines that a range stands on, with their line break. */
export function wholeLines(text: string, range: TextRange): TextRange {
  const end = endOfLine(text, range.end);
  const next = text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
  return { start: text.lastIndexOf('\n', range.start - 1) + 1, end: next };
}

/** That of the first line. */
export function lineBreak(text: string): string {
  return text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n';
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  if (at < 0) return text.length;
  return text[at - 1] === '\r' && at - 1 >= from ? at - 1 : at;
}

const outcomes: Readonly<Record<HostsProblem['effect'], FileOutcome | undefined>> = {
  dropped: 'dropped',
  fatal: 'fatal',
  ignored: 'partly-ignored',
  unjudged: undefined,
};
const severities: Readonly<Record<HostsProblem['effect'], Severity>> = {
  dropped: 'error',
  fatal: 'error',
  ignored: 'warning',
  unjudged: 'hint',
};
