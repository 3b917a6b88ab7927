import { createHash, type Hash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { HttpRequest } from '../../core/ports';

export interface BodyResult {
  readonly body?: string;
  readonly size?: number;
  readonly digest?: string;
  readonly diffId?: string;
}

/** Takes a body as it arrives. `push` says whether more is wanted; nothing is held but what was asked for. */
export interface BodySink {
  push(chunk: Buffer): boolean;
  /** `complete`: the body came to its proper end, so its digest means something. */
  end(complete: boolean): Promise<BodyResult>;
  /** Resolves when there is room for more. */
  drained(): Promise<void> | undefined;
}

export function bodySink(want: HttpRequest['want']): BodySink {
  if (want.body === 'none') return { push: () => false, end: () => Promise.resolve({}), drained: () => undefined };
  return want.body === 'text' ? new TextSink(want.maxBytes) : new DigestSink(want.diffId);
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

/** No layer unpacks to more; a gzip bomb ends here without a diff id. */
const maxUnpacked = 32 * 1024 ** 3;

class DigestSink implements BodySink {
  readonly #hash = createHash('sha256');
  #size = 0;
  #unpacked: Unpacked | undefined;

  constructor(private readonly diffId: boolean) {}

  push(chunk: Buffer): boolean {
    if (this.#size === 0 && this.diffId) this.#unpacked = unpackedOf(chunk);
    this.#size += chunk.length;
    this.#hash.update(chunk);
    this.#unpacked?.push(chunk);
    return true;
  }

  drained(): Promise<void> | undefined {
    return this.#unpacked?.drained();
  }

  async end(complete: boolean): Promise<BodyResult> {
    const digest = complete ? { digest: sum(this.#hash) } : {};
    const diffId = complete ? await this.#unpacked?.end() : undefined;
    return { size: this.#size, ...digest, ...(diffId !== undefined && { diffId }) };
  }
}

interface Unpacked {
  push(chunk: Buffer): void;
  drained(): Promise<void> | undefined;
  end(): Promise<string | undefined>;
}

/** By its first bytes, as containerd's compression.DetectCompression: gzip, zstd (Node 20 cannot unpack it), else a plain tar. */
function unpackedOf(first: Buffer): Unpacked | undefined {
  const magic = first.subarray(0, 4).toString('hex');
  if (magic.startsWith('1f8b08')) return new GzipUnpacked();
  return magic === '28b52ffd' ? undefined : new PlainUnpacked();
}

class PlainUnpacked implements Unpacked {
  readonly #hash = createHash('sha256');
  push(chunk: Buffer): void {
    this.#hash.update(chunk);
  }
  drained(): undefined {
    return undefined;
  }
  end(): Promise<string> {
    return Promise.resolve(sum(this.#hash));
  }
}

class GzipUnpacked implements Unpacked {
  readonly #hash = createHash('sha256');
  readonly #gunzip: Gunzip = createGunzip();
  #size = 0;
  #failed = false;
  #full = false;

  constructor() {
    this.#gunzip.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      this.#hash.update(chunk);
      if (this.#size > maxUnpacked) this.#gunzip.destroy(new Error('too large'));
    });
    this.#gunzip.on('error', () => (this.#failed = true));
  }

  push(chunk: Buffer): void {
    if (!this.#failed) this.#full = !this.#gunzip.write(chunk);
  }

  drained(): Promise<void> | undefined {
    if (!this.#full || this.#failed) return undefined;
    return new Promise((resolve) => {
      const go = () => {
        this.#gunzip.off('drain', go).off('close', go);
        resolve();
      };
      this.#gunzip.once('drain', go).once('close', go);
    });
  }

  end(): Promise<string | undefined> {
    if (this.#failed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#gunzip.once('close', () => resolve(this.#failed ? undefined : sum(this.#hash)));
      this.#gunzip.end();
    });
  }
}

function sum(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}
