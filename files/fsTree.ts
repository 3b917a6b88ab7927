import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { join, posix } from 'node:path';
import type { ConfigTree, PathKind, PemFile } from '../core/ports';
import { parsePem } from './pem';

/** Nothing containerd reads as configuration comes near; a larger file is taken as unreadable instead of filling the memory. */
const maxFileSize = 16 * 1024 * 1024;
const maxLinks = 40;

/**
 * The files of this machine, or of a folder taken as the `/` of another. Everything is read on first use and then kept, so that one run
 * judges one state. Only plain files are opened: a FIFO or device would block or never end.
 */
export function fsTree(root?: string): ConfigTree {
  const places = new Map<string, Place>();
  const pems = new Map<string, PemFile | undefined>();
  const placeOf = (path: string): Place => remembered(places, path, () => look(root === undefined ? path : insideRoot(root, path)));
  return {
    rooted: root !== undefined,
    takenMs: Date.now(),
    stat: (path) => placeOf(path).kind,
    read: (path) => placeOf(path).text(),
    list: (path) => placeOf(path).names(),
    pem: (path) => remembered(pems, path, () => pemOf(placeOf(path).text())),
  };
}

interface Place {
  readonly kind: PathKind;
  text(): string | undefined;
  names(): readonly string[] | undefined;
}

const nothing = (kind: PathKind): Place => ({ kind, text: () => undefined, names: () => undefined });

function look(path: string | undefined): Place {
  if (path === undefined) return nothing('missing');
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return nothing(isAbsence(error) ? 'missing' : 'unreadable');
  }
  if (stats.isDirectory()) return { kind: 'directory', text: () => undefined, names: once(() => readdirSync(path).sort()) };
  if (!stats.isFile() || stats.size > maxFileSize) return nothing('unreadable');
  const text = once(() => readFileSync(path, 'utf8'));
  return { kind: text() === undefined ? 'unreadable' : 'file', text, names: () => undefined };
}

/** Follows links the way the machine itself would: an absolute one starts again at `root`, and none leads out of it. */
function insideRoot(root: string, path: string): string | undefined {
  let pending = posix.resolve('/', path).split('/').filter(Boolean);
  let seen: string[] = [];
  for (let links = 0; ;) {
    const name = pending.shift();
    if (name === undefined) return join(root, ...seen);
    if (name === '..') {
      seen.pop();
      continue;
    }
    const target = linkTarget(join(root, ...seen, name));
    if (target === undefined) seen.push(name);
    else if (++links > maxLinks) return undefined;
    else {
      if (target.startsWith('/')) seen = [];
      pending = [...target.split('/').filter((part) => part !== '' && part !== '.'), ...pending];
    }
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP');
}

function pemOf(text: string | undefined): PemFile | undefined {
  return text === undefined ? undefined : parsePem(text);
}

function once<T>(read: () => T): () => T | undefined {
  let result: { readonly value: T | undefined } | undefined;
  return () => (result ??= { value: attempt(read) }).value;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function remembered<T>(known: Map<string, T>, key: string, find: () => T): T {
  const before = known.get(key);
  if (before !== undefined || known.has(key)) return before as T;
  const found = find();
  known.set(key, found);
  return found;
}
