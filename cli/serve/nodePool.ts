import type { Duplex } from 'node:stream';
import type { Node } from '../../core/ports';
import { CallError } from '../command';
import { connect, type Ask } from '../transport';
import type { Session } from './session';

interface Entry {
  readonly node: Promise<Node<Duplex>>;
  /** Who is asked when ssh has a question: the request that uses the connection last. */
  asker: Ask;
}

/** Connections that stay open between requests, so that the second diagnosis of a node starts at once and asks for no passphrase. */
export class NodePool {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly open: typeof connect = connect,
  ) {}

  /** Gives the node to `use`. A connection that failed is not kept: the next request opens a new one. */
  async with<T>(name: string, sshConfig: string | undefined, session: Session, use: (node: Node<Duplex>) => Promise<T>): Promise<T> {
    const key = JSON.stringify([name, sshConfig]);
    const entry = this.entries.get(key) ?? this.connect(key, name, sshConfig, session);
    entry.asker = session.ask;
    try {
      return await use(await entry.node);
    } catch (error) {
      // Other errors are the request's own: another request may be using the connection.
      if (error instanceof CallError) await this.drop(key, entry);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.entries].map(([key, entry]) => this.drop(key, entry)));
  }

  private connect(key: string, name: string, sshConfig: string | undefined, session: Session): Entry {
    const entry: Entry = {
      asker: session.ask,
      node: this.open(name, {
        ...(sshConfig === undefined ? {} : { sshConfig }),
        env: this.env,
        cancellation: session.cancellation,
        prompt: (question) => entry.asker(question),
      }),
    };
    this.entries.set(key, entry);
    return entry;
  }

  private async drop(key: string, entry: Entry): Promise<void> {
    if (this.entries.get(key) === entry) this.entries.delete(key);
    const node = await entry.node.catch(() => undefined);
    await node?.close().catch(() => undefined);
  }
}
