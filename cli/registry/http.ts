import type { Duplex } from 'node:stream';
import type { Node, SendRequest } from '../../core/ports';

export interface HttpOptions {
  readonly node: Node<Duplex>;
  /** Reads a file of the node (a CA, a client certificate or key); rejects when it cannot be read. */
  readFile(path: string): Promise<string>;
  /** The node's own trust store as PEM text; asked for once, at the first verified connection. */
  systemCa(): Promise<string>;
  readonly tlsHandshakeTimeoutMs?: number;
}

/** A SendRequest whose requests leave from the node's own network. Connections are kept for reuse until `close`. */
export interface Http {
  readonly send: SendRequest;
  close(): Promise<void>;
}

export function createHttp(_options: HttpOptions): Http {
  return { send: () => Promise.reject(new Error('not yet')), close: () => Promise.resolve() };
}
