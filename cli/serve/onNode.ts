import type { Duplex } from 'node:stream';
import type { OnNode } from '../../core/nodeFiles';
import type { Node } from '../../core/ports';
import type { NodePool } from './nodePool';
import type { Session } from './session';

/** One step from beginning to end, over the pool's connection. */
export function onNode<T>(
  pool: NodePool,
  { node: name, sshConfig }: OnNode,
  session: Session,
  label: string,
  work: (node: Node<Duplex>) => Promise<T>,
): Promise<T> {
  session.step({ id: 'connect', label: `Connect to ${name}`, status: 'running' });
  return pool.with(name, sshConfig, session, async (node) => {
    session.step({ id: 'connect', label: `Connect to ${name}`, status: 'pass' });
    session.step({ id: 'work', label, status: 'running' });
    const result = await work(node);
    session.step({ id: 'work', label, status: 'pass' });
    return result;
  });
}
