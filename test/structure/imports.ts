import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

/** What a source file asks for: a path from the project root, or a package or `node:` module. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every import, re-export, dynamic import and require of a folder's TypeScript files, types included. */
export function importsOf(root: string, folder: string): readonly Import[] {
  return sourceFiles(join(root, folder)).flatMap((file) => {
    const from = relative(root, file).split(sep).join('/');
    const info = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
    return info.importedFiles.map(({ fileName }) => ({ from, to: resolveImport(from, fileName) }));
  });
}

export function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[cm]?ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function resolveImport(from: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier;
}
