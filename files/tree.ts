import { posix } from 'node:path';
import type { ConfigTree, PathKind, PemFile } from '../core/ports';
import { parsePem } from './pem';

/** A machine's files out of literals: absolute POSIX path → text. Folders are there because files are in them. */
export function mapTree(files: Readonly<Record<string, string>>, rooted = true): ConfigTree {
  const texts = new Map(Object.entries(files).map(([path, text]) => [posix.resolve('/', path), text]));
  return {
    rooted,
    stat: (path) => kindIn(texts, posix.resolve('/', path)),
    read: (path) => texts.get(posix.resolve('/', path)),
    list: (path) => namesIn(texts, posix.resolve('/', path)),
    pem: (path) => pemOf(texts.get(posix.resolve('/', path))),
  };
}

/** `tree` with one file as an editor holds it: unsaved text wins over what is on disk. */
export function overlayTree(tree: ConfigTree, path: string, text: string): ConfigTree {
  const over = mapTree({ [path]: text });
  const parent = posix.dirname(path);
  return {
    rooted: tree.rooted,
    ...(tree.takenMs === undefined ? {} : { takenMs: tree.takenMs }),
    stat: (wanted) => (over.stat(wanted) === 'missing' ? tree.stat(wanted) : over.stat(wanted)),
    read: (wanted) => over.read(wanted) ?? tree.read(wanted),
    notUtf8: (wanted) => over.read(wanted) === undefined && (tree.notUtf8?.(wanted) ?? false),
    list: (wanted) =>
      wanted === parent
        ? [...new Set([...(tree.list(wanted) ?? []), posix.basename(path)])].sort()
        : (tree.list(wanted) ?? over.list(wanted)),
    pem: (wanted) => over.pem(wanted) ?? tree.pem(wanted),
  };
}

function kindIn(texts: ReadonlyMap<string, string>, path: string): PathKind {
  if (texts.has(path)) return 'file';
  return namesIn(texts, path) === undefined ? 'missing' : 'directory';
}

function namesIn(texts: ReadonlyMap<string, string>, path: string): readonly string[] | undefined {
  const prefix = path === '/' ? '/' : `${path}/`;
  const names = new Set<string>();
  for (const file of texts.keys()) {
    if (file.startsWith(prefix)) names.add(file.slice(prefix.length).split('/')[0] ?? '');
  }
  return names.size === 0 ? undefined : [...names].sort();
}

function pemOf(text: string | undefined): PemFile | undefined {
  return text === undefined ? undefined : parsePem(text);
}
