import type { Fetched } from './fetch';
import type { Platform } from './machine';
import type { Child, ImageManifest } from './manifest';
import type { Descriptor } from './resolve';

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
  /** undefined: the config was not read. */
  diffIds?: readonly string[] | undefined;
  /** Why the config is no v1.Image. */
  configProblem?: string | undefined;
  readonly fetched: Set<string>;
  /** What the layers that were read turned out to hold, by digest. */
  readonly contents: Map<string, Fetched>;
  unpacked: boolean;
}
