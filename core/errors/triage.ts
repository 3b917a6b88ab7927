import type { TextRange } from '../text/ranges';
import type { Version } from '../versions/versions';
import type { Classification } from './classify';
import type { ErrorClass } from './errorClass';
import { automaton, bitsOf, found } from './prefilter';
import type { PullSummary } from './pulls';
import { recordJoiner, type LogRecord } from './records';
import { withoutSecrets } from './redact';
import { pullStories } from './stories';
import { timeOf } from './times';

/** One pull error of a log. */
export interface LogError {
  readonly line: number;
  readonly time: string | null;
  readonly sample: string;
  readonly class: ErrorClass;
  readonly result: Classification;
  /** The words that decided: lines below the record's first, and characters within that line. Null where none can be pointed at. */
  readonly mark: LogMark | null;
}

export interface LogMark {
  readonly below: number;
  readonly from: number;
  readonly to: number;
}

export interface LogGroup {
  readonly class: ErrorClass;
  readonly host: string | null;
  readonly count: number;
  readonly references: readonly string[];
  readonly first: LogError;
  readonly last: LogError;
}

/** Reads a log line by line. `push`, `skip` and `flush` give the error that was completed, so that a stream can be followed. */
export interface Triage {
  push(line: string): LogError | null;
  /** So many lines went by of which it is known that they say nothing of pulls. */
  skip(lines: number): LogError | null;
  flush(): LogError | null;
  lines(): number;
  errors(): number;
  /** Commonest first. */
  groups(): readonly LogGroup[];
  pulls(): PullSummary;
}

export function triage(version: Version): Triage {
  const records = recordJoiner();
  const story = pullStories(version);
  const words = automaton();
  const groups = new Map<string, LogGroup>();
  let errors = 0;
  const take = (record: LogRecord | null): LogError | null => {
    const bits = record === null ? 0 : bitsOf(record.text, words);
    if (record === null || (bits & (found.failure | found.event)) === 0) return null;
    const time = timeOf(record.text);
    const result = story.read(record, time, (bits & found.failure) !== 0);
    if (result === null || result.class === null) return null;
    errors += 1;
    const error: LogError = {
      line: record.line,
      time,
      sample: sampleOf(record.text),
      class: result.class,
      result,
      mark: markOf(record.text, result.evidence[0]),
    };
    const key = `${error.class.id} ${result.captures.host ?? ''}`;
    if (groups.has(key) || groups.size < MAX_GROUPS) groups.set(key, grown(groups.get(key), error));
    return error;
  };
  return {
    push: (line) => take(records.push(line)),
    skip: (lines) => take(records.skip(lines)),
    flush: () => take(records.flush()),
    lines: () => records.lines(),
    errors: () => errors,
    groups: () => [...groups.values()].sort((a, b) => b.count - a.count || a.first.line - b.first.line),
    pulls: () => story.pulls(),
  };
}

/** Causes at different hosts are groups of their own; a log with more of them is no longer read by a person. */
const MAX_GROUPS = 500;
const MAX_SAMPLE = 400;
const MAX_REFERENCES = 20;

function markOf(text: string, words: TextRange | undefined): LogMark | null {
  if (words === undefined) return null;
  const start = text.lastIndexOf('\n', words.start - 1) + 1;
  const stop = text.indexOf('\n', words.start);
  const to = Math.min(words.end, stop < 0 ? text.length : stop);
  return { below: text.slice(0, start).split('\n').length - 1, from: words.start - start, to: to - start };
}

/** What a terminal was told before and behind words: a control character, `[`, numbers and a letter. */
const COLOUR = /\p{Cc}\[[\d;]{0,20}[A-Za-z]/gu;

function sampleOf(text: string): string {
  const shown = withoutSecrets(text.slice(0, 4 * MAX_SAMPLE))
    .replace(/\s+/g, ' ')
    .replace(COLOUR, '')
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
