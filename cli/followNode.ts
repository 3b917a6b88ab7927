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
  let arrived: string[] = [];
  let wake: () => void = () => undefined;
  const onStdout = (chunk: string): void => {
    arrived.push(chunk);
    wake();
  };
  let isOver = false;
  const running = node.run(followScript, { timeoutMs: longestMs, cancellation: ending, onStdout, endless: true }).finally(() => {
    isOver = true;
    wake();
  });
  running.catch(() => undefined);
  let rest = '';
  try {
    while (!isOver || arrived.length > 0) {
      const lines = (rest + arrived.join('')).split('\n');
      arrived = [];
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') yield line;
      if (arrived.length === 0 && !isOver) await new Promise<void>((resolve) => (wake = resolve));
    }
    const { status } = await running;
    if (status === 'exited') throw new CallError(`${node.name}: there is no journal and no log of containerd to follow, or it went away`);
  } finally {
    release();
    ending.cancel();
    await running.catch(() => undefined);
  }
}
