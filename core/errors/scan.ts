import { startsRecord } from './normalize';
import { automaton, found, isCandidate } from './prefilter';
import type { LogError, Triage } from './triage';

/** Reads a log in chunks of bytes. What `push` and `end` give are the errors that were completed. */
export interface LogScanner {
  push(chunk: Uint8Array): readonly LogError[];
  end(): readonly LogError[];
}

/** A line of a record that is wrapped stands at most so far behind its beginning. A power of two: it is used as a mask. */
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
  /** Where the last of the waiting lines begin. */
  readonly #starts = new Int32Array(MAX_BACK);
  /** Lines of this chunk that were seen and neither passed on nor counted yet. */
  #waiting = 0;
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
    // Local names: the inner loop runs for every byte of a log.
    const { next, gives, quiet } = this.#words;
    const length = bytes.length;
    let state = 0;
    let bits = 0;
    let start = 0;
    for (let i = 0; ;) {
      while (i < length) {
        state = next[state + (bytes[i] as number)] as number;
        if (state >= quiet) break;
        i++;
      }
      if (i >= length) break;
      bits |= gives[state >> 8] as number;
      if ((bits & found.lineEnd) === 0) {
        if (isCandidate(bits)) i = lineEnd(bytes, i);
        else i += 1;
        continue;
      }
      if (isCandidate(bits)) this.#pass(bytes, start, i);
      else this.#passOver(bytes, start, i);
      bits = 0;
      i += 1;
      start = i;
    }
    this.#count(this.#waiting);
    this.#waiting = 0;
    return start;
  }

  #passOver(bytes: Uint8Array, start: number, end: number): void {
    if (this.#open) {
      const line = lineOf(bytes, start, end, this.decode);
      if (line.trim() !== '' && !beginsRecord(line)) {
        this.#keep(this.log.push(line));
        return;
      }
      this.#open = false;
    }
    this.#starts[this.#waiting++ & (MAX_BACK - 1)] = start;
  }

  #pass(bytes: Uint8Array, start: number, end: number): void {
    const line = lineOf(bytes, start, end, this.decode);
    const before = this.#open || beginsRecord(line) ? [] : this.#beginning(bytes, start);
    this.#count(this.#waiting - before.length);
    for (const one of before) this.#keep(this.log.push(one));
    this.#waiting = 0;
    this.#open = true;
    this.#keep(this.log.push(line));
  }

  /** The lines before `end` that belong to the record which goes on there. */
  #beginning(bytes: Uint8Array, end: number): readonly string[] {
    const lines: string[] = [];
    let after = end;
    for (let i = this.#waiting - 1; i >= Math.max(0, this.#waiting - MAX_BACK); i--) {
      const start = this.#starts[i & (MAX_BACK - 1)] ?? 0;
      const head = lineOf(bytes, start, Math.min(after - 1, start + MAX_START), this.decode);
      if (head.trim() === '') return lines;
      lines.unshift(lineOf(bytes, start, after - 1, this.decode));
      if (beginsRecord(head)) return lines;
      after = start;
    }
    return [];
  }

  #count(lines: number): void {
    if (lines > 0) this.#keep(this.log.skip(lines));
  }

  #keep(error: LogError | null): void {
    if (error !== null) this.#errors.push(error);
  }
}

function beginsRecord(line: string): boolean {
  return startsRecord(line, line.length - line.trimStart().length);
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end < 0 ? bytes.length : end;
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
