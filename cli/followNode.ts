import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Cancellation, Node } from '../core/ports';
import { followScript } from '../core/probes/journal';
import { CallError } from './command';
import { CancellationSource } from './serve/session';

/** A watch that somebody forgot ends by itself. */
const longestMs = 12 * 60 * 60 * 1000;

/** What is said of pulls on a node from now on, line by line, until cancelled. */
export async function* followNode(node: Node, cancellation: Cancellation): AsyncGenerator<string> {
  const ending = new CancellationSource();
  const release = cancellation.onCancelled(() => ending.cancel());
  if (cancellation.cancelled) ending.cancel();
  const journal = new PassThrough();
  const running = node
    .run(followScript, { timeoutMs: longestMs, cancellation: ending, onStdout: (chunk) => void journal.write(chunk), endless: true })
    .finally(() => journal.end());
  running.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: journal, crlfDelay: Infinity })) if (line.trim() !== '') yield line;
    const { status } = await running;
    if (status === 'exited') throw new CallError(`${node.name}: there is no journal and no log of containerd to follow, or it went away`);
  } finally {
    release();
    ending.cancel();
    await running.catch(() => undefined);
  }
}
