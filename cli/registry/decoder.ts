import { constants, createGunzip, createInflateRaw, gunzipSync, inflateRawSync, type Gunzip, type InflateRaw } from 'node:zlib';

/** Of so much of what is unpacked it is known where it is broken, unless it unpacks to more than that. */
const keptBytes = 1 << 20;
const keptUnpacked = 16 << 20;

/** A stream that unpacks: written to as fast as it takes, and its end is waited for. `take` may ask for a pause. */
export class Decoder {
  readonly #stream: Gunzip | InflateRaw;
  readonly #start: Buffer[] = [];
  #pushed = 0;
  #failure: (Error & { readonly code?: string }) | undefined;
  #full = false;

  constructor(
    private readonly format: 'gzip' | 'deflate',
    take: (chunk: Buffer) => Promise<void> | undefined,
  ) {
    const stream = format === 'gzip' ? createGunzip() : createInflateRaw();
    this.#stream = stream;
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
    if (this.#pushed < keptBytes) this.#start.push(chunk.subarray(0, keptBytes - this.#pushed));
    this.#pushed += chunk.length;
    if (!this.#failure && !this.#stream.destroyed) this.#full = !this.#stream.write(chunk);
  }

  /** Resolves when there is room for more. */
  drained(): Promise<void> | undefined {
    if (!this.#full || this.#failure || this.#stream.destroyed) return undefined;
    return new Promise((resolve) => {
      const go = () => {
        this.#stream.off('drain', go).off('close', go);
        resolve();
      };
      this.#stream.once('drain', go).once('close', go);
    });
  }

  /** Nothing more is wanted; with a reason that is a failure. */
  stop(reason?: Error): void {
    this.#stream.destroy(reason);
  }

  end(): Promise<void> {
    if (this.#failure || this.#stream.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#stream.once('close', resolve);
      if (!this.#stream.destroyed) this.#stream.end();
    });
  }

  /** What compress/gzip and compress/flate say of the failure; undefined without one, and where it was stopped by us. */
  words(): string | undefined {
    if (!this.#failure) return this.#trailing();
    const { code, message } = this.#failure;
    if (code === undefined) return undefined;
    if (code === 'Z_BUF_ERROR') return 'unexpected EOF';
    if (message === 'incorrect header check' || message === 'header crc mismatch') return 'gzip: invalid header';
    if (message === 'incorrect data check' || message === 'incorrect length check') return 'gzip: invalid checksum';
    const offset = brokenAt(this.format, Buffer.concat(this.#start));
    return `flate: corrupt input${offset === undefined ? '' : ` before offset ${offset}`}`;
  }

  /** To gzip.Reader what follows is another header; zlib passes over zeros. */
  #trailing(): string | undefined {
    const rest = this.format === 'gzip' && this.#stream.closed ? this.#pushed - this.#stream.bytesWritten : 0;
    return rest <= 0 ? undefined : rest < gzipHeader ? 'unexpected EOF' : 'gzip: invalid header';
  }
}

const gzipHeader = 10;

/** How many bytes compress/flate has read when it finds it: as few as it needs, so the shortest beginning that zlib refuses. */
function brokenAt(format: 'gzip' | 'deflate', start: Buffer): number | undefined {
  const refuses = (length: number): boolean => {
    try {
      const unpack = format === 'gzip' ? gunzipSync : inflateRawSync;
      unpack(start.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: keptUnpacked });
      return false;
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'Z_DATA_ERROR';
    }
  };
  let [good, bad] = [0, start.length];
  if (!refuses(bad)) return undefined;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (refuses(middle)) bad = middle;
    else good = middle;
  }
  return bad - (format === 'gzip' ? headerLength(start) : 0);
}

/** RFC 1952: ten bytes, then what its flags name. */
function headerLength(start: Buffer): number {
  const flags = start[3] ?? 0;
  let at = gzipHeader;
  if (flags & 4) at += 2 + (start[at] ?? 0) + 256 * (start[at + 1] ?? 0);
  for (const flag of [8, 16]) if (flags & flag) at = start.indexOf(0, at) + 1;
  return at + (flags & 2 ? 2 : 0);
}
