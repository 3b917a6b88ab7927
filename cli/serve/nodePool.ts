import type { Duplex } from 'node:stream';
import type { Node } from '../../core/ports';
import { CallError } from '../command';
import { connect, type Question } from '../transport';
import { CancellationSource, type Session } from './session';

interface Entry {
  readonly node: Promise<Node<Duplex>>;
  readonly connecting: CancellationSource;
  /** The requests that use the connection, the latest last. */
  readonly users: Set<Session>;
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
    const entry = this.entries.get(key) ?? this.connect(key, name, sshConfig);
    entry.users.add(session);
    const release = session.cancellation.onCancelled(() => {
      if (waiting(entry).length === 0) entry.connecting.cancel();
    });
    try {
      return await use(await entry.node);
    } catch (error) {
      // Other errors are the request's own.
      if (error instanceof CallError && this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    } finally {
      release();
      entry.users.delete(session);
      // Another request may still be using it, and finds out by itself what is wrong with it.
      if (this.entries.get(key) !== entry && entry.users.size === 0) await close(entry);
    }
  }

  async close(): Promise<void> {
    const entries = [...this.entries.values()];
    this.entries.clear();
    await Promise.all(entries.map(close));
  }

  private connect(key: string, name: string, sshConfig: string | undefined): Entry {
    const connecting = new CancellationSource();
    const users = new Set<Session>();
    const node = this.open(name, {
      ...(sshConfig === undefined ? {} : { sshConfig }),
      env: this.env,
      cancellation: connecting,
      prompt: (question) => ask({ users }, question),
    });
    const entry = { node, connecting, users };
    this.entries.set(key, entry);
    return entry;
  }
}

/** Who has not left yet. */
function waiting({ users }: Pick<Entry, 'users'>): readonly Session[] {
  return [...users].filter(({ cancellation }) => !cancellation.cancelled);
}

/** Asks whom the latest request is of. A request that is cancelled meanwhile takes its question along: then it is put to the next. */
async function ask(entry: Pick<Entry, 'users'>, question: Question): Promise<string | null> {
  const asked = waiting(entry).at(-1);
  if (!asked) return null;
  const answer = await asked.ask(question);
  return asked.cancellation.cancelled ? ask(entry, question) : answer;
}

async function close({ node }: Entry): Promise<void> {
  const opened = await node.catch(() => undefined);
  await opened?.close().catch(() => undefined);
}
