/** *Migrate to version 3*: a config.toml of version 1 or 2 rewritten in place, comments kept. */
import { isTemplate } from '../config/template';
import { cri, criImages, criRuntime, fullPluginId, renamedPlugins } from '../schema/migration';
import { configKey } from '../schema/schema';
import { message, type Message } from '../text/message';
import { applyEdits, type TextEdit } from '../text/ranges';
import type { TomlAssignment, TomlDocument, TomlHeader, TomlKey, TomlTable } from '../toml/document';
import { printKeyPath, printString, valueAt } from '../toml/lookup';
import { parse } from '../toml/parse';
import { formatVersion, parseVersion, satisfies, type Version } from '../versions/versions';
import { isMixed, movedSections, placeOf, type Run } from './criSections';
import type { MigrationInput } from './migrateMirrors';
import { configVersionOf, type Migration } from './migration';
import { fullPath, lineEnd, lineStart } from './tomlRemoval';

export function migrateVersion({ path, parsed, version }: MigrationInput): Migration {
  const { document } = parsed;
  if (isTemplate(path)) return refused('template');
  if (parsed.errors.length > 0) return refused('not-toml');
  if (satisfies(version, '<2.0.0')) return refused('old-release', { version: formatVersion(version) });
  const from = configVersionOf(document.root);
  if (from >= 3) return refused('is-version', { version: from });
  const plugins = tableAt(document.root, ['plugins']);
  if (plugins?.entries.has(criImages) === true || plugins?.entries.has(criRuntime) === true) return refused('both-tables');
  const edits = [...versionEdits(document), ...listEdits(document, from), ...pluginEdits(document, from, version)];
  const isWhole = parse(applyEdits(document.text, edits)).errors.length === 0 && !hasInlinePlugins(document, from);
  return isWhole ? { ok: true, edits, files: [], notes: notesOn(document, from, version) } : refused('inline', { table: 'plugins' });
}

function refused(reason: string, args: Message['args'] = {}): Migration {
  return { ok: false, reason: message(`migrate/${reason}`, args) };
}

function versionEdits({ text, assignments }: TomlDocument): readonly TextEdit[] {
  const written = assignments.find((one) => !one.header && one.path.length === 1 && one.path[0]?.name === 'version');
  if (written) return [{ range: written.value.range, newText: '3' }];
  const start = text.startsWith('\ufeff') ? 1 : 0;
  return [{ range: { start, end: start }, newText: 'version = 3\n\n' }];
}

/** Short plugin names of version 1 in disabled_plugins and required_plugins. */
function listEdits({ root }: TomlDocument, from: number): readonly TextEdit[] {
  if (from > 1) return [];
  return ['disabled_plugins', 'required_plugins'].flatMap((name) => {
    const list = valueAt(root, [name]);
    const items = list?.kind === 'array' ? list.items : [];
    return items.flatMap((item) =>
      item.kind === 'string' && !item.value.includes('.') ? [{ range: item.range, newText: printString(fullPluginId(item.value)) }] : [],
    );
  });
}

function pluginEdits(document: TomlDocument, from: number, version: Version): readonly TextEdit[] {
  const runs = runsOf(document, from);
  const moved = runs.flatMap(({ headers }) => headers);
  const text = movedSections(document, runs, version);
  const sections = runs.map(({ range }, i) => ({ range, newText: i === 0 ? text : '' }));
  const renamed = document.headers.filter((header) => !moved.includes(header)).flatMap(({ path }) => renaming(path, 1, from));
  const outside = document.assignments.filter(({ header }) => !header || !moved.includes(header));
  return [...sections, ...renamed, ...outside.flatMap((one) => assignmentEdits(one, from, version))];
}

/** Headers of the CRI plugin that stand together, from the comments above the first to the last line of the last. */
function runsOf({ text, headers }: TomlDocument, from: number): readonly Run[] {
  const runs: { range: { start: number; end: number }; headers: TomlHeader[] }[] = [];
  let open: (typeof runs)[number] | undefined;
  for (const header of headers) {
    if (!isCriHeader(header, from)) open = undefined;
    else {
      const end = lineEnd(text, header.section.end);
      if (open) {
        open.range.end = end;
        open.headers.push(header);
      } else {
        open = { range: { start: commentsAbove(text, header), end }, headers: [header] };
        runs.push(open);
      }
    }
  }
  return runs;
}

function isCriHeader({ path, array }: TomlHeader, from: number): boolean {
  return !array && path[0]?.name === 'plugins' && path[1] !== undefined && newName(path[1].name, from) === cri;
}

function commentsAbove(text: string, { range }: TomlHeader): number {
  let start = lineStart(text, range.start);
  while (start > 0 && /^[ \t]*#/.test(text.slice(lineStart(text, start - 1), start))) start = lineStart(text, start - 1);
  return start;
}

function newName(name: string, from: number): string {
  const full = from <= 1 ? fullPluginId(name) : name;
  return renamedPlugins.get(full) ?? full;
}

/** The plugin's name where it stands at `index` of a header or key. */
function renaming(path: readonly TomlKey[], index: number, from: number): readonly TextEdit[] {
  const key = path[index];
  if (!key || (index === 1 && path[0]?.name !== 'plugins')) return [];
  const name = newName(key.name, from);
  return name === key.name ? [] : [{ range: key.range, newText: printString(name) }];
}

/** Dotted keys above the plugin's own table: of the CRI plugin the whole key changes, of others the name. */
function assignmentEdits(assignment: TomlAssignment, from: number, version: Version): readonly TextEdit[] {
  const full = fullPath(assignment);
  const above = assignment.header?.path.length ?? 0;
  if (full[0] !== 'plugins' || above > 1 || full.length < 2) return [];
  if (newName(full[1] ?? '', from) !== cri) return renaming(assignment.path, 1 - above, from);
  const place = placeOf(full.slice(2), version);
  const [first, last] = [assignment.path[0], assignment.path.at(-1)];
  if (!first || !last) return [];
  const key = printKeyPath(['plugins', place.plugin, ...place.path].slice(above));
  const { range } = assignment.value;
  const list = place.path.at(-1) === 'bin_dirs' && full.at(-1) === 'bin_dir';
  return [
    { range: { start: first.range.start, end: last.range.end }, newText: key },
    ...(list ? [insertion(range.start, '['), insertion(range.end, ']')] : []),
  ];
}

function insertion(offset: number, newText: string): TextEdit {
  return { range: { start: offset, end: offset }, newText };
}

/** Tables of plugins as values: what is in them would have to be taken apart where there is no section to put it in. */
function hasInlinePlugins({ assignments, headers }: TomlDocument, from: number): boolean {
  const arrays = headers.some(({ path, array }) => array && path[0]?.name === 'plugins' && newName(path[1]?.name ?? '', from) === cri);
  return (
    arrays ||
    assignments.some((one) => {
      const full = fullPath(one);
      const isAbove = (one.header?.path.length ?? 0) < 2;
      if (!isAbove || full[0] !== 'plugins' || one.value.kind !== 'table') return false;
      return full.length < 2 || (newName(full[1] ?? '', from) === cri && isMixed(full.slice(2)));
    })
  );
}

const newest1x = parseVersion('1.7');

function notesOn(document: TomlDocument, from: number, version: Version): readonly Message[] {
  const name = [...(tableAt(document.root, ['plugins'])?.entries.keys() ?? [])].find((one) => newName(one, from) === cri);
  const table = name === undefined ? undefined : tableAt(document.root, ['plugins', name]);
  const imports = valueAt(document.root, ['imports']);
  const hasImports = imports?.kind === 'array' && imports.items.length > 0;
  const isNew = table !== undefined && from <= 1 && satisfies(version, '>=2.0.0 <2.3.0');
  return [
    ...(isNew ? [message('migrate/counts-now', { version: formatVersion(version) })] : []),
    ...(table ? lostKeys(table) : []),
    ...(table ? goneKeys(table, version) : []),
    ...(hasImports ? [message('migrate/imports')] : []),
  ];
}

/** migrateConfig of plugins/cri/images gives up without `runtimes`, so these had no effect in 2.x until now. */
function lostKeys(table: TomlTable): readonly Message[] {
  const containerd = tableAt(table, ['containerd']);
  if (!containerd || containerd.entries.has('runtimes')) return [];
  const lost = [...containerd.entries.keys()].filter((key) => placeOf(['containerd', key], noVersion).plugin === criImages);
  return lost.map((key) => message('migrate/lost-by-containerd', { key }));
}

const noVersion: Version = { major: 2, minor: 0, patch: 0 };

function goneKeys(table: TomlTable, version: Version): readonly Message[] {
  const paths = leafPaths(table, []);
  const gone = paths.filter((path) => {
    const place = placeOf(path, version);
    const was = newest1x && configKey(cri, path, newest1x);
    return was && !isKnown(place.plugin, place.path, version);
  });
  return gone.map((path) => message('migrate/no-such-key', { key: printKeyPath(path), version: formatVersion(version) }));
}

/** A map has names of the author's choice: pinned_images.sandbox is known as pinned_images. */
function isKnown(plugin: string, path: readonly string[], version: Version): boolean {
  const map = configKey(plugin, path.slice(0, -1), version)?.type.startsWith('map<') ?? false;
  return map || configKey(plugin, path, version) !== undefined;
}

function leafPaths(table: TomlTable, above: readonly string[]): readonly (readonly string[])[] {
  return [...table.entries].flatMap(([name, { value }]) =>
    value.kind === 'table' ? leafPaths(value, [...above, name]) : [[...above, name]],
  );
}

function tableAt(table: TomlTable, path: readonly string[]): TomlTable | undefined {
  const value = valueAt(table, path);
  return value?.kind === 'table' ? value : undefined;
}
