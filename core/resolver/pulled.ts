import type { Fetched } from './fetch';
import type { Platform } from './machine';
import type { Child, ImageManifest } from './manifest';
import type { Descriptor } from './resolve';

export interface ReadConfig {
  /** undefined: it is no JSON. */
  readonly diffIds?: readonly string[];
  /** Why it is no v1.Image. */
  readonly problem?: string | undefined;
  /** What it says that the image runs on; each part may be empty. */
  readonly platform?: Platform;
  /** What its rootfs is made of: `layers`, or empty where it does not say. */
  readonly rootfs?: string;
}

/** What a pull found on its way; the late steps ask for it. */
export interface Pulled {
  readonly target: Descriptor;
  /** Indexes and manifests that were read, in order. */
  readonly chain: Descriptor[];
  manifest?: ImageManifest;
  /** The manifest of an index that suits this platform best, fetched or not. */
  best?: Child | undefined;
  /** The platforms that an index names. */
  offered?: readonly Platform[];
  /** The manifest of an index by which CRI tells the image's size. */
  sized?: Child | undefined;
  /** What the configs that were read hold, by digest: an index has one for each of its manifests. */
  readonly configs: Map<string, ReadConfig>;
  readonly fetched: Set<string>;
  /** What the layers that were read turned out to hold, by digest. */
  readonly contents: Map<string, Fetched>;
  unpacked: boolean;
}

/** The config of the manifest that counts. */
export function configOf({ manifest, configs }: Pulled): ReadConfig | undefined {
  return manifest && configs.get(manifest.config.digest);
}
