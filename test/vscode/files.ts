import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Puts files into a folder, by their paths in it. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Waits until a file says what is expected of it; the editor writes it in its own time, and empties it first. */
export async function fileBecomes(file: string, expected: (text: string) => boolean): Promise<string> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text !== '' && expected(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return readFileSync(file, 'utf8');
}
