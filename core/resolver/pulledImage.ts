/** What an image turned out to be made of, and whether this pull unpacked it. */
import type { ImagePieceDocument } from '../protocol/resolve';
import type { PullContext } from './machine';
import { isIndexType, isConfigType } from './mediaTypes';
import { platformRank } from './platform';
import { configOf, type Pulled } from './pulled';
import type { Descriptor } from './resolve';
import { isTransfer } from './wrap';

export interface PulledImage {
  readonly pieces: readonly ImagePieceDocument[];
  /** Why nothing was unpacked, where the pull ends well all the same. */
  readonly notUnpacked?: NotUnpacked;
  /** What was wanted, and what its config says instead: something that does not run there. */
  readonly foreign?: { readonly platform: string; readonly built: string };
}

export type NotUnpacked =
  /** The media type of a config that starts no unpack. */
  | { readonly config: string }
  /** What was wanted, and what the index names instead: none of its manifests was fetched. */
  | { readonly platform: string; readonly offered: readonly string[] };

export function imageOf(context: PullContext, pulled: Pulled): PulledImage {
  const { chain, manifest, fetched } = pulled;
  const notUnpacked = context.until === 'layers' ? whyNotUnpacked(context, pulled) : undefined;
  const foreign = foreignTo(context, pulled);
  const read = chain.map((descriptor) => piece(isIndexType(descriptor.mediaType) ? 'index' : 'manifest', descriptor, true));
  if (!manifest) return { pieces: read, ...(notUnpacked && { notUnpacked }) };
  const { config, layers } = manifest;
  const parts = [
    piece('config', config, fetched.has(config.digest)),
    ...layers.map((layer) => piece('layer', layer, fetched.has(layer.digest))),
  ];
  return { pieces: [...read, ...parts], ...(notUnpacked && { notUnpacked }), ...(foreign && { foreign }) };
}

/** No pull fails of it: an index is searched by what it says itself, and a manifest alone is taken as it is. */
function foreignTo(context: PullContext, pulled: Pulled): PulledImage['foreign'] {
  const platform = configOf(pulled)?.platform;
  if (!platform || platform.architecture === '' || platformRank(context.platform, platform) >= 0) return undefined;
  return { platform: platformText(context.platform) ?? '', built: platformText(platform) ?? '' };
}

/** The transfer service has nothing that unpacks later; CRI's own pull and ctr do, and fail then. */
function whyNotUnpacked(context: PullContext, { chain, manifest, offered, unpacked }: Pulled): NotUnpacked | undefined {
  if (!isTransfer(context) || unpacked) return undefined;
  if (manifest)
    return manifest.layers.length > 0 && !isConfigType(manifest.config.mediaType) ? { config: manifest.config.mediaType } : undefined;
  if (!chain.some(({ mediaType }) => isIndexType(mediaType))) return undefined;
  return {
    platform: platformText(context.platform) ?? '',
    offered: [...new Set((offered ?? []).flatMap((one) => platformText(one) ?? []))],
  };
}

function piece(
  kind: ImagePieceDocument['kind'],
  descriptor: Descriptor & { readonly platform?: unknown },
  fetched: boolean,
): ImagePieceDocument {
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
