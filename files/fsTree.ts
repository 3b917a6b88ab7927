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
    notUtf8: (path) => placeOf(path).notUtf8(),
    list: (path) => placeOf(path).names(),
    pem: (path) => remembered(pems, path, () => pemOf(placeOf(path).text())),
  };
}

interface Place {
  readonly kind: PathKind;
  text(): string | undefined;
  notUtf8(): boolean;
  names(): readonly string[] | undefined;
}

const nothing = (kind: PathKind): Place => ({ kind, text: () => undefined, notUtf8: () => false, names: () => undefined });

function look(path: string | undefined): Place {
  if (path === undefined) return nothing('missing');
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return nothing(isAbsence(error) ? 'missing' : 'unreadable');
  }
  if (stats.isDirectory()) return { ...nothing('directory'), names: once(() => readdirSync(path).sort()) };
  if (!stats.isFile() || stats.size > maxFileSize) return nothing('unreadable');
  const content = once(() => contentOf(readFileSync(path)));
  return {
    ...nothing(content() === undefined ? 'unreadable' : 'file'),
    text: () => content()?.text,
    notUtf8: () => content()?.notUtf8 ?? false,
  };
}

/** Decoding puts U+FFFD where bytes are no UTF-8; a text that has it of its own comes out as it was. */
function contentOf(bytes: Buffer): { readonly text: string; readonly notUtf8: boolean } {
  const text = bytes.toString('utf8');
  return { text, notUtf8: text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(bytes) };
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
