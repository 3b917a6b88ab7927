/** Files of a node as they were read, path by path, seen as a tree. */
import { pathClean } from '../go/path';
import type { ConfigTree, PathKind, PemFile } from '../ports';

/** What is at a path. `text` only of a file. */
export interface Place {
  readonly kind: PathKind;
  readonly text?: string;
  /** What its PEM blocks hold, where that was found out before the text was redacted. */
  readonly pem?: PemFile;
}

/** A folder that was listed has nothing but what was read in it; what was not looked at is `unreadable`, never `missing`. */
export function treeOfPlaces(
  places: ReadonlyMap<string, Place>,
  pemOf: (place: Place) => PemFile | undefined,
  takenMs?: number,
): ConfigTree {
  const names = namesByFolder(places);
  const at = (path: string): Place => placeAt(places, absolute(path));
  const pems = new Map<string, PemFile | undefined>();
  return {
    rooted: true,
    ...(takenMs !== undefined && { takenMs }),
    stat: (path) => at(path).kind,
    read: (path) => at(path).text,
    // What a script prints comes as text: bytes that were no UTF-8 can only be told by what stands in their place.
    notUtf8: (path) => at(path).text?.includes('\ufffd') ?? false,
    list: (path) => {
      const found = names.get(absolute(path));
      return found && [...found].sort();
    },
    pem: (path) => {
      if (!pems.has(path)) pems.set(path, pemOf(at(path)));
      return pems.get(path);
    },
  };
}

function namesByFolder(places: ReadonlyMap<string, Place>): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const [path, { kind }] of places) {
    if (kind === 'directory' && !names.has(path)) names.set(path, new Set());
    const parent = folderOf(path);
    if (kind === 'missing' || places.get(parent)?.kind !== 'directory') continue;
    const known = names.get(parent) ?? new Set();
    names.set(parent, known.add(path.slice(path.lastIndexOf('/') + 1)));
  }
  return names;
}

/** In a folder that was listed, what is not in the list is not there; so is everything below something missing. */
function placeAt(places: ReadonlyMap<string, Place>, path: string): Place {
  const known = places.get(path);
  if (known) return known;
  for (let up = folderOf(path); ; up = folderOf(up)) {
    const above = places.get(up)?.kind;
    if (above !== undefined) return { kind: above === 'unreadable' ? 'unreadable' : 'missing' };
    if (up === '/') return { kind: 'unreadable' };
  }
}

function absolute(path: string): string {
  return pathClean(`/${path}`);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
