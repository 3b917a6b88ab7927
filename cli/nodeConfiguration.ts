import { posix } from 'node:path';
import { liveConfig } from '../core/diagnosis/liveConfig';
import type { FileSnapshot } from '../core/nodeFiles';
import type { Cancellation, Node } from '../core/ports';
import type { LintedFile } from '../core/protocol/lint';
import type { NodeTreeDocument } from '../core/protocol/nodeTree';
import { lineIndex } from '../core/text/lineIndex';
import { formatVersion, newestVersion, parseVersion, type Version } from '../core/versions/versions';
import { snapshotTree } from '../files/snapshotTree';
import { environmentPlaces, fileEvidence, seeConfiguration, usualPlaces } from './diagnosis/nodeEvidence';
import { lintedFile } from './format/findings';
import { lintFiles } from './lintFiles';

/** The configuration of a node and what its own release makes of it. Only reads. */
export async function nodeConfiguration(node: Node, cancellation: Cancellation): Promise<NodeTreeDocument> {
  const { dump, places } = await seeConfiguration(node, cancellation, environmentPlaces);
  const config = dump.configPath === undefined ? undefined : posix.resolve('/', dump.configPath);
  const snapshot: FileSnapshot = { rooted: true, takenMs: Date.now(), places: fileEvidence(places) };
  const roots = rootsOf(config, snapshot);
  const version = parseVersion(dump.version ?? '');
  return {
    schema: 1,
    node: node.name,
    containerd: version ? formatVersion(version) : null,
    config: config ?? null,
    certsD: certsDOf(config, snapshot, version ?? newestVersion),
    roots,
    files: linted(snapshot, [...(config === undefined ? [] : [config]), ...roots], version ?? newestVersion),
    snapshot,
    dump: dump.dump === undefined ? { failure: dump.failure ?? '' } : { text: dump.dump },
  };
}

function certsDOf(config: string | undefined, snapshot: FileSnapshot, version: Version): string | null {
  const { effective } = liveConfig({ tree: snapshotTree(snapshot), version, configPath: config ?? null });
  // Of a list the first, though the transfer service takes all of it for one folder: it is a list that was meant.
  return effective?.hostsDirs[0]?.split(':')[0] ?? null;
}

/** The folder of the config.toml in use, and the usual places that are there. */
function rootsOf(config: string | undefined, { places }: FileSnapshot): readonly string[] {
  const there = (path: string): boolean => places.some((place) => place.path === path && place.kind !== 'missing');
  const wanted = [...(config === undefined ? [] : [config]), ...usualPlaces].filter(there);
  return wanted.filter((path, index) => wanted.every((other, at) => at === index || !`${path}/`.startsWith(`${other}/`)));
}

function linted(snapshot: FileSnapshot, paths: readonly string[], version: Version): readonly LintedFile[] {
  const tree = snapshotTree(snapshot);
  const configured = paths.filter((path) => !/\.(?:ya?ml|service|service\.d)$/.test(path));
  const named = snapshot.places.filter(({ path }) => posix.basename(path) === 'hosts.toml').map(({ path }) => path);
  const { linted: files } = lintFiles({ paths: [...configured, ...named], root: '/', cwd: '/', kind: undefined, version }, tree);
  return files.map(({ result, text }) => lintedFile(result.path, result, lineIndex(text)));
}
