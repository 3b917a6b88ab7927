import { millisecondsOf, timeOf } from '../core/errors/times';
import type { Cancellation, Node } from '../core/ports';
import { message, type Message } from '../core/text/message';
import { pastJournalBytes, pastJournalScript } from '../core/probes/pastJournal';
import { sourceMark } from '../core/probes/pullLogs';
import { CallError } from './command';
import { nodeLines } from './nodeLines';

export interface PastJournal {
  /** `journalctl` or the path of a log, one after the other where there were several. */
  readonly source: string;
  /** There was more than is read: the oldest was left out. */
  readonly cut: boolean;
  /** What of it is closed to this user, and why; null where all was open. */
  readonly refused: string | null;
}

export interface PastOptions {
  /** How far back. */
  readonly seconds: number;
  readonly timeoutMs: number;
  readonly cancellation: Cancellation;
}

/** Gives `push` the lines about pulls that a node wrote in a time that is past, oldest first. */
export async function readPastJournal(
  node: Node,
  { seconds, timeoutMs, cancellation }: PastOptions,
  push: (line: string) => void,
): Promise<PastJournal> {
  const head = new Map<string, string>();
  const sources: string[] = [];
  let isWanted: (line: string) => boolean = everything;
  let bytes = 0;
  let cut = false;
  const lines = nodeLines(node, pastJournalScript(seconds), timeoutMs, cancellation);
  let next = await lines.next();
  for (; next.done !== true; next = await lines.next()) {
    const line = next.value;
    const source = line.startsWith(sourceMark) ? line.slice(sourceMark.length) : undefined;
    if (source !== undefined) {
      sources.push(source);
      bytes = 0;
      isWanted = source === 'journalctl' ? everything : youngerThan(seconds, head);
    } else if (sources.length === 0) {
      const [word = ''] = line.split(' ', 1);
      if (!head.has(word)) head.set(word, line.slice(word.length + 1));
    } else {
      bytes += Buffer.byteLength(line) + 1;
      cut ||= bytes >= pastJournalBytes - LONGEST;
      if (isWanted(line)) push(line);
    }
  }
  if (next.value === 'timeout') throw new CallError(message('failure/journal-late', { node: node.name, seconds: timeoutMs / 1000 }));
  if (next.value === 'cancelled') throw new CallError(`${node.name}: cancelled while its journal was read`, 'cancelled');
  if (sources.length === 0) throw new CallError(nothingToRead(node.name, head.get('refused')));
  return { source: sources.join(', '), cut, refused: head.get('refused') ?? null };
}

/** A line that is cut through is no whole line any more. */
const LONGEST = 4096;

function everything(): boolean {
  return true;
}

const yearMs = 365 * 24 * 60 * 60 * 1000;
/** What is written while it is read is from after `now`, not from a year ago. */
const slackMs = 60 * 60 * 1000;

/**
 * A log is in the order of time: from the first line that is young enough, all are wanted. A time without a year is compared with the
 * node's own, written in the same way; a log without any times is wanted as a whole.
 */
function youngerThan(seconds: number, head: ReadonlyMap<string, string>): (line: string) => boolean {
  const [now, local] = [Number(head.get('now')) * 1000, millisecondsOf(head.get('local') ?? null)];
  let [begun, dated] = [false, false];
  return (line) => {
    if (begun) return true;
    const time = millisecondsOf(timeOf(line));
    if (Number.isNaN(time)) return !dated;
    dated = true;
    const age = time < yearless ? ((local - time + slackMs + yearMs) % yearMs) - slackMs : now - time;
    begun = !(age > seconds * 1000);
    return begun;
  };
}

/** Times without a year are put into 2001. */
const yearless = Date.UTC(2002, 0, 1);

function nothingToRead(node: string, refused: string | undefined): Message {
  return refused === undefined ? message('failure/no-journal', { node }) : message('failure/closed-journal', { node, why: refused });
}
