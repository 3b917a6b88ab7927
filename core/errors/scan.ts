import { startsRecord } from './normalize';
import { automaton, bitsOf, isCandidate, subjectWords } from './prefilter';
import type { LogError, Triage } from './triage';
import { wordFinder } from './wordFinder';

/** Reads a log in chunks of bytes. What `push` and `end` give are the errors that were completed. */
export interface LogScanner {
  push(chunk: Uint8Array): readonly LogError[];
  end(): readonly LogError[];
}

/** A line of a record that is wrapped stands at most so far behind its beginning. */
const MAX_BACK = 8;
/** Longer lines are cut: nothing that reads them keeps more. */
const MAX_LINE = 65_536;
/** So much of a line shows whether a record begins there. */
const MAX_START = 64;
const NEWLINE = 10;

/** Passes to a triage only the lines that may matter and those around them that may be parts of the same message. */
export function logScanner(log: Triage, decode: Decode): LogScanner {
  return new Scanner(log, decode);
}

type Decode = (bytes: Uint8Array) => string;

class Scanner implements LogScanner {
  readonly #words = automaton();
  readonly #subject = wordFinder(subjectWords);
  /** Whether the newest record may go on. */
  #open = false;
  #rest = new Uint8Array(0);
  #errors: LogError[] = [];

  constructor(
    private readonly log: Triage,
    private readonly decode: Decode,
  ) {}

  push(chunk: Uint8Array): readonly LogError[] {
    if (this.#rest.length === 0 || chunk.includes(NEWLINE))
      return this.#read(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (this.#rest.length < MAX_LINE) this.#rest = joined(this.#rest, chunk);
    return [];
  }

  end(): readonly LogError[] {
    const last = this.#rest.length === 0 ? [] : this.#read(Uint8Array.of(NEWLINE));
    const flushed = this.log.flush();
    return flushed === null ? last : [...last, flushed];
  }

  #read(bytes: Uint8Array): readonly LogError[] {
    const first = this.#rest.length === 0 ? -1 : bytes.indexOf(NEWLINE);
    if (this.#rest.length > 0) this.#scan(joined(this.#rest, bytes.subarray(0, first + 1)));
    const whole = bytes.subarray(first + 1);
    this.#rest = whole.slice(this.#scan(whole));
    const all = this.#errors;
    this.#errors = [];
    return all;
  }

  /** Reads the complete lines and says where the last, incomplete one begins. */
  #scan(bytes: Uint8Array): number {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    // Lines from `unread` on were neither passed on nor counted; those before `seen` name nothing of pulls.
    let unread = 0;
    let seen = 0;
    while (seen < end) {
      if (this.#open) {
        const next = this.#goOn(bytes, seen);
        if (next === seen) continue;
        seen = next;
        unread = next;
        continue;
      }
      const at = this.#subject(bytes, seen, end);
      if (at < 0) break;
      const start = bytes.lastIndexOf(NEWLINE, at) + 1;
      seen = bytes.indexOf(NEWLINE, at) + 1;
      if (!isCandidate(this.#bits(bytes, start, seen - 1))) continue;
      this.#begin(bytes, unread, start, seen - 1);
      unread = seen;
    }
    this.#count(bytes, unread, end);
    return end;
  }

  #bits(bytes: Uint8Array, start: number, end: number): number {
    return bitsOf(this.decode(bytes.subarray(start, end)), this.#words);
  }

  /** The line after one that was passed on, which may be its continuation. Says where the next line begins. */
  #goOn(bytes: Uint8Array, start: number): number {
    const end = bytes.indexOf(NEWLINE, start);
    const line = lineOf(bytes, start, end, this.decode);
    if ((line.trim() === '' || beginsRecord(line)) && !isCandidate(this.#bits(bytes, start, end))) {
      this.#open = false;
      return start;
    }
    this.#keep(this.log.push(line));
    return end + 1;
  }

  /** Passes on a line that may matter, and those before it that belong to the same record. */
  #begin(bytes: Uint8Array, unread: number, start: number, end: number): void {
    const line = lineOf(bytes, start, end, this.decode);
    const first = beginsRecord(line) ? start : this.#beginning(bytes, unread, start);
    this.#count(bytes, unread, first);
    for (let at = first; at < start; at = bytes.indexOf(NEWLINE, at) + 1)
      this.#keep(this.log.push(lineOf(bytes, at, bytes.indexOf(NEWLINE, at), this.decode)));
    this.#open = true;
    this.#keep(this.log.push(line));
  }

  /** Where the record begins that goes on in the line at `start`; `start` when that is not to be seen. */
  #beginning(bytes: Uint8Array, unread: number, start: number): number {
    let after = start;
    for (let back = 0; back < MAX_BACK && after > unread; back++) {
      const at = after < 2 ? 0 : bytes.lastIndexOf(NEWLINE, after - 2) + 1;
      const head = lineOf(bytes, at, Math.min(after - 1, at + MAX_START), this.decode);
      if (head.trim() === '') return after;
      if (beginsRecord(head)) return at;
      after = at;
    }
    return start;
  }

  #count(bytes: Uint8Array, from: number, to: number): void {
    let lines = 0;
    for (let at = from; at < to; at = bytes.indexOf(NEWLINE, at) + 1) lines += 1;
    if (lines > 0) this.#keep(this.log.skip(lines));
  }

  #keep(error: LogError | null): void {
    if (error !== null) this.#errors.push(error);
  }
}

function beginsRecord(line: string): boolean {
  return startsRecord(line, line.length - line.trimStart().length);
}

function lineOf(bytes: Uint8Array, start: number, end: number, decode: Decode): string {
  const text = decode(bytes.subarray(start, Math.max(start, Math.min(end, start + MAX_LINE))));
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
