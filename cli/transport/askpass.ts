/** What ssh runs to ask a person (SSH_ASKPASS): hands the question to the program that started ssh and prints the answer. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

async function main(): Promise<number> {
  const path = process.env['CONTAINERD_RUNBOOKS_ASKPASS'];
  if (path === undefined || path === '') return 1;
  const socket = connect(path);
  socket.end(JSON.stringify({ text: process.argv[2] ?? '', kind: process.env['SSH_ASKPASS_PROMPT'] ?? '' }));
  const answer: unknown = JSON.parse(await text(socket));
  if (typeof answer !== 'string') return 1;
  process.stdout.write(`${answer}\n`);
  return 0;
}

main().then(
  (status) => (process.exitCode = status),
  () => (process.exitCode = 1),
);
