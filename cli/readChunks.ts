import { closeSync, createReadStream, fstatSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { isatty, ReadStream } from 'node:tty';
import { TextDecoder } from 'node:util';
import type { Cancellation } from '../core/ports';

const chunkBytes = 1 << 20;

/**
 * The bytes of an open file, a pipe or a terminal, until it ends or is cancelled. A file is read without the event loop's detour, in a
 * third of the time, with a pause after each chunk in which a signal is heard; a chunk is overwritten by the next one.
 */
export async function* readChunks(descriptor: number, cancellation: Cancellation): AsyncGenerator<Uint8Array> {
  if (!fstatSync(descriptor).isFile()) {
    yield* streamed(descriptor, cancellation);
    return;
  }
  const chunk = Buffer.allocUnsafe(chunkBytes);
  // As long as there is a listener, a signal does not end the process: what was read so far is still told.
  const release = cancellation.onCancelled(() => undefined);
  try {
    for (let length = readSync(descriptor, chunk); length > 0 && !cancellation.cancelled; length = readSync(descriptor, chunk)) {
      yield chunk.subarray(0, length);
      await setImmediate();
    }
  } finally {
    release();
    closeSync(descriptor);
  }
}

async function* streamed(descriptor: number, cancellation: Cancellation): AsyncGenerator<Uint8Array> {
  const stream = streamOf(descriptor);
  const release = cancellation.onCancelled(() => stream.destroy());
  try {
    yield* stream;
  } catch (error) {
    if (!cancellation.cancelled) throw error;
  } finally {
    release();
  }
}

/** What may be silent for long must not be read by a thread of its own, which the end of the process would wait for. */
function streamOf(descriptor: number): Readable {
  const stat = fstatSync(descriptor);
  if (isatty(descriptor)) return new ReadStream(descriptor);
  if (stat.isFIFO() || stat.isSocket()) return new Socket({ fd: descriptor, readable: true, writable: false });
  return createReadStream('', { fd: descriptor, highWaterMark: chunkBytes });
}

/** UTF-16, as PowerShell writes what it redirects, becomes UTF-8; every other text stays as it is. */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | null | undefined;
  for await (const chunk of chunks) {
    if (decoder === undefined) decoder = decoderOf(chunk);
    yield decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
  }
}

function decoderOf(chunk: Uint8Array): TextDecoder | null {
  const [first, second] = chunk;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  return decoderOfUnmarked(chunk.subarray(0, SAMPLE));
}

/** So much shows whether a text without a mark is UTF-16. */
const SAMPLE = 512;

/** Of a log in UTF-16 nearly every second byte is NUL; no other text has any. */
function decoderOfUnmarked(sample: Uint8Array): TextDecoder | null {
  const pairs = Math.floor(sample.length / 2);
  const zeros = (odd: number): number => sample.filter((byte, i) => byte === 0 && i % 2 === odd).length;
  const [even, odd] = [zeros(0), zeros(1)];
  if (pairs === 0 || Math.max(even, odd) < pairs * 0.75 || Math.min(even, odd) > 0) return null;
  return new TextDecoder(odd > even ? 'utf-16le' : 'utf-16be');
}
