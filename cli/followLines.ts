import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import type { Cancellation } from '../core/ports';

const POLL_MS = 200;
const CHUNK = 65_536;

/**
 * The lines of an open file, and those that are added to it, until cancelled. A file that shrinks, or is replaced as log rotation does
 * it, is read from its start.
 */
export async function* followLines(path: string, descriptor: number, cancellation: Cancellation): AsyncGenerator<string> {
  let file = opened(descriptor);
  try {
    while (!cancellation.cancelled) {
      const lines = nextLines(file);
      if (lines !== null) yield* lines;
      else if (isReplaced(path, file)) {
        closeSync(file.descriptor);
        file = opened(openSync(path, 'r'));
      } else await sleep(cancellation);
    }
    if (file.rest !== '') yield file.rest;
  } finally {
    closeSync(file.descriptor);
  }
}

/** The lines of standard input until it ends or the user interrupts. */
export function inputLines(cancellation: Cancellation): AsyncIterable<string> {
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  lines.once(
    'close',
    cancellation.onCancelled(() => lines.close()),
  );
  return lines;
}

interface OpenFile {
  readonly descriptor: number;
  readonly inode: number;
  readonly decoder: StringDecoder;
  offset: number;
  rest: string;
}

function opened(descriptor: number): OpenFile {
  return { descriptor, inode: fstatSync(descriptor).ino, decoder: new StringDecoder('utf8'), offset: 0, rest: '' };
}

/** The next complete lines; null at the end of what there is. */
function nextLines(file: OpenFile): readonly string[] | null {
  const buffer = Buffer.alloc(CHUNK);
  const read = readSync(file.descriptor, buffer, 0, CHUNK, file.offset);
  if (read === 0) return null;
  file.offset += read;
  const lines = (file.rest + file.decoder.write(buffer.subarray(0, read))).split('\n');
  file.rest = lines.pop() ?? '';
  return lines.map((one) => one.replace(/\r$/, ''));
}

function isReplaced(path: string, file: OpenFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && (now.ino !== file.inode || now.size < file.offset);
}

function sleep(cancellation: Cancellation): Promise<void> {
  return new Promise((done) => {
    const finish = (): void => {
      clearTimeout(timer);
      forget();
      done();
    };
    const timer = setTimeout(finish, POLL_MS);
    const forget = cancellation.onCancelled(finish);
  });
}
