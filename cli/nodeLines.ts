import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Cancellation, Node, RunResult } from '../core/ports';
import { CancellationSource } from './serve/session';

/**
 * What a script prints on a node, line by line as it comes, without the empty ones; at the end, how the script ended. It runs beside other
 * scripts of the node, and is ended when nobody reads on.
 */
export async function* nodeLines(
  node: Node,
  script: string,
  timeoutMs: number,
  cancellation: Cancellation,
): AsyncGenerator<string, RunResult['status']> {
  const ending = new CancellationSource();
  const release = cancellation.onCancelled(() => ending.cancel());
  if (cancellation.cancelled) ending.cancel();
  const printed = new PassThrough();
  const running = node
    .run(script, { timeoutMs, cancellation: ending, onStdout: (chunk) => void printed.write(chunk), endless: true })
    .finally(() => printed.end());
  running.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: printed, crlfDelay: Infinity })) if (line.trim() !== '') yield line;
    return (await running).status;
  } finally {
    release();
    ending.cancel();
    await running.catch(() => undefined);
  }
}
