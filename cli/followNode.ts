import type { Cancellation, Node } from '../core/ports';
import { followScript } from '../core/probes/journal';
import { CallError } from './command';
import { nodeLines } from './nodeLines';

/** A watch that somebody forgot ends by itself. */
const longestMs = 12 * 60 * 60 * 1000;

/** What is said of pulls on a node from now on, line by line, until cancelled. */
export async function* followNode(node: Node, cancellation: Cancellation): AsyncGenerator<string> {
  const status = yield* nodeLines(node, followScript, longestMs, cancellation);
  if (status === 'exited') throw new CallError(`${node.name}: there is no journal and no log of containerd to follow, or it went away`);
}
