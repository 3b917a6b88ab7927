/** core/images/mediatypes.go. */
import type { Version } from '../versions/versions';
import { does } from './behaviours';

export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
export const dockerManifestList = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
export const ociIndex = 'application/vnd.oci.image.index.v1+json';
export const schema1Manifest = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
/** Of images pushed by old Docker (distribution#1622). */
export const legacyConfig = 'application/octet-stream';

/** What a resolve asks for. */
export const resolveAccept = [dockerManifest, dockerManifestList, ociManifest, ociIndex, '*/*'].join(', ');

export function isManifestType(type: string): boolean {
  return type === dockerManifest || type === ociManifest;
}

export function isIndexType(type: string): boolean {
  return type === dockerManifestList || type === ociIndex;
}

/** IsConfigType: a config that starts the unpacker. */
export function isConfigType(type: string): boolean {
  return type === 'application/vnd.docker.container.image.v1+json' || type === 'application/vnd.oci.image.config.v1+json';
}

const dockerLayers: ReadonlySet<string> = new Set([
  'application/vnd.docker.image.rootfs.diff.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
  'application/vnd.docker.image.rootfs.foreign.diff.tar',
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
]);

/** IsLayerType. */
export function isLayerType(type: string, version: Version): boolean {
  if (type.startsWith('application/vnd.oci.image.layer.')) return true;
  const base = type.split('+', 1)[0] ?? '';
  return dockerLayers.has(base) || (base === 'application/vnd.docker.image.rootfs.diff.tar.zstd' && does(version, 'acceptsEncodings'));
}

/**
 * What becomes of a layer's bytes (diff.GetProcessor, images.DiffCompression): unpacked if they look packed, taken for a tar as they are,
 * given to the decoder that containerd's default configuration names for encrypted layers, or nothing at all.
 */
export function layerProcessor(type: string, version: Version): 'unpack' | 'plain' | 'decoder' | undefined {
  if (encryptedLayers.has(type)) return 'decoder';
  const [base = '', ...suffixes] = type.split('+');
  if (ociLayers.has(base)) return ['gzip', 'zstd'].includes(suffixes.sort().at(-1) ?? '') ? 'unpack' : 'plain';
  if (!isLayerType(base, version) || base.startsWith('application/vnd.oci.')) return undefined;
  return suffixes.length > 0 ? 'plain' : 'unpack';
}

const ociLayers: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.nondistributable.v1.tar',
]);

/** cmd/containerd/command/config.go: io.containerd.ocicrypt.decoder.v1. */
const encryptedLayers: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.layer.v1.tar+encrypted',
  'application/vnd.oci.image.layer.v1.tar+gzip+encrypted',
]);

const checkpointTypes: ReadonlySet<string> = new Set([
  'application/vnd.containerd.container.criu.checkpoint.criu.tar',
  'application/vnd.containerd.container.checkpoint.config.v1+proto',
]);

/** MakeRefKey (core/remotes/handlers.go): what a piece of content is called while it is written. */
export function refKey(type: string, digest: string, version: Version): string {
  if (isManifestType(type)) return `manifest-${digest}`;
  if (isIndexType(type)) return `index-${digest}`;
  if (isLayerType(type, version)) return `layer-${digest}`;
  if (isConfigType(type) || checkpointTypes.has(type)) return `config-${digest}`;
  if (type === 'application/vnd.in-toto+json' && does(version, 'attestationKey')) return `attestation-${digest}`;
  return `unknown-${digest}`;
}
