import type { Duplex } from 'node:stream';
import type { Node } from '../../core/ports';
import { printableText } from '../../core/text/display';
import { message } from '../../core/text/message';
import { CallError } from '../command';
import { connectExec } from './exec';
import { localNode } from './local';
import type { ConnectOptions } from './options';
import { connectRecorded } from './recorded';
import { connectSsh } from './ssh';

export type { Ask, ConnectOptions, Question } from './options';

/** Opens `local`, an ssh destination (which a command may follow: see connectSsh), `exec:PREFIX` or `recorded:FILE`. Every failure is a CallError that says what happened and what to do. */
export async function connect(name: string, options: ConnectOptions): Promise<Node<Duplex>> {
  if (name === 'local') return localNode({ ...options.env });
  if (name.startsWith('exec:')) return connectExec(name, options);
  if (name.startsWith('recorded:')) return connectRecorded(name, options.cwd);
  if (name.trim() === '' || /\p{C}/u.test(name)) throw new CallError(message('failure/no-node', { node: printableText(name) }));
  return connectSsh(name.trim(), options);
}
