import type { Version } from '../versions/versions';
import { classify, type Classification } from './classify';
import type { ErrorClass } from './errorClass';
import { recordJoiner, type LogRecord } from './records';
import { withoutSecrets } from './redact';

/** One pull error of a log. */
export interface LogError {
  readonly line: number;
  readonly time: string | null;
  readonly sample: string;
  readonly class: ErrorClass;
  readonly result: Classification;
}

export interface LogGroup {
  readonly class: ErrorClass;
  readonly host: string | null;
  readonly count: number;
  readonly references: readonly string[];
  readonly first: LogError;
  readonly last: LogError;
}

/** Reads a log line by line. `push` and `flush` give the error that was completed, so that a stream can be followed. */
export interface Triage {
  push(line: string): LogError | null;
  flush(): LogError | null;
  lines(): number;
  errors(): number;
  /** Commonest first. */
  groups(): readonly LogGroup[];
}

export function triage(version: Version): Triage {
  const records = recordJoiner();
  const starts = pullStarts();
  const groups = new Map<string, LogGroup>();
  let errors = 0;
  const take = (record: LogRecord | null): LogError | null => {
    if (record === null) return null;
    starts.note(record.text);
    const error = mayBeError.test(record.text) ? errorOf(record, version, starts) : null;
    if (error === null) return null;
    errors += 1;
    const key = `${error.class.id} ${error.result.captures.host ?? ''}`;
    groups.set(key, grown(groups.get(key), error));
    return error;
  };
  return {
    push: (line) => take(records.push(line)),
    flush: () => take(records.flush()),
    lines: () => records.lines(),
    errors: () => errors,
    groups: () => [...groups.values()].sort((a, b) => b.count - a.count || a.first.line - b.first.line),
  };
}

/** Cheap words, one of which every pull error has: most lines of a log are passed over with this alone. */
const mayBeError =
  /fail|err|refus|denied|unauthori|forbidden|time-?out|timed out|not found|unknown|next host|cancel|deadline|exceed|EOF|reset|x509|tls|toomany|cannot|can't|unable|invalid|no such|block|missing|unsupported|ignoring|incompatible|HTTPS first|locked|mismatch|wrong|does(?: not|n't)|no match|misbehaving|insufficient|no longer|not supported|no space|not ready|rejecting|\b[45]\d\d\b/i;

const MAX_SAMPLE = 400;
const MAX_REFERENCES = 20;

function errorOf(record: LogRecord, version: Version, starts: PullStarts): LogError | null {
  const elapsed = starts.elapsedSeconds(record.text);
  const result = classify(record.text, version, elapsed === null ? {} : { elapsedSeconds: elapsed });
  if (result.class === null) return null;
  return { line: record.line, time: timeOf(record.text), sample: sampleOf(record.text), class: result.class, result };
}

function sampleOf(text: string): string {
  const shown = withoutSecrets(text.slice(0, 4 * MAX_SAMPLE))
    .replace(/\s+/g, ' ')
    .trim();
  return shown.length > MAX_SAMPLE ? `${shown.slice(0, MAX_SAMPLE)}…` : shown;
}

function grown(group: LogGroup | undefined, error: LogError): LogGroup {
  const { reference, host } = error.result.captures;
  if (group === undefined)
    return { class: error.class, host, count: 1, references: reference === null ? [] : [reference], first: error, last: error };
  const known = reference === null || group.references.includes(reference) || group.references.length >= MAX_REFERENCES;
  return { ...group, count: group.count + 1, last: error, references: known ? group.references : [...group.references, reference] };
}

const times: readonly RegExp[] = [
  /\btime="([^"]{8,40})"/,
  /^\s*\{[^\n]{0,300}?"(?:time|ts|timestamp)":"([^"]{8,40})"/,
  /^\s*(\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[\d.,:+Z-]*)/,
  /^\s*([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d)/,
  /^\s*[IWEF](\d{4} \d\d:\d\d:\d\d(?:\.\d+)?)/,
];

function timeOf(text: string): string | null {
  for (const pattern of times) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

/** When pulls by digest began: how long one was silent tells a masked error from a missing manifest. */
interface PullStarts {
  note(text: string): void;
  elapsedSeconds(text: string): number | null;
}

const MAX_STARTS = 1000;

function pullStarts(): PullStarts {
  const began = new Map<string, number>();
  return {
    note(text) {
      const digest = /\bPullImage \\{0,3}"[^"\\\s]+@(sha256:[0-9a-f]{64})\\{0,3}"(?! failed)/.exec(text)?.[1];
      const at = digest === undefined ? NaN : Date.parse(timeOf(text) ?? '');
      if (digest === undefined || Number.isNaN(at) || / failed"/.test(text)) return;
      if (began.size >= MAX_STARTS) began.clear();
      began.set(digest, at);
    },
    elapsedSeconds(text) {
      const digest = /@(sha256:[0-9a-f]{64})[\\"]*: not found/.exec(text)?.[1];
      const from = digest === undefined ? undefined : began.get(digest);
      const to = from === undefined ? NaN : Date.parse(timeOf(text) ?? '');
      return from === undefined || Number.isNaN(to) || to < from ? null : (to - from) / 1000;
    },
  };
}
