/** Which files a config.toml imports. cmd/containerd/server/config resolveImports. */
import type { ConfigTree } from '../ports';
import { parse } from '../toml/parse';
import type { TomlArray, TomlTable, TomlString } from '../toml/document';
import { satisfies, type Version } from '../versions/versions';

export interface Import {
  /** The entry of `imports`. */
  readonly pattern: TomlString;
  readonly paths: readonly string[];
  /** A pattern may match nothing; a plain name must be there. */
  readonly mustExist: boolean;
  /** Only of a relative pattern that this release does not look up beside the file: what its author meant. */
  readonly meant?: string;
}

export function importsOf(root: TomlTable, path: string, tree: ConfigTree, version: Version): readonly Import[] {
  return importItems(root).map((pattern) => {
    const mustExist = !pattern.value.includes('*');
    const full = absolute(pattern.value, folderOf(path));
    if (mustExist) return { pattern, mustExist, paths: [full] };
    if (!isFollowed(pattern.value, version)) return { pattern, mustExist, paths: [], meant: full };
    return { pattern, mustExist, paths: glob(full, tree) };
  });
}

/** The config.toml above a drop-in that imports it: containerd reads both as one. */
export function importingRoot(path: string, tree: ConfigTree, version: Version): string | undefined {
  const root = `${folderOf(folderOf(path))}/config.toml`.replace('//', '/');
  if (root === path) return undefined;
  const text = tree.read(root);
  if (text === undefined || !text.includes('imports')) return undefined;
  const importing = importItems(parse(text).document.root).some(
    ({ value }) => isFollowed(value, version) && matchesPath(absolute(value, folderOf(root)), path),
  );
  return importing ? root : undefined;
}

function importItems(root: TomlTable): readonly TomlString[] {
  const imports: TomlArray | undefined = arrayOf(root, 'imports') ?? arrayOf(root, 'Imports');
  return imports?.items.filter((item) => item.kind === 'string') ?? [];
}

function arrayOf(root: TomlTable, name: string): TomlArray | undefined {
  const value = root.entries.get(name)?.value;
  return value?.kind === 'array' ? value : undefined;
}

/** resolveImports before 1.6.29 and 1.7.16: filepath.Glob got a relative pattern as it is, so it looked in the daemon's working directory. */
function isFollowed(entry: string, version: Version): boolean {
  return entry.startsWith('/') || !entry.includes('*') || satisfies(version, '>=1.6.29 <1.7.0 || >=1.7.16');
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** filepath.Clean and filepath.Join for POSIX paths. */
export function absolute(path: string, folder: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** filepath.Glob: names in each folder that match that part of the pattern, sorted. */
function glob(pattern: string, tree: ConfigTree): readonly string[] {
  let found: readonly string[] = ['/'];
  for (const part of pattern.split('/').filter(Boolean)) {
    const below = (folder: string): string[] => {
      const names = /[*?[\\]/.test(part) ? (tree.list(folder) ?? []).filter((name) => matchesName(part, name)) : [part];
      return names.map((name) => (folder === '/' ? `/${name}` : `${folder}/${name}`));
    };
    found = found.flatMap(below).filter((path) => tree.stat(path) !== 'missing');
  }
  return found;
}

function matchesPath(pattern: string, path: string): boolean {
  const [wanted, parts] = [pattern.split('/'), path.split('/')];
  return wanted.length === parts.length && wanted.every((part, i) => matchesName(part, parts[i] ?? ''));
}

/** filepath.Match for one path element, in linear time: on a mismatch only the last `*` is tried further. */
export function matchesName(pattern: string, name: string): boolean {
  const tokens = tokensOf(pattern);
  let [token, at, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    const current = tokens[token];
    if (current?.kind === 'any') [star, mark, token] = [token, at, token + 1];
    else if (current && accepts(current, name[at] ?? '')) [token, at] = [token + 1, at + 1];
    else if (star >= 0) [token, mark, at] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  return tokens.slice(token).every(({ kind }) => kind === 'any');
}

type Token = { readonly kind: 'any' } | { readonly kind: 'one' } | { readonly kind: 'character' | 'set'; readonly text: string };

function accepts(token: Token, character: string): boolean {
  if (token.kind === 'character') return token.text === character;
  if (token.kind !== 'set') return token.kind === 'one';
  const negated = token.text.startsWith('^');
  const text = negated ? token.text.slice(1) : token.text;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const from = text[i] ?? '';
    const range = text[i + 1] === '-' && i + 2 < text.length;
    const to = range ? (text[i + 2] ?? '') : from;
    if (from <= character && character <= to) inside = true;
    if (range) i += 2;
  }
  return inside !== negated;
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    const end = c === '[' ? pattern.indexOf(']', i + 1) : -1;
    if (c === '*') tokens.push({ kind: 'any' });
    else if (c === '?') tokens.push({ kind: 'one' });
    else if (end > 0) {
      tokens.push({ kind: 'set', text: pattern.slice(i + 1, end) });
      i = end;
    } else {
      if (c === '\\' && i + 1 < pattern.length) i++;
      tokens.push({ kind: 'character', text: pattern[i] ?? '' });
    }
  }
  return tokens;
}
