import { failureMessages } from '../../core/diagnosis/failureMessages';
import type { Cancellation, Node } from '../../core/ports';
import { message, type Message } from '../../core/text/message';
import { asWriter, createScript, removeScript, replaceScript } from './writeFileScript';

const timeoutMs = 30_000;
/** Nothing containerd reads as configuration comes near. */
export const maxFileBytes = 1024 * 1024;

export type WriteOutcome =
  | { readonly status: 'written'; readonly backup: string | null; readonly sudo: boolean }
  /** Somebody else changed or removed it since `base` was read. Nothing was written. */
  | { readonly status: 'changed' | 'missing' }
  /** Nothing was written. */
  | { readonly status: 'refused'; readonly reason: Message }
  /** The connection or the time ran out in the middle: the file holds the old text or the new one. */
  | { readonly status: 'unknown'; readonly reason: Message };

export interface NodeFileChange {
  readonly path: string;
  /** What the file must still hold; null: it must not be there. */
  readonly base: string | null;
  /** Null: it is taken away. */
  readonly text: string | null;
  /** `20260130T101112.345Z`: appended to the name of the backup. */
  readonly stamp: string;
  /** How many backups of the file stay. */
  readonly keptBackups?: number;
}

export const usualKeptBackups = 10;

/**
 * Replaces the text of a file on a node, makes one or takes one away. Only to be called for a change that a person has seen and confirmed.
 * Whatever breaks off in the middle, the file holds the old bytes or the new ones; where text is replaced, a copy of the old stays beside it.
 */
export async function writeNodeFile(node: Node, change: NodeFileChange, cancellation?: Cancellation): Promise<WriteOutcome> {
  const unfit = unfitReason(change);
  if (unfit !== undefined) return { status: 'refused', reason: message(`failure/${unfit}`) };
  const result = await node.run(asWriter(change.path), {
    timeoutMs,
    stdin: scriptOf(change),
    ...(cancellation && { cancellation }),
  });
  if (result.status !== 'exited')
    return { status: 'unknown', reason: message(result.status === 'timeout' ? 'failure/write-late' : 'failure/write-cancelled') };
  const [who = '', status = '', ...rest] = result.stdout.split('\n');
  if (who === 'no-sudo') return { status: 'refused', reason: message('failure/write-closed') };
  return outcomeOf(status, rest.join('\n'), who === 'sudo', lastLine(result.stderr));
}

/** `20260130T101112.345Z`: sorts by time and can stand in a file name. */
export function stampOf(time: Date): string {
  return time.toISOString().replace(/[-:]/g, '');
}

function scriptOf({ path, base, text, stamp, keptBackups = usualKeptBackups }: NodeFileChange): string {
  if (text === null) return removeScript({ path, base: base ?? '' });
  return base === null ? createScript({ path, text, stamp }) : replaceScript({ path, base, text, stamp, keptBackups });
}

function outcomeOf(status: string, detail: string, sudo: boolean, said: string): WriteOutcome {
  switch (status) {
    case 'written':
      return { status, backup: detail === '' ? null : detail, sudo };
    case 'changed':
    case 'missing':
      return { status };
    case 'refused':
      return { status, reason: withWords(message(isKnown(detail) ? `failure/${detail}` : 'failure/write-no-answer'), said) };
    case 'unverified':
      return { status: 'unknown', reason: message('failure/write-differs', { path: detail }) };
    default:
      return { status: 'unknown', reason: withWords(message('failure/write-no-answer'), said) };
  }
}

/** A node may print anything. */
function isKnown(why: string): boolean {
  return Object.hasOwn(failureMessages, `failure/${why}`);
}

/** What a program said of it stands behind it. */
function withWords(why: Message, said: string): Message {
  return said === '' ? why : message('failure/write-said', { why, said });
}

/** A shell's variables hold no NUL, and bytes that are no UTF-8 were lost when the file was read. */
function unfitReason({ path, base, text }: NodeFileChange): string | undefined {
  if (!path.startsWith('/') || path.endsWith('/') || path.includes('\0')) return 'write-no-path';
  const texts = [base ?? '', text ?? ''];
  if (texts.some((one) => one.includes('\0'))) return 'write-nul';
  if (base?.includes('\ufffd') === true) return 'file-no-text';
  if (texts.some((one) => Buffer.byteLength(one) > maxFileBytes)) return 'file-large';
  return undefined;
}

function lastLine(stderr: string): string {
  return stderr.trim().split('\n').at(-1)?.replace(/\p{C}/gu, '').slice(0, 300) ?? '';
}
