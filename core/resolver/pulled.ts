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
  /** undefined: the config was not read. */
  diffIds?: readonly string[] | undefined;
  readonly fetched: Set<string>;
  unpacked: boolean;
}
