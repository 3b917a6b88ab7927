import { loadConfig } from '../config/loadConfig';
import { entryAt } from '../toml/lookup';
import { newestVersion, parseVersion } from '../versions/versions';
import { treeOfPlaces, type Place } from './places';

/** The file whose `[debug] level` containerd takes: what is imported later wins, and none sets it means config.toml itself. */
export function debugLevelFile(places: ReadonlyMap<string, Place>, config: string, release: string): string {
  const tree = treeOfPlaces(places, () => undefined);
  if (tree.stat(config) !== 'file') return config;
  const { sources } = loadConfig({ path: config, tree, version: parseVersion(release) ?? newestVersion });
  return sources.findLast(({ parsed }) => entryAt(parsed.document.root, ['debug', 'level']))?.path ?? config;
}
