/** What an image turned out to be made of, and whether this pull unpacked it. */
import type { PullContext } from './machine';
import { isIndexType, isConfigType } from './mediaTypes';
import type { Pulled } from './pulled';
import type { Descriptor } from './resolve';
import { isTransfer } from './wrap';

export interface ImagePiece {
  readonly kind: 'index' | 'manifest' | 'config' | 'layer';
  readonly mediaType: string;
  readonly digest: string;
  /** As the descriptor says. */
  readonly size: number;
  /** Of a manifest that an index names: `linux/amd64`. */
  readonly platform?: string;
  /** Whether containerd has it after this pull. */
  readonly fetched: boolean;
}

export interface PulledImage {
  readonly pieces: readonly ImagePiece[];
  /** The config's media type when it starts no unpack, so that the pull ends well and no layer is there. */
  readonly notUnpacked?: string;
}

export function imageOf(context: PullContext, { chain, manifest, fetched, unpacked }: Pulled): PulledImage {
  const read = chain.map((descriptor) => piece(isIndexType(descriptor.mediaType) ? 'index' : 'manifest', descriptor, true));
  if (!manifest) return { pieces: read };
  const { config, layers } = manifest;
  const parts = [
    piece('config', config, fetched.has(config.digest)),
    ...layers.map((layer) => piece('layer', layer, fetched.has(layer.digest))),
  ];
  // The transfer service has nothing that unpacks later; CRI's own pull and ctr do, and fail then.
  const skipped = context.until === 'layers' && isTransfer(context) && !unpacked && layers.length > 0 && !isConfigType(config.mediaType);
  return { pieces: [...read, ...parts], ...(skipped && { notUnpacked: config.mediaType }) };
}

function piece(kind: ImagePiece['kind'], descriptor: Descriptor & { readonly platform?: unknown }, fetched: boolean): ImagePiece {
  const { mediaType, digest, size } = descriptor;
  const platform = kind === 'manifest' ? platformText(descriptor.platform) : undefined;
  return { kind, mediaType, digest, size, ...(platform !== undefined && { platform }), fetched };
}

function platformText(platform: unknown): string | undefined {
  if (typeof platform !== 'object' || platform === null) return undefined;
  const { os, architecture, variant } = platform as Readonly<Record<string, unknown>>;
  const parts = [os, architecture, variant].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? undefined : parts.join('/');
}
