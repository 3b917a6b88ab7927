import type { FileSnapshot } from '../nodeFiles';
import type { LintedFile } from './lint';

/** The configuration of a node, with what containerd there makes of each file. */
export interface NodeTreeDocument {
  readonly schema: 1;
  readonly node: string;
  /** The release that runs there; null where it does not say. */
  readonly containerd: string | null;
  /** The config.toml that containerd there is started with. */
  readonly config: string | null;
  /** The folder where containerd there looks for the hosts.toml of a registry first; null where its configuration names none. */
  readonly certsD: string | null;
  /** Files and folders that are shown first, what they name comes after them. */
  readonly roots: readonly string[];
  readonly snapshot: FileSnapshot;
  readonly files: readonly LintedFile[];
  /** `containerd config dump`: the settings in effect, and why there are none. */
  readonly dump: { readonly text: string } | { readonly failure: string };
}
