import type { Gunzip, InflateRaw } from 'node:zlib';

/** A stream that unpacks: written to as fast as it takes, and its end is waited for. `take` may ask for a pause. */
export class Decoder {
  #failure: (Error & { readonly code?: string }) | undefined;
  #full = false;

  constructor(
    private readonly stream: Gunzip | InflateRaw,
    take: (chunk: Buffer) => Promise<void> | undefined,
  ) {
    stream.on('data', (chunk: Buffer) => {
      const room = take(chunk);
      if (!room) return;
      stream.pause();
      void room.then(() => stream.resume());
    });
    stream.on('error', (error) => (this.#failure = error));
  }

  get failure(): boolean {
    return this.#failure !== undefined;
  }

  push(chunk: Buffer): void {
    if (!this.#failure && !this.stream.destroyed) this.#full = !this.stream.write(chunk);
  }

  /** Resolves when there is room for more. */
  drained(): Promise<void> | undefined {
    if (!this.#full || this.#failure || this.stream.destroyed) return undefined;
    return new Promise((resolve) => {
      const go = () => {
        this.stream.off('drain', go).off('close', go);
        resolve();
      };
      this.stream.once('drain', go).once('close', go);
    });
  }

  /** Nothing more is wanted; with a reason that is a failure. */
  stop(reason?: Error): void {
    this.stream.destroy(reason);
  }

  end(): Promise<void> {
    if (this.#failure || this.stream.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.stream.once('close', resolve);
      if (!this.stream.destroyed) this.stream.end();
    });
  }

  /**
   * What compress/gzip says of the failure; undefined without one. Where the stream is broken in itself Go names an offset, which zlib
   * does not tell: then it is empty.
   */
  words(): string | undefined {
    if (!this.#failure) return undefined;
    const { code, message } = this.#failure;
    if (code === 'Z_BUF_ERROR') return 'unexpected EOF';
    if (message === 'incorrect header check') return 'gzip: invalid header';
    return message === 'incorrect data check' || message === 'incorrect length check' ? 'gzip: invalid checksum' : '';
  }
}
