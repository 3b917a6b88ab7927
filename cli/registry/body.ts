import { createHash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import type { HttpRequest, NetFailure } from '../../core/ports';
import { PlainUnpacked, sum, unpackedOf, type Unpacked } from './unpacked';

export interface BodyResult {
  readonly body?: string;
  readonly size?: number;
  readonly digest?: string;
  readonly diffId?: string;
  readonly archiveError?: string;
  /** The bytes came, and could not be unpacked. */
  readonly bodyFailure?: NetFailure;
}

/** Takes a body as it arrives. `push` says whether more is wanted; nothing is held but what was asked for. */
export interface BodySink {
  push(chunk: Buffer): boolean;
  /** `complete`: the body came to its proper end, so that what it holds can be told. */
  end(complete: boolean): Promise<BodyResult>;
  /** Resolves when there is room for more. */
  drained(): Promise<void> | undefined;
}

export function bodySink(want: HttpRequest['want']): BodySink {
  if (want.body === 'none') return { push: () => false, end: () => Promise.resolve({}), drained: () => undefined };
  return want.body === 'text' ? new TextSink(want.maxBytes) : new DigestSink(want.diffId, want.plain);
}

class TextSink implements BodySink {
  readonly #hash = createHash('sha256');
  readonly #decoder = new StringDecoder('utf8');
  #text = '';
  #size = 0;

  constructor(private readonly maxBytes: number) {}

  push(chunk: Buffer): boolean {
    const part = chunk.subarray(0, Math.max(0, this.maxBytes - this.#size));
    this.#size += part.length;
    this.#hash.update(part);
    this.#text += this.#decoder.write(part);
    return part.length === chunk.length;
  }

  drained(): undefined {
    return undefined;
  }

  end(complete: boolean): Promise<BodyResult> {
    const body = this.#text + this.#decoder.end();
    return Promise.resolve({ body, size: this.#size, ...(complete && { digest: sum(this.#hash) }) });
  }
}

class DigestSink implements BodySink {
  readonly #hash = createHash('sha256');
  #size = 0;
  #unpacked: Unpacked | undefined;

  constructor(
    private readonly diffId: boolean,
    private readonly plain = false,
  ) {}

  push(chunk: Buffer): boolean {
    if (this.#size === 0 && this.diffId) this.#unpacked = this.plain ? new PlainUnpacked() : unpackedOf(chunk);
    this.#size += chunk.length;
    this.#hash.update(chunk);
    this.#unpacked?.push(chunk);
    return true;
  }

  drained(): Promise<void> | undefined {
    return this.#unpacked?.drained();
  }

  async end(complete: boolean): Promise<BodyResult> {
    const unpacked = complete ? await this.#unpacked?.end() : undefined;
    return { size: this.#size, digest: sum(this.#hash), ...unpacked };
  }
}
