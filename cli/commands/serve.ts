import type { ServeEvent, ServeRequest } from '../../core/serve';
import type { Catalog } from '../../core/text/message';
import { catalogsFor } from '../../files/language';
import { CallError, stringOption, type Command, type Io } from '../command';
import { createHandlers } from '../serve/handlers';
import { NodePool } from '../serve/nodePool';
import { Requests } from '../serve/requests';

/** The child of a VS Code window: requests come over Node's IPC channel, and it ends when the parent goes. */
export const serveCommand: Command = {
  name: 'serve',
  usage: 'serve [--lang LANG]',
  summary: 'Answers an editor over the IPC channel it was started with. Not for terminals.',
  options: { lang: { type: 'string', value: 'LANG', help: 'Language of messages: that of the editor, whatever the shell speaks.' } },
  async run(line, io) {
    if (!process.send) throw new CallError('serve is started by an editor, over an IPC channel; in a terminal use the other commands');
    await serve(io, catalogsFor(stringOption(line, 'lang')));
    return 0;
  },
};

async function serve(io: Io, catalogs: readonly Catalog[]): Promise<void> {
  const pool = new NodePool(io.env);
  const requests = new Requests(createHandlers(io, pool, catalogs), send, catalogs);
  process.on('message', (request) => requests.receive(request as ServeRequest));
  const gone = new Promise((resolve) => process.once('disconnect', resolve));
  io.cancellation.onCancelled(() => process.disconnect());
  await gone;
  requests.cancelAll();
  await pool.close();
}

/** A parent that is gone hears nothing more; its leaving is noticed by `disconnect`. */
function send(event: ServeEvent): void {
  if (process.connected) process.send?.(event);
}
