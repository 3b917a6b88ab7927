import { main, processIo } from './main';

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    // The terminal was closed, which SIGHUP says too: what runs on a node is still to be ended.
    if (error.code !== 'EIO') throw error;
  });

void main(process.argv.slice(2), processIo()).then((status) => {
  process.exitCode = status;
});
