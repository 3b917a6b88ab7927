import { randomBytes } from 'node:crypto';
import type { Cancellation, Node } from '../core/ports';
import { followScript } from '../core/probes/journal';
import { message, type Message } from '../core/text/message';
import { CallError } from './command';
import { nodeLines } from './nodeLines';

/** A watch that somebody forgot ends by itself. */
const longestMs = 12 * 60 * 60 * 1000;

/**
 * What is said of pulls on a node from now on, line by line, until cancelled. `say` is told of what is not followed, or not any more, while
 * something else is.
 */
export async function* followNode(node: Node, cancellation: Cancellation, say: (message: Message) => void): AsyncGenerator<string> {
  const marker = `@@${randomBytes(12).toString('hex')} `;
  const followed = new Set<string>();
  let began = false;
  let refused: readonly string[] = [];
  const lines = nodeLines(node, followScript(marker.trim()), longestMs, cancellation);
  let next = await lines.next();
  for (; next.done !== true; next = await lines.next()) {
    if (!next.value.startsWith(marker)) {
      yield next.value;
      continue;
    }
    const [, what, source = ''] = /^(begins|ends|refused) (.{1,1000})$/.exec(next.value.slice(marker.length)) ?? [];
    if (what === 'begins') {
      began = true;
      followed.add(source);
      for (const why of refused) say(message('follow/refused', { why }));
      refused = [];
    } else if (what === 'refused') refused = [...refused, source];
    else if (followed.delete(source) && followed.size > 0)
      say(message('follow/ended', { source, node: node.name, left: [...followed].join(', ') }));
  }
  if (next.value === 'exited') throw new CallError(nothingLeft(node.name, began, refused));
}

function nothingLeft(node: string, began: boolean, refused: readonly string[]): Message {
  if (began) return message('failure/ended-journal', { node });
  if (refused.length === 0) return message('failure/no-followed-journal', { node });
  return message('failure/closed-journal', { node, why: refused.join(', ') });
}
