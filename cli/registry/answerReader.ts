import type { Duplex } from 'node:stream';
import type { NetFailure } from '../../core/ports';
import { reasonOf, StreamFailure } from '../transport/netFailures';

/** More than any proxy needs to say yes or no. */
const maxBytes = 64 * 1024;

/**
 * Reads what a proxy says at the start of a connection that carries something else afterwards: what comes after it is left in the stream.
 * Every read rejects with a StreamFailure when the connection breaks, the time is over, or too much came.
 */
export class AnswerReader {
  #held: Buffer = Buffer.alloc(0);
  #taken = 0;
  #broken: NetFailure | undefined;
  #wake: () => void = () => undefined;
  readonly #timer: NodeJS.Timeout;

  /** `address`: of the proxy, as Go names it when reading breaks. */
  constructor(
    private readonly stream: Duplex,
    private readonly address: string,
    timeoutMs: number,
  ) {
    this.#timer = setTimeout(() => this.#break({ kind: 'deadline' }), timeoutMs);
    stream.on('readable', this.#read).on('end', this.#ended).on('close', this.#ended).on('error', this.#failed);
  }

  /** The next bytes, as io.ReadFull reads them. */
  async bytes(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      if (this.#broken) throw new StreamFailure(this.#held.length > 0 ? inTheMiddle(this.#broken) : this.#broken);
      await this.#more();
    }
    return this.#take(length);
  }

  /** The next line without its end, or all there is of it where the connection ended: textproto.Reader.ReadLine. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf(0x0a);
      if (end >= 0)
        return this.#take(end + 1)
          .toString('latin1')
          .replace(/\r?\n$/, '');
      if (this.#broken && (this.#held.length === 0 || this.#broken.kind !== 'eof')) throw new StreamFailure(inTheMiddle(this.#broken));
      if (this.#broken) return this.#take(this.#held.length).toString('latin1');
      await this.#more();
    }
  }

  /** Lets the connection go, with everything that was not taken. */
  release(): void {
    clearTimeout(this.#timer);
    const { stream } = this;
    stream.off('readable', this.#read).off('end', this.#ended).off('close', this.#ended).off('error', this.#failed);
    if (this.#held.length > 0 && !stream.destroyed && !stream.readableEnded) stream.unshift(this.#held);
  }

  readonly #read = (): void => {
    for (let chunk = this.stream.read() as Buffer | null; chunk !== null; chunk = this.stream.read() as Buffer | null)
      this.#held = Buffer.concat([this.#held, chunk]);
    if (this.#taken + this.#held.length > maxBytes)
      this.#break({ kind: 'unavailable', reason: 'the proxy answered with more than 64 KiB before it made a connection' });
    this.#wake();
  };

  readonly #ended = (): void => this.#break({ kind: 'eof' });

  readonly #failed = (error: Error): void =>
    this.#break(error instanceof StreamFailure ? error.failure : { kind: 'read', address: this.address, reason: reasonOf(error) });

  #break(failure: NetFailure): void {
    this.#broken ??= failure;
    this.#wake();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    this.#taken += length;
    return taken;
  }
}

/** An end where something was still to come. */
function inTheMiddle(failure: NetFailure): NetFailure {
  return failure.kind === 'eof' ? { kind: 'unexpected-eof' } : failure;
}
