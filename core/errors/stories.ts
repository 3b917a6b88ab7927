import type { Version } from '../versions/versions';
import { message, type Message } from '../text/message';
import { capture, type Captures } from './captures';
import { classify, type Classification } from './classify';
import { pullEventOf, pullsOfLog, type PullEvent, type PullSummary } from './pulls';
import type { LogRecord } from './records';
import { millisecondsOf } from './times';

/** Reads the records of one log in the light of those before them: several lines of one pull are one story. */
export interface PullStories {
  /** Null when the record is no error, or only what another error led to. */
  read(record: LogRecord, time: string | null, mayFail: boolean): Classification | null;
  pulls(): PullSummary;
}

/** Said while a pull goes on, and they change what its end means; each alone is not the end. */
const hint =
  /trying next host|reference for unknown type|failed to decode |host will try HTTPS first|Found 'Registry\.Mirrors'|unable to load CA cert|fetch failed/;

interface Note {
  readonly text: string;
  readonly at: number;
}

/** Notes kept, and for how long: image_pull_progress_timeout is five minutes. */
const MAX_NOTES = 16;
const NOTE_MS = 5 * 60_000;
/** What follows a failure so closely is its consequence. */
const CONSEQUENCE_MS = 5_000;

export function pullStories(version: Version): PullStories {
  const pulls = pullsOfLog();
  const classified = cache(version);
  let notes: Note[] = [];
  let lastCause: Note | null = null;

  const notesOf = (event: PullEvent, at: number): readonly string[] => {
    const mine = notes.filter(
      (note) => (Number.isNaN(at) || Number.isNaN(note.at) || at - note.at <= NOTE_MS) && concerns(note.text, event),
    );
    notes = notes.filter((note) => !mine.includes(note));
    return mine.map(({ text }) => text);
  };

  return {
    read: (record, time, mayFail) => {
      const { text, line } = record;
      const at = millisecondsOf(time);
      const event = pullEventOf(text);
      const elapsed = event === null || event.kind === 'begin' ? null : pulls.secondsSince(event.reference, at);
      const before = event?.kind === 'failure' ? notesOf(event, at) : [];
      if (event !== null) pulls.note(event, line, at);
      if (!mayFail || event?.kind === 'success') return null;
      const alone = classified(text, elapsed);
      if (hint.test(text)) notes = [...notes.slice(1 - MAX_NOTES), { text: text.slice(0, 2000), at }];
      if (isConsequence(alone, lastCause, at)) return null;
      const together = before.length === 0 ? alone : classified([...before, text].join('\n'), elapsed);
      const result = together.class === null ? alone : { ...together, captures: merged(alone, together), evidence: alone.evidence };
      if (result.class !== null) lastCause = { text: result.class.id, at };
      return result;
    },
    pulls: () => pulls.summary(),
  };
}

/** Whether a note names the repository of the pull, or no other one. */
function concerns(note: string, { reference }: PullEvent): boolean {
  const requested = /\/v2\/([\w./-]{1,255}?)\/(?:manifests|blobs)\//.exec(note)?.[1];
  if (requested === undefined) return true;
  const repository = (reference.split('@', 1)[0] ?? '').replace(/:[\w.-]{1,128}$/, '');
  return repository.endsWith(requested) || requested.endsWith(repository.slice(repository.indexOf('/') + 1));
}

/** containerd cancels what else it fetches when one fetch fails: `context canceled` right after a failure says nothing new. */
function isConsequence({ class: found, captures }: Classification, cause: Note | null, at: number): boolean {
  if (found === null || cause === null || !found.id.startsWith('cancel.') || captures.duration !== null) return false;
  if (cause.text.startsWith('cancel.') && captures.grpcCode !== 'Canceled') return false;
  return Number.isNaN(at) || Number.isNaN(cause.at) || at - cause.at <= CONSEQUENCE_MS;
}

/** The reference and host are those of the record itself where it names them. */
function merged({ captures: own }: Classification, { captures: all }: Classification): Classification['captures'] {
  return { ...all, reference: own.reference ?? all.reference, host: own.host ?? all.host, url: own.url ?? all.url };
}

/**
 * kubelet and containerd repeat an error word for word for hours, and of every image of a registry that is away: only times, ports and the
 * names of images differ. The class is worked out once, what the text names is read from each.
 */
function cache(version: Version): (text: string, elapsedSeconds: number | null) => Classification {
  const known = new Map<string, { readonly text: string; readonly result: Classification }>();
  return (text, elapsed) => {
    const silence = elapsed === null ? -1 : silences.filter((seconds) => elapsed >= seconds).length;
    const key = `${silence} ${shapeOf(text)}`;
    const before = known.get(key);
    if (before !== undefined) return before.result.class === null ? before.result : renamed(before, text);
    const result = classify(text, version, elapsed === null ? {} : { elapsedSeconds: elapsed });
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, { text, result });
    return result;
  };
}

const MAX_KNOWN = 256;
/** Seconds from which on a silence means something to some class. */
const silences: readonly number[] = [10, 30, 60, 300];

/** The text without its times, ports, digests and the repositories and tags behind a registry's name. */
function shapeOf(text: string): string {
  return text.replace(varying, '~').replace(repositories, '$1/~');
}

const varying =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.Z+:-]*|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d|[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+|:\d{4,5}->|\(x\d+ over \S+\)/g;
const repositories =
  /(\/v2|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?::\d{1,5})?)\/(?!v2\/)[\w.-]{1,128}(?:\/(?!manifests\/|blobs\/)[\w.-]{1,128}){0,8}(?::[\w.-]{1,128})?/g;

function renamed({ text: first, result }: { readonly text: string; readonly result: Classification }, text: string): Classification {
  const captures = { ...result.captures, ...namesOf(text) };
  const named = (one: Message | null): Message | null =>
    one === null || one.args['reference'] === undefined || captures.reference === null
      ? one
      : message(one.id, { ...one.args, reference: captures.reference });
  // The same words stand elsewhere in another text; where they name something that differs, nothing is pointed at.
  const evidence = result.evidence.flatMap(({ start, end }) => {
    const at = text.indexOf(first.slice(start, end));
    return at < 0 ? [] : [{ start: at, end: at + end - start }];
  });
  return { ...result, captures, evidence, cause: named(result.cause), nextStep: named(result.nextStep) };
}

function namesOf(text: string): Pick<Captures, 'reference' | 'url' | 'digest'> {
  const { reference, url, digest } = capture(text.replace(/\\{1,8}"/g, '"'));
  return { reference, url, digest };
}
