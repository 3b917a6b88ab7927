/** *Migrate mirrors to certs.d*: registry.mirrors and configs.tls of one config.toml become hosts.toml files. */
import { isTemplate } from '../config/template';
import { notReadReason } from '../hosts/directory';
import type { ConfigTree } from '../ports';
import { cri, criImages } from '../schema/migration';
import { message, type Message } from '../text/message';
import { applyEdits, type TextEdit } from '../text/ranges';
import type { ParsedToml, TomlDocument, TomlTable, TomlValue } from '../toml/document';
import { printString, valueAt } from '../toml/lookup';
import { parse } from '../toml/parse';
import { formatVersion, satisfies, type Version } from '../versions/versions';
import { configVersionOf, filePlace, type Migration } from './migration';
import { mirrorHostsFiles, type HostsFileText, type LegacyRegistry, type LegacyTls } from './mirrorHostsFiles';
import { fullPath, lineEnd, lineStart, removals, startsWith, withLead } from './tomlRemoval';

export interface MigrationInput {
  readonly path: string;
  readonly parsed: ParsedToml;
  readonly version: Version;
  readonly tree: ConfigTree;
}

export const usualCertsD = '/etc/containerd/certs.d';

/** Only what stands in this file is moved, not what it imports. */
export function migrateMirrors({ path, parsed, version, tree }: MigrationInput): Migration {
  const { document } = parsed;
  if (isTemplate(path)) return refused('template');
  if (parsed.errors.length > 0) return refused('not-toml');
  const registryPath = registryPathIn(document.root);
  const registry = registryPath && tableAt(document.root, registryPath);
  if (!registryPath || !registry) return refused('nothing-to-move');
  const edits = configEdits(document, registryPath, registry);
  if (!edits) return { ok: false, reason: message('migrate/inline', { table: 'registry' }) };
  const notes: Message[] = [];
  const legacy = legacyOf(registry, version, notes);
  const certsD = firstFolder(stringAt(registry, 'config_path')) ?? usualCertsD;
  const files = mirrorHostsFiles(legacy, (note) => notes.push(note))
    .map((file) => ({ ...file, path: `${certsD}/${file.folder}/hosts.toml` }))
    .filter((file) => isWanted(file, version, notes) && !isThere(file.path, { path, tree }, notes));
  notes.push(...fileNotes(document, registryPath, version));
  return { ok: true, edits, files: files.map(({ path: place, text }) => ({ path: place, text })), notes: onceEach(notes) };
}

/** What stands outside the registry table and decides whether the moved settings count. */
function fileNotes({ root }: TomlDocument, registryPath: readonly string[], version: Version): readonly Message[] {
  const table = registryPath[1] ?? '';
  const isRead = configVersionOf(root) > 1 || readsWithoutVersion(table, version);
  return [
    ...(isRead ? [] : [message('migrate/no-version', { table, version: formatVersion(version) })]),
    ...(stringsOf(valueAt(root, ['imports'])).length > 0 ? [message('migrate/imported-mirrors')] : []),
  ];
}

/** Of a file without `version`: 1.x looks for short names, 2.0–2.2 take it for a version 3 file, 2.3 moves both kinds of names. */
function readsWithoutVersion(table: string, version: Version): boolean {
  if (satisfies(version, '<2.0.0')) return table === 'cri';
  return table === criImages || satisfies(version, '>=2.3.0');
}

function refused(reason: string): Migration {
  return { ok: false, reason: message(`migrate/${reason}`) };
}

/** Where the CRI plugin's registry table stands, by the file's version; undefined when it has nothing to move. */
function registryPathIn(root: TomlTable): readonly string[] | undefined {
  return [criImages, cri, 'cri']
    .map((plugin) => ['plugins', plugin, 'registry'])
    .find((path) => {
      const registry = tableAt(root, path);
      return registry && (registry.entries.has('mirrors') || configsWithTls(registry).length > 0);
    });
}

function configsWithTls(registry: TomlTable): readonly (readonly [string, TomlTable])[] {
  return tablesIn(tableAt(registry, ['configs'])).filter(([, config]) => config.entries.has('tls'));
}

function legacyOf(registry: TomlTable, version: Version, notes: Message[]): LegacyRegistry {
  const mirrors = new Map<string, readonly string[]>();
  for (const [name, mirror] of tablesIn(tableAt(registry, ['mirrors']))) {
    mirrors.set(name, stringsOf(mirror.entries.get('endpoint')?.value));
    for (const key of [...mirror.entries.keys()].filter((one) => one !== 'endpoint'))
      notes.push(message('migrate/key-left', { key, name }));
  }
  const tls = new Map<string, LegacyTls>();
  for (const [host, config] of tablesIn(tableAt(registry, ['configs']))) {
    const settings = tableAt(config, ['tls']);
    if (settings) tls.set(host, tlsOf(settings));
    if (settings && satisfies(version, '>=2.0.0')) notes.push(message('migrate/tls-again', { host, version: formatVersion(version) }));
    if (config.entries.has('auth')) notes.push(message('migrate/auth-stays', { host }));
  }
  if (registry.entries.has('auths')) notes.push(message('migrate/auths-stay'));
  return { mirrors, tls };
}

function tlsOf(settings: TomlTable): LegacyTls {
  const skip = settings.entries.get('insecure_skip_verify')?.value;
  const [caFile, certFile, keyFile] = ['ca_file', 'cert_file', 'key_file'].map((key) => stringAt(settings, key));
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
    ...(skip?.kind === 'boolean' && { skipVerify: skip.value }),
  };
}

/** A file that no pull would read helps nobody. */
function isWanted(file: HostsFileText & { readonly path: string }, version: Version, notes: Message[]): boolean {
  const reason = notReadReason(file.path, version);
  if (reason === 'default-unknown') notes.push(message('migrate/default-unknown', { version: formatVersion(version) }));
  else if (reason !== undefined) notes.push(message('migrate/not-read', { name: file.name }));
  else return true;
  return false;
}

/** What is there is a person's. */
function isThere(path: string, { path: config, tree }: Pick<MigrationInput, 'path' | 'tree'>, notes: Message[]): boolean {
  const place = filePlace(config, path, tree);
  if (tree.stat(place) === 'missing') return false;
  notes.push(message('migrate/exists', { path: place }));
  return true;
}

/** Without the tables that moved, with config_path; undefined when the way they are written does not allow it. */
function configEdits(document: TomlDocument, path: readonly string[], registry: TomlTable): readonly TextEdit[] | undefined {
  const removed = [[...path, 'mirrors'], ...configPaths(registry).map((below) => [...path, ...below])].map((one) =>
    removals(document, one),
  );
  const set = firstFolder(stringAt(registry, 'config_path')) === undefined ? configPathEdit(document, path) : [];
  if (!set || removed.some((one) => !one)) return undefined;
  const edits = merged([...set, ...removed.flatMap((one) => one ?? [])]);
  const after = parse(applyEdits(document.text, edits));
  const left = tableAt(after.document.root, path);
  const isClean = after.errors.length === 0 && left && !left.entries.has('mirrors') && configsWithTls(left).length === 0;
  return isClean && firstFolder(stringAt(left, 'config_path')) !== undefined ? edits : undefined;
}

/** Only `tls` of a host that has more, else the host, and the whole table when all its hosts go. */
function configPaths(registry: TomlTable): readonly (readonly string[])[] {
  const withTls = configsWithTls(registry);
  const whole = withTls.filter(([, config]) => config.entries.size === 1);
  if (whole.length > 0 && whole.length === tableAt(registry, ['configs'])?.entries.size) return [['configs']];
  return withTls.map(([host, config]) => ['configs', host, ...(config.entries.size === 1 ? [] : ['tls'])]);
}

function configPathEdit(document: TomlDocument, path: readonly string[]): readonly TextEdit[] | undefined {
  const { text, headers, assignments } = document;
  const line = `config_path = ${printString(usualCertsD)}`;
  const names = (keys: readonly { readonly name: string }[]) => keys.map(({ name }) => name);
  const empty = assignments.find((one) => fullPath(one).join('\0') === [...path, 'config_path'].join('\0'));
  if (empty) return [{ range: empty.value.range, newText: printString(usualCertsD) }];
  const own = headers.find((header) => !header.array && names(header.path).join('\0') === path.join('\0'));
  if (own) return [insertion(lineEnd(text, own.range.end), `\n${indentAt(text, own.range.start)}  ${line}`)];
  const dotted = assignments.find((one) => startsWith(fullPath(one), path) && (one.header?.path.length ?? 0) < path.length);
  const depth = path.length - (dotted?.header?.path.length ?? 0);
  const [first, last] = [dotted?.path[0], dotted?.path[depth - 1]];
  if (dotted && first && last && dotted.path.length > depth) {
    const start = withLead(text, dotted.range).start;
    return [insertion(start, `${indentAt(text, first.range.start)}${text.slice(first.range.start, last.range.end)}.${line}\n`)];
  }
  const below = headers.find((header) => startsWith(names(header.path), path));
  const [from, to] = [below?.path[0], below?.path[path.length - 1]];
  if (!below || !from || !to) return undefined;
  const indent = indentAt(text, below.range.start);
  const start = withLead(text, below.section).start;
  const gap = start === 0 ? '' : '\n';
  return [insertion(start, `${gap}${indent}[${text.slice(from.range.start, to.range.end)}]\n${indent}  ${line}\n`)];
}

function insertion(offset: number, newText: string): TextEdit {
  return { range: { start: offset, end: offset }, newText };
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** An insertion where a removal begins becomes its new text: the two must not meet. */
function merged(edits: readonly TextEdit[]): readonly TextEdit[] {
  const result: TextEdit[] = [];
  for (const edit of edits) {
    const at = result.findIndex(({ range }) => range.start === edit.range.start);
    const before = result[at];
    if (!before) result.push(edit);
    else result[at] = { range: edit.range.end > before.range.end ? edit.range : before.range, newText: before.newText + edit.newText };
  }
  return result;
}

function tableAt(table: TomlTable, path: readonly string[]): TomlTable | undefined {
  const value = valueAt(table, path);
  return value?.kind === 'table' ? value : undefined;
}

function tablesIn(table: TomlTable | undefined): readonly (readonly [string, TomlTable])[] {
  return [...(table?.entries ?? [])].flatMap(([name, { value }]) => (value.kind === 'table' ? [[name, value] as const] : []));
}

function stringAt(table: TomlTable, key: string): string | undefined {
  const value = table.entries.get(key)?.value;
  return value?.kind === 'string' ? value.value : undefined;
}

function stringsOf(value: TomlValue | undefined): readonly string[] {
  return value?.kind === 'array' ? value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])) : [];
}

function firstFolder(configPath: string | undefined): string | undefined {
  return configPath?.split(':').find((folder) => folder.startsWith('/'));
}

function onceEach(notes: readonly Message[]): readonly Message[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}
