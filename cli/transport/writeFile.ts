import type { Cancellation, Node } from '../../core/ports';
import { asWriter, createScript, removeScript, replaceScript } from './writeFileScript';

const timeoutMs = 30_000;
/** Nothing containerd reads as configuration comes near. */
export const maxFileBytes = 1024 * 1024;

export type WriteOutcome =
  | { readonly status: 'written'; readonly backup: string | null; readonly sudo: boolean }
  /** Somebody else changed or removed it since `base` was read. Nothing was written. */
  | { readonly status: 'changed' | 'missing' }
  /** Nothing was written. */
  | { readonly status: 'refused'; readonly reason: string }
  /** The connection or the time ran out in the middle: the file holds the old text or the new one. */
  | { readonly status: 'unknown'; readonly reason: string };

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
  if (unfit !== undefined) return { status: 'refused', reason: unfit };
  const result = await node.run(asWriter(change.path), {
    timeoutMs,
    stdin: scriptOf(change),
    ...(cancellation && { cancellation }),
  });
  if (result.status !== 'exited')
    return { status: 'unknown', reason: result.status === 'timeout' ? 'the node did not answer in time' : 'cancelled' };
  const [who = '', status = '', ...rest] = result.stdout.split('\n');
  if (who === 'no-sudo')
    return { status: 'refused', reason: 'the login user may not replace it, and "sudo -n" needs a password or is not there' };
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
      return { status, reason: said === '' ? detail : `${detail}: ${said}` };
    case 'unverified':
      return { status: 'unknown', reason: `it reads differently from what was written; the old text is in ${detail}` };
    default:
      return { status: 'unknown', reason: said === '' ? 'the node gave no answer that could be read' : said };
  }
}

/** A shell's variables hold no NUL, and bytes that are no UTF-8 were lost when the file was read. */
function unfitReason({ path, base, text }: NodeFileChange): string | undefined {
  if (!path.startsWith('/') || path.endsWith('/') || path.includes('\0')) return 'it is no absolute path of a file';
  const texts = [base ?? '', text ?? ''];
  if (texts.some((one) => one.includes('\0'))) return 'it holds a NUL byte';
  if (base?.includes('\ufffd') === true) return 'it holds bytes that are no UTF-8';
  if (texts.some((one) => Buffer.byteLength(one) > maxFileBytes)) return 'it is larger than 1 MiB';
  return undefined;
}

function lastLine(stderr: string): string {
  return stderr.trim().split('\n').at(-1)?.replace(/\p{C}/gu, '').slice(0, 300) ?? '';
}
