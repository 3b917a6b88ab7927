/** The wire format of RFC 4251 as far as muxChannels needs it. */

/** Nothing that sshd sends is longer: data comes in packets of `maxPacket`. */
const sanePacket = 256 * 1024;

/** Splits a byte stream at its uint32 lengths. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly onFrame: (frame: Buffer) => void,
    private readonly onNonsense: () => void,
  ) {}

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 4) {
      const length = this.#rest.readUInt32BE(0);
      if (length > sanePacket) {
        this.onNonsense();
        return;
      }
      if (this.#rest.length < 4 + length) return;
      const one = this.#rest.subarray(4, 4 + length);
      this.#rest = this.#rest.subarray(4 + length);
      this.onFrame(one);
    }
  }
}

/** Reads fields in turn; a packet that is too short reads as zeros. */
export class Reader {
  #at = 0;
  constructor(private readonly buffer: Buffer) {}

  u32(): number {
    const at = this.#at;
    this.#at += 4;
    return at + 4 <= this.buffer.length ? this.buffer.readUInt32BE(at) : 0;
  }

  bytes(): Buffer {
    const length = this.u32();
    const start = this.#at;
    this.#at += length;
    return this.buffer.subarray(start, start + length);
  }
}

export function frame(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length), body]);
}

export function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u32(bytes.length), bytes]);
}
