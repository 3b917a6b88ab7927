import { createHash, type Hash } from 'node:crypto';
import { Decoder } from './decoder';

/** What a layer unpacks to: its diff id, or why it is no archive. */
export interface UnpackedResult {
  readonly diffId?: string;
  readonly archiveError?: string;
}

export interface Unpacked {
  push(chunk: Buffer): void;
  drained(): Promise<void> | undefined;
  end(): Promise<UnpackedResult>;
}

/** By its first bytes, as containerd's compression.DetectCompression: gzip, zstd (Node 20 cannot unpack it), else a plain tar. */
export function unpackedOf(first: Buffer): Unpacked | undefined {
  const magic = first.subarray(0, 4).toString('hex');
  if (magic.startsWith('1f8b08')) return new GzipUnpacked();
  return magic === '28b52ffd' ? undefined : new PlainUnpacked();
}

export function sum(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}

/** No layer unpacks to more; a gzip bomb ends here without a diff id. */
const maxUnpacked = 32 * 1024 ** 3;

const blockBytes = 512;

/** The digest of a tar, with a look at its first header. */
class Archive {
  readonly #hash = createHash('sha256');
  #first: Buffer = Buffer.alloc(0);
  size = 0;

  push(chunk: Buffer): void {
    if (this.#first.length < blockBytes) this.#first = Buffer.concat([this.#first, chunk.subarray(0, blockBytes - this.#first.length)]);
    this.size += chunk.length;
    this.#hash.update(chunk);
  }

  result(): UnpackedResult {
    const archiveError = headerError(this.#first);
    return { diffId: sum(this.#hash), ...(archiveError !== undefined && { archiveError }) };
  }
}

/** archive/tar Reader.readHeader on the first block. An empty layer is a good one. */
function headerError(block: Buffer): string | undefined {
  if (block.length === 0 || (block.length === blockBytes && block.every((byte) => byte === 0))) return undefined;
  if (block.length < blockBytes) return 'unexpected EOF';
  const written = /^[ \0]*([0-7]{1,8})[ \0]*$/.exec(block.toString('latin1', 148, 156))?.[1];
  const sums = [0, 1].map((signed) =>
    block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : signed === 1 && byte > 127 ? byte - 256 : byte), 0),
  );
  return written !== undefined && sums.includes(parseInt(written, 8)) ? undefined : 'archive/tar: invalid tar header';
}

export class PlainUnpacked implements Unpacked {
  readonly #archive = new Archive();
  push(chunk: Buffer): void {
    this.#archive.push(chunk);
  }
  drained(): undefined {
    return undefined;
  }
  end(): Promise<UnpackedResult> {
    return Promise.resolve(this.#archive.result());
  }
}

class GzipUnpacked implements Unpacked {
  readonly #archive = new Archive();
  readonly #decoder = new Decoder('gzip', (chunk) => {
    this.#archive.push(chunk);
    if (this.#archive.size > maxUnpacked) this.#decoder.stop(new Error('too large'));
    return undefined;
  });

  push(chunk: Buffer): void {
    this.#decoder.push(chunk);
  }

  drained(): Promise<void> | undefined {
    return this.#decoder.drained();
  }

  async end(): Promise<UnpackedResult> {
    await this.#decoder.end();
    const archiveError = this.#decoder.words();
    if (archiveError !== undefined) return { archiveError };
    return this.#decoder.failure ? {} : this.#archive.result();
  }
}
