import { chmodSync, chownSync, closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file's content in one step: readers see the old text or the new one, never half of it. Mode and owner stay; a link is
 * followed, so that the file behind it changes and not the link. Throws.
 */
export function replaceFile(path: string, text: string): void {
  const target = realpathSync(path);
  const { mode, uid, gid } = statSync(target);
  writeInOneStep(target, text, mode & 0o7777, (temporary) => {
    chmodSync(temporary, mode & 0o7777);
    if (process.getuid?.() === 0) chownSync(temporary, uid, gid);
  });
}

/**
 * A file that only its owner may read, whatever was there before; in one step as well. What is no plain file, such as /dev/stdout, is
 * written to as it is. Throws.
 */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  const known = statSync(path, { throwIfNoEntry: false });
  if (known?.isFile() === false) writeFileSync(path, content);
  else writeInOneStep(known ? realpathSync(path) : path, content, 0o600);
}

function writeInOneStep(target: string, content: string | Uint8Array, mode: number, prepare?: (temporary: string) => void): void {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    writeDurably(temporary, content, mode);
    prepare?.(temporary);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeDurably(path: string, content: string | Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
