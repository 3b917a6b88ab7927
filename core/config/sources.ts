import type { ConfigTree } from '../ports';
import type { TextRange } from '../text/ranges';
import { decoderProblem } from '../toml/goToml';
import { parse } from '../toml/parse';
import type { ParsedToml } from '../toml/document';
import { satisfies, type Version } from '../versions/versions';
import { hasPlace } from './decode';
import type { ConfigProblem, ConfigSource } from './configFile';
import { importsOf, type Import } from './imports';
import { isFilledInLater } from './template';
import { entryOf, settingsOf, type Setting, type Settings } from './settings';

/** One file of the configuration as it was read, before anything is merged. */
export interface LoadedFile extends ConfigSource {
  readonly settings: Settings;
  /** `version` as written; 0 when there is none. */
  readonly version: number;
  readonly versionSetting: Setting | undefined;
  /** The entry of `imports` that named it; undefined for the root file. */
  readonly importedBy: ImportedBy | undefined;
}

export interface ImportedBy {
  readonly path: string;
  readonly range: TextRange;
}

export interface SourcesInput {
  readonly path: string;
  readonly tree: ConfigTree;
  readonly version: Version;
  /** A file that is open in an editor: its text wins over the tree's. */
  readonly open?: ConfigSource;
}

/** A folder full of drop-ins is a mistake or an attack; containerd itself has no limit. */
const maxFiles = 256;

/** server config LoadConfig: the root file, then imports in the order named, each file once. */
export function readSources(input: SourcesInput): { readonly files: readonly LoadedFile[]; readonly problems: readonly ConfigProblem[] } {
  const files: LoadedFile[] = [];
  const problems: ConfigProblem[] = [];
  const seen = new Set<string>();
  const pending: { readonly path: string; readonly importedBy?: ImportedBy }[] = [{ path: input.path }];
  // Grows while it is walked: imports come behind what is pending already.
  for (const { path, importedBy } of pending) {
    if (files.length >= maxFiles) break;
    if (seen.has(path)) continue;
    seen.add(path);
    const parsed = parsedAt(path, input);
    if (!parsed) continue;
    const file = loadedFile(path, parsed, importedBy);
    files.push(file);
    problems.push(...syntaxProblems(file, input.version));
    for (const one of importsOf(parsed.document.root, path, input.tree, input.version)) {
      problems.push(...importProblems(one, file, input));
      for (const imported of one.paths) pending.push({ path: imported, importedBy: { path, range: one.pattern.range } });
    }
  }
  return { files, problems };
}

function parsedAt(path: string, { tree, open }: SourcesInput): ParsedToml | undefined {
  if (open?.path === path) return open.parsed;
  const text = tree.read(path);
  return text === undefined ? undefined : parse(text, { notUtf8: tree.notUtf8?.(path) ?? false });
}

function loadedFile(path: string, parsed: ParsedToml, importedBy: ImportedBy | undefined): LoadedFile {
  const settings = settingsOf(parsed.document.root, path);
  const versionSetting = settings.get('version') ?? [...settings].find(([name]) => name.toLowerCase() === 'version')?.[1];
  const value = versionSetting?.value;
  return { path, parsed, settings, versionSetting, importedBy, version: value?.kind === 'integer' ? Number(value.value) : 0 };
}

function syntaxProblems({ path, parsed }: LoadedFile, version: Version): ConfigProblem[] {
  if (isFilledInLater(path, parsed.document.text)) return [];
  const problem = decoderProblem(parsed, version, (at) => hasPlace(at, version));
  if (!problem) return [];
  const { code, range, args, text } = problem;
  return [{ code: 'not-toml', effect: 'exit', path, range, args: { ...args, toml: code }, ...(text !== undefined && { text }) }];
}

function importProblems(one: Import, file: LoadedFile, { tree, open }: SourcesInput): ConfigProblem[] {
  const { range, value } = one.pattern;
  if (one.meant !== undefined) {
    return [{ code: 'import-relative', effect: 'none', path: file.path, range, args: { import: value, meant: one.meant } }];
  }
  const found = one.paths.filter((path) => path === open?.path || tree.stat(path) === 'file');
  const at = { path: file.path, range, args: { import: value, path: one.paths[0] ?? value } };
  if (!one.mustExist || found.length > 0) return [];
  const missing = one.paths.every((path) => tree.stat(path) === 'missing');
  if (missing && !tree.rooted) return [{ ...at, code: 'import-not-here', effect: 'none' }];
  const text = `open ${one.paths[0] ?? value}: ${missing ? 'no such file or directory' : 'is not a readable file'}`;
  return [{ ...at, code: missing ? 'import-missing' : 'import-unreadable', effect: 'exit', ...(missing && { text }) }];
}

/** The settings of a file that its release knows under that name at the top level. */
export function topSetting(file: LoadedFile, name: string, version: Version): Setting | undefined {
  return entryOf(file.settings, name, version);
}

export function isVersion1(file: LoadedFile): boolean {
  return file.version <= 1;
}

/** Releases that check the version number of a 1.x configuration; older ones take any number for 2. */
export function checksMaximum(version: Version): boolean {
  return satisfies(version, '>=1.6.32 <1.7.0 || >=1.7.17');
}
