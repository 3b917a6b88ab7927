import type { Cancellation, Node } from '../../core/ports';
import { asWriter, replaceScript, type Replacement } from './writeFileScript';

const timeoutMs = 30_000;
/** Nothing containerd reads as configuration comes near. */
export const maxFileBytes = 1024 * 1024;

export type WriteOutcome =
  | { readonly status: 'written'; readonly backup: string; readonly sudo: boolean }
  /** Somebody else changed or removed it since `base` was read. Nothing was written. */
  | { readonly status: 'changed' | 'missing' }
  /** Nothing was written. */
  | { readonly status: 'refused'; readonly reason: string }
  /** The connection or the time ran out in the middle: the file holds the old text or the new one. */
  | { readonly status: 'unknown'; readonly reason: string };

/**
 * Replaces the text of a file on a node, which must still be `base`. Only to be called for a change that a person has seen and confirmed.
 * Whatever breaks off in the middle, the file holds the old bytes or the new ones, and a copy of the old ones stays beside it.
 */
export async function writeNodeFile(node: Node, replacement: Replacement, cancellation?: Cancellation): Promise<WriteOutcome> {
  const unfit = unfitReason(replacement);
  if (unfit !== undefined) return { status: 'refused', reason: unfit };
  const result = await node.run(asWriter(replacement.path), {
    timeoutMs,
    stdin: replaceScript(replacement),
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

function outcomeOf(status: string, detail: string, sudo: boolean, said: string): WriteOutcome {
  switch (status) {
    case 'written':
      return { status, backup: detail, sudo };
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
function unfitReason({ path, base, text }: Replacement): string | undefined {
  if (!path.startsWith('/') || path.endsWith('/') || path.includes('\0')) return 'it is no absolute path of a file';
  if (base.includes('\0') || text.includes('\0')) return 'it holds a NUL byte';
  if (base.includes('\ufffd')) return 'it holds bytes that are no UTF-8';
  if (Buffer.byteLength(base) > maxFileBytes || Buffer.byteLength(text) > maxFileBytes) return 'it is larger than 1 MiB';
  return undefined;
}

function lastLine(stderr: string): string {
  return stderr.trim().split('\n').at(-1)?.replace(/\p{C}/gu, '').slice(0, 300) ?? '';
}
