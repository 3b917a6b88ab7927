import { Duplex } from 'node:stream';

/** Enough for a status line or a TLS record's header, and for showing what came instead of one. */
const keptBytes = 1024;

/**
 * A connection with a memory: how many bytes have come since `mark`, the first of them, and what broke it. TLS and HTTP parsers tell
 * too little about input that is neither.
 */
export class Tap extends Duplex {
  received = 0;
  start: Buffer = Buffer.alloc(0);
  failure: Error | undefined;

  constructor(private readonly inner: Duplex) {
    super({ allowHalfOpen: true });
    inner.on('data', (chunk: Buffer) => {
      if (this.start.length < keptBytes) this.start = Buffer.concat([this.start, chunk.subarray(0, keptBytes - this.start.length)]);
      this.received += chunk.length;
      if (!this.push(chunk)) inner.pause();
    });
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => this.#broken(error));
    inner.on('close', () => {
      if (!this.destroyed && !inner.readableEnded) this.#broken(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    inner.pause();
  }

  mark(): void {
    this.received = 0;
    this.start = Buffer.alloc(0);
  }

  override _read(): void {
    this.inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.inner.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.inner.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.inner.destroy();
    done(error);
  }

  #broken(error: Error): void {
    this.failure ??= error;
    this.destroy(error);
  }
}
