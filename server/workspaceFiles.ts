import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CancellationToken } from 'vscode-languageserver';
import { kindOf } from '../core/rules/kind';
import { maxLength } from './analysis';

export interface ScanLimits {
  readonly files: number;
  /** Bytes of all files together. */
  readonly bytes: number;
  readonly folders: number;
  readonly depth: number;
  readonly milliseconds: number;
}

/** Enough for a repository of many nodes' files; somebody who opens `/` gets an answer, too. */
export const usualLimits: ScanLimits = { files: 300, bytes: 4 * 1024 * 1024, folders: 5000, depth: 12, milliseconds: 1500 };

export interface FoundFile {
  readonly uri: string;
  readonly file: string;
  /** The folder of the workspace that it was found in. */
  readonly folder: string;
  /** Changes with the content, as far as the file system tells. */
  readonly stamp: string;
}

export interface Scan {
  readonly files: readonly FoundFile[];
  /** A limit was reached: there may be more. */
  readonly isCut: boolean;
}

const skipped: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

/**
 * The files of containerd in some folders, by path alone, nearest to the top first. Links are not followed. Everything is awaited, so that
 * the server answers other requests meanwhile.
 */
export async function scan(folders: readonly string[], token: CancellationToken, limits: ScanLimits = usualLimits): Promise<Scan> {
  const files: FoundFile[] = [];
  const until = performance.now() + limits.milliseconds;
  let bytes = 0;
  let seen = 0;
  let pending = folders.map((folder) => ({ folder, path: folder, depth: 0 }));
  while (pending.length > 0) {
    const deeper: typeof pending = [];
    for (const place of pending) {
      const isOver = ++seen > limits.folders || performance.now() > until;
      if (isOver || token.isCancellationRequested) return { files, isCut: true };
      for (const entry of await entriesOf(place.path)) {
        const path = join(place.path, entry.name);
        if (entry.isDirectory() && !skipped.has(entry.name) && place.depth < limits.depth)
          deeper.push({ folder: place.folder, path, depth: place.depth + 1 });
        const found = entry.isFile() && isOurs(path) ? await fileAt(path, place.folder) : undefined;
        if (!found) continue;
        bytes += found.size;
        if (files.length >= limits.files || bytes > limits.bytes) return { files, isCut: true };
        files.push(found);
      }
    }
    pending = deeper;
  }
  return { files, isCut: false };
}

/** Text as an editor would send it: without its byte order mark. Undefined when it is gone or cannot be read. */
export async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}

/** Other programs have a hosts.toml, too: nobody has opened this one as containerd's, so its folder has to say so. */
function isOurs(path: string): boolean {
  const kind = kindOf(path);
  return kind === 'config' || (kind === 'hosts' && /[\\/]certs\.d[\\/]/.test(path));
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

async function fileAt(file: string, folder: string): Promise<(FoundFile & { readonly size: number }) | undefined> {
  try {
    const { size, mtimeMs, ino } = await stat(file);
    return size > maxLength ? undefined : { uri: pathToFileURL(file).href, file, folder, stamp: `${ino}-${mtimeMs}-${size}`, size };
  } catch {
    return undefined;
  }
}
