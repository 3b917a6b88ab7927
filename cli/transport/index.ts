import type { Duplex } from 'node:stream';
import type { Cancellation, Node } from '../../core/ports';
import { CallError } from '../command';
import { connectExec } from './exec';
import { localNode } from './local';
import { connectSsh } from './ssh';

/** What ssh wants to know from a person: a passphrase, a one-time code, whether to trust a host key. Null takes the question back. */
export interface Question {
  readonly text: string;
  /** The answer must not be shown while it is typed. */
  readonly secret: boolean;
}
export type Ask = (question: Question) => Promise<string | null>;

export interface ConnectOptions {
  /** `--ssh-config`: given to ssh as `-F`. */
  readonly sshConfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cancellation?: Cancellation;
  /** `terminal`: ssh asks on the terminal itself. Absent: nobody can be asked, so a question is a failure (BatchMode). */
  readonly prompt?: Ask | 'terminal';
}

/** Opens `local`, an ssh destination or `exec:PREFIX`. Every failure is a CallError that says what happened and what to do. */
export async function connect(name: string, options: ConnectOptions): Promise<Node<Duplex>> {
  if (name === 'local') return localNode({ ...options.env });
  if (name.startsWith('exec:')) return connectExec(name, options);
  if (name.trim() === '' || /[\p{C}\s]/u.test(name))
    throw new CallError(`"${name}" is no node; give "local", an ssh destination, or "exec:" and a command`);
  return connectSsh(name, options);
}
