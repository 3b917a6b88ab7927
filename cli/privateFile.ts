import { rmSync, writeFileSync } from 'node:fs';

/** Readable for its owner only. Of what there was no room for nothing is left: half a file would be taken for a whole one. Throws. */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content, { mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || code === 'EIO') rmSync(path, { force: true });
    throw error;
  }
}
