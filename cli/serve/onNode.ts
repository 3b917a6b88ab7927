import type { Duplex } from 'node:stream';
import type { OnNode } from '../../core/nodeFiles';
import { englishCatalog } from '../../core/catalog';
import type { Node } from '../../core/ports';
import { message, render, type Catalog, type Message } from '../../core/text/message';
import type { NodePool } from './nodePool';
import type { Session } from './session';

/** Where nodes come from, and what is said of them in the language of the editor. */
export interface NodesAndWords {
  readonly pool: NodePool;
  readonly catalogs: readonly Catalog[];
}

/** One step from beginning to end, over the pool's connection. */
export function onNode<T>(
  { pool, catalogs }: NodesAndWords,
  { node: name, sshConfig }: OnNode,
  session: Session,
  label: Message,
  work: (node: Node<Duplex>) => Promise<T>,
): Promise<T> {
  const connect = { id: 'connect', label: labelIn(catalogs, message('what/connect', { node: name })) };
  const step = { id: 'work', label: labelIn(catalogs, label) };
  session.step({ ...connect, status: 'running' });
  return pool.with(name, sshConfig, session, async (node) => {
    session.step({ ...connect, status: 'pass' });
    session.step({ ...step, status: 'running' });
    const result = await work(node);
    session.step({ ...step, status: 'pass' });
    return result;
  });
}

export function labelIn(catalogs: readonly Catalog[], label: Message): string {
  return render(label, ...catalogs, englishCatalog);
}
