import { newestVersion, parseVersion } from '../versions/versions';
import { fileOfReference, liveConfig } from './liveConfig';
import { treeOfPlaces, type Place } from './places';

/**
 * The folder in which containerd looks for the hosts of an image, by its configuration with imports. Of several the one that holds
 * them, else the first; undefined where containerd reads none.
 */
export function hostsDirOf(image: string, places: ReadonlyMap<string, Place>, config: string | null, release: string): string | undefined {
  const tree = treeOfPlaces(places, () => undefined);
  const version = parseVersion(release) ?? newestVersion;
  const live = liveConfig({ tree, version, configPath: config });
  const dirs = live.effective?.hostsDirs ?? [];
  const file = fileOfReference(image, live, tree, version);
  return dirs.find((dir) => file?.startsWith(`${dir.replace(/\/$/, '')}/`)) ?? dirs[0];
}
