import { treeOfPlaces } from '../core/diagnosis/places';
import type { FileSnapshot } from '../core/nodeFiles';
import type { ConfigTree } from '../core/ports';
import { parsePem } from './pem';

/** Files that were read on another machine. What was not read is `unreadable`, never `missing`. */
export function snapshotTree({ rooted, takenMs, places }: FileSnapshot): ConfigTree {
  const byPath = new Map(places.map(({ path, ...place }) => [path, place]));
  const tree = treeOfPlaces(byPath, ({ text, pem }) => pem ?? (text === undefined ? undefined : parsePem(text)), takenMs);
  return { ...tree, rooted };
}
