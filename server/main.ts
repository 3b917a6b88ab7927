/** The language server's entry point: node IPC when the client forked it so, standard input and output otherwise. */
import { createConnection, IPCMessageReader, IPCMessageWriter, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './serve';

const connection = process.argv.includes('--node-ipc')
  ? createConnection(ProposedFeatures.all, new IPCMessageReader(process), new IPCMessageWriter(process))
  : createConnection(ProposedFeatures.all, process.stdin, process.stdout);

// Standard output belongs to the protocol: what anything else prints there goes to the client's log.
console.log = (...values: unknown[]) => connection.console.log(values.map(String).join(' '));

serve(connection);
