/**
 * The other end of askpass.ts: a socket in our private folder through which ssh's questions come to whoever can be asked. ssh starts
 * the program named in SSH_ASKPASS without arguments of ours, so a two-line script in the same folder says how to run it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { quote } from '../../core/probes/quote';
import type { Ask } from './options';

export interface AskpassServer {
  /** What ssh must have in its environment. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

const longestQuestion = 64 * 1024;

export async function startAskpass(folder: string, ask: Ask): Promise<AskpassServer> {
  const windows = process.platform === 'win32';
  const path = windows ? `\\\\.\\pipe\\containerd-runbooks-${randomBytes(12).toString('hex')}` : join(folder, 'ask');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.setEncoding('utf8').on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > longestQuestion) socket.destroy();
    });
    socket.on('end', () => {
      void answer(text, ask).then((line) => socket.end(line));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  const program = await writeProgram(folder, windows);
  return {
    env: { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: process.env['DISPLAY'] ?? ':0', CONTAINERD_RUNBOOKS_ASKPASS: path },
    close: () => void server.close(),
  };
}

/** ssh says by SSH_ASKPASS_PROMPT that it wants no secret: `confirm` a yes or no, `none` only to be shown. */
async function answer(text: string, ask: Ask): Promise<string> {
  try {
    const question: unknown = JSON.parse(text);
    if (typeof question !== 'object' || question === null || !('text' in question) || typeof question.text !== 'string') return 'null';
    const kind = 'kind' in question ? question.kind : '';
    // Before OpenSSH 8.4 nothing but its text tells the question about a host key from one for a passphrase.
    const secret = kind !== 'confirm' && kind !== 'none' && !/\(yes\/no|fingerprint/i.test(question.text);
    return JSON.stringify(await ask({ text: question.text, secret }));
  } catch {
    return 'null';
  }
}

async function writeProgram(folder: string, windows: boolean): Promise<string> {
  const program = join(folder, windows ? 'askpass.cmd' : 'askpass');
  const call = windows
    ? `@set ELECTRON_RUN_AS_NODE=1\r\n@"${process.execPath}" "${askpassBundle()}" %*\r\n`
    : `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quote(process.execPath)} ${quote(askpassBundle())} "$@"\n`;
  await writeFile(program, call, { mode: 0o700 });
  return program;
}

/** Beside cli.js in dist/. A run from source has only the built one of its checkout. */
function askpassBundle(): string {
  const beside = join(__dirname, 'askpass.js');
  return existsSync(beside) ? beside : join(dirname(dirname(__dirname)), 'dist', 'askpass.js');
}
