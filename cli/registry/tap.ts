import { Duplex } from 'node:stream';

/** Enough for a status line or a TLS record's header, and for showing what came instead of one. */
const keptBytes = 1024;
/** A longer head of an answer is passed on as it is. */
const maxHeadBytes = 64 * 1024;
const version = Buffer.from('HTTP/1.1 ');
/** What undici says in each request and Go in none: a proxy that passes it on makes a difference of it. */
const keepAlive = Buffer.from('\r\nconnection: keep-alive');

/**
 * A connection with a memory: how many bytes have come since `mark`, the first of them, and what broke it. TLS and HTTP parsers tell
 * too little about input that is neither.
 */
export class Tap extends Duplex {
  received = 0;
  start: Buffer = Buffer.alloc(0);
  failure: Error | undefined;
  #readHead: ((head: string) => string) | undefined;
  /** A request begins with what is written next. */
  #begins = false;
  /** What has come of a head that is not whole. */
  #held: Buffer = Buffer.alloc(0);

  constructor(private readonly inner: Duplex) {
    super({ allowHalfOpen: true });
    inner.on('data', (chunk: Buffer) => {
      if (this.start.length < keptBytes) this.start = Buffer.concat([this.start, chunk.subarray(0, keptBytes - this.start.length)]);
      this.received += chunk.length;
      const read = this.#readHead ? this.#whole(chunk) : chunk;
      if (read.length > 0 && !this.push(read)) inner.pause();
    });
    inner.on('end', () => {
      if (this.#held.length > 0) this.push(this.#held);
      this.push(null);
    });
    inner.on('error', (error) => this.#broken(error));
    inner.on('close', () => {
      if (!this.destroyed && !inner.readableEnded) this.#broken(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    inner.pause();
  }

  /** A request goes out now, as Go writes it, and an answer comes, whose head is read as `readHead` gives it. */
  mark(readHead?: (head: string) => string): void {
    this.#begins = true;
    this.received = 0;
    this.start = Buffer.alloc(0);
    this.#readHead = readHead;
  }

  override _read(): void {
    this.inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const at = this.#begins ? chunk.indexOf(keepAlive) : -1;
    this.#begins = false;
    this.inner.write(at < 0 ? chunk : Buffer.concat([chunk.subarray(0, at), chunk.subarray(at + keepAlive.length)]), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.inner.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.inner.destroy();
    done(error);
  }

  /** Nothing until the head is whole, then all of it. What is none comes as it is. */
  #whole(chunk: Buffer): Buffer {
    const all = Buffer.concat([this.#held, chunk]);
    const end = all.indexOf('\r\n\r\n');
    const isHead = all.subarray(0, version.length).equals(version.subarray(0, all.length)) && !all.includes('\n\n');
    const isHeld = end < 0 && isHead && all.length < maxHeadBytes;
    this.#held = isHeld ? all : Buffer.alloc(0);
    if (isHeld) return this.#held.subarray(0, 0);
    const head = end < 0 ? undefined : this.#readHead?.(all.subarray(0, end).toString('latin1'));
    this.#readHead = undefined;
    return head === undefined ? all : Buffer.concat([Buffer.from(head, 'latin1'), all.subarray(end)]);
  }

  #broken(error: Error): void {
    this.failure ??= error;
    this.destroy(error);
  }
}
