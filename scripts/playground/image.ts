import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** A tiny image that containerd can pull and unpack: one layer with one file. */
export interface TinyImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layer: Blob;
  readonly manifestType: string;
}

export interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

/** Images with another `text` have other digests, so that runs do not find each other's content; `config` goes over what the config says. */
export function tinyImage(
  text: string,
  configType = 'application/vnd.docker.container.image.v1+json',
  config: Readonly<Record<string, unknown>> = {},
): TinyImage {
  const tar = tarOf('hello', Buffer.from(text));
  const layer = blob(gzipSync(tar));
  const rootfs = { type: 'layers', diff_ids: [digestOf(tar)] };
  const written = blob(json({ architecture: architecture(), os: 'linux', config: {}, rootfs, history: [], ...config }));
  const manifest = blob(
    json({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, size: written.bytes.length, digest: written.digest },
      layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size: layer.bytes.length, digest: layer.digest }],
    }),
  );
  return { manifest, config: written, layer, manifestType };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function blob(bytes: Buffer): Blob {
  return { digest: digestOf(bytes), bytes };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function architecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

/** A ustar archive of one regular file. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const field = (text: string, at: number): void => void header.write(text, at, 'latin1');
  field(name, 0);
  field('0000644\0', 100);
  field('0000000\0', 108);
  field('0000000\0', 116);
  field(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  field('00000000000\0', 136);
  field('        ', 148);
  field('0', 156);
  field('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  field(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
