/** The images behind the scenario registries: one layer, one config, one manifest each, different for every repository. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface TestImage {
  readonly manifest: Buffer;
  readonly manifestType: string;
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly config: string;
  readonly layer: string;
}

const images = new Map<string, TestImage>();

export function imageOf(name: string): TestImage {
  const known = images.get(name) ?? makeImage(name);
  images.set(name, known);
  return known;
}

/** `idxnomatch`: only platforms nobody has; `idxok`: arm64 and amd64; `idxempty`: none. */
export function indexOf(name: string): Buffer {
  const image = imageOf(name);
  const platforms = { idxnomatch: [['s390x'], ['ppc64le']], idxok: [['arm64', 'v8'], ['amd64']], idxempty: [] }[name] ?? [];
  const manifests = platforms.map(([architecture, variant]) => ({
    mediaType: image.manifestType,
    digest: sha256(image.manifest),
    size: image.manifest.length,
    platform: { architecture, os: 'linux', ...(variant === undefined ? {} : { variant }) },
  }));
  return json({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests });
}

/** Where a repository differs from a plain OCI image. */
const kinds: Readonly<
  Record<
    string,
    {
      readonly config?: string;
      readonly manifest?: string;
      readonly layer?: string;
      readonly architecture?: string;
      readonly diffIds?: 'wrong' | 'extra';
    }
  >
> = {
  octetcfg: {
    config: 'application/octet-stream',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
  artifactcfg: { config: 'application/vnd.cncf.helm.config.v1+json', layer: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip' },
  layerunknown: { layer: 'application/vnd.example.layer' },
  zstdbad: { layer: 'application/vnd.oci.image.layer.v1.tar+zstd' },
  archmismatch: { architecture: 's390x' },
  baddiff: { diffIds: 'wrong' },
  extradiff: { diffIds: 'extra' },
};

function makeImage(name: string): TestImage {
  const kind = kinds[name] ?? {};
  const manifestType = kind.manifest ?? 'application/vnd.oci.image.manifest.v1+json';
  const tar = Buffer.from(`hello ${name}`.repeat(50));
  const layer = gzipSync(tar);
  const diffId = kind.diffIds === 'wrong' ? sha256(Buffer.from('nope')) : sha256(tar);
  const config = json({
    architecture: kind.architecture ?? 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: kind.diffIds === 'extra' ? [diffId, diffId] : [diffId] },
    seed: name,
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: kind.config ?? 'application/vnd.oci.image.config.v1+json', digest: sha256(config), size: config.length },
    layers: [{ mediaType: kind.layer ?? 'application/vnd.oci.image.layer.v1.tar+gzip', digest: sha256(layer), size: layer.length }],
  });
  return {
    manifest,
    manifestType,
    blobs: new Map([
      [sha256(config), config],
      [sha256(layer), layer],
    ]),
    config: sha256(config),
    layer: sha256(layer),
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
