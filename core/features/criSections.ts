/** The CRI tables of a version 2 file, line by line, put under the headers that version 3 has for them. Comments go along. */
import { placeInVersion3, type Place } from '../schema/migration';
import type { TextRange } from '../text/ranges';
import type { TomlAssignment, TomlDocument, TomlHeader, TomlTable, TomlValue } from '../toml/document';
import { printKey, printKeyPath } from '../toml/lookup';
import { satisfies, type Version } from '../versions/versions';
import { lineEnd, lineStart } from './tomlRemoval';

/** Headers that follow each other in the file, with nothing of another plugin between them. */
export interface Run {
  readonly range: TextRange;
  readonly headers: readonly TomlHeader[];
}

interface Section {
  readonly title: string;
  readonly lines: string[];
}

/** The sections of all runs in their new order, as one text without a line break at its end. */
export function movedSections(document: TomlDocument, runs: readonly Run[], version: Version): string {
  const sections = new Map<string, Section>();
  for (const { headers, range } of runs) {
    let from = range.start;
    for (const header of headers) {
      const own = document.assignments.filter((assignment) => assignment.header === header);
      from = addHeader(sections, document.text, header, from);
      for (const assignment of own) from = addAssignment(sections, document.text, assignment, from, version);
    }
  }
  return [...sections.values()].map(({ title, lines }) => [title, ...lines].join('\n')).join('\n\n');
}

/** Below `plugins."io.containerd.grpc.v1.cri"`. */
export function belowCri(path: readonly { readonly name: string }[]): readonly string[] {
  return path.slice(2).map(({ name }) => name);
}

/** Whether what stands right below goes to different places, or under other names. */
export function isMixed(path: readonly string[]): boolean {
  const [first, second] = path;
  if (path.length <= 1) return first === undefined || first === 'containerd' || first === 'cni';
  return first === 'containerd' && second === 'runtimes' && path.length <= 3;
}

/** The place of a key in version 3; `bin_dirs` of 2.1+ takes a list. */
export function placeOf(path: readonly string[], version: Version): Place {
  const place = placeInVersion3(path);
  return isBinDir(path, version) ? { ...place, path: ['cni', 'bin_dirs'] } : place;
}

function isBinDir(path: readonly string[], version: Version): boolean {
  return path.length === 2 && path[0] === 'cni' && path[1] === 'bin_dir' && satisfies(version, '>=2.1.0');
}

/** Comments above a header stay above it; where the header itself goes to more than one place, above what comes first. */
function addHeader(sections: Map<string, Section>, text: string, header: TomlHeader, from: number): number {
  const path = belowCri(header.path);
  const end = lineEnd(text, header.range.end);
  const splits = path.length === 0 || (path.length === 1 && path[0] === 'containerd');
  if (splits) {
    // Nothing is lost: the first line below takes the comments along.
    return commentsIn(text.slice(from, end)) === '' ? end + 1 : from;
  }
  const comments = commentsIn(text.slice(from, lineStart(text, header.range.start)));
  const section = sectionAt(sections, placeInVersion3(path), indentOf(text, header.range.start), comments);
  const behind = text.slice(header.range.end, end).trim();
  if (behind !== '') section.lines.push(`${indentOf(text, header.range.start)}  ${behind}`);
  return end + 1;
}

function addAssignment(sections: Map<string, Section>, text: string, assignment: TomlAssignment, from: number, version: Version): number {
  const { header, path, value, range } = assignment;
  const table = belowCri(header?.path ?? []);
  const indent = indentOf(text, range.start);
  const end = lineEnd(text, range.end);
  const comments = commentsIn(text.slice(from, lineStart(text, range.start)));
  const all = leaves([...table, ...path.map(({ name }) => name)], value);
  for (const [i, leaf] of all.entries()) {
    const place = placeOf(leaf.path, version);
    const base = baseOf(leaf.path, place, leaf.value === value ? table : leaf.path.slice(0, -1));
    const section = sectionAt(sections, { ...place, path: base }, indentOf(text, header?.range.start ?? 0), '');
    if (i === 0 && comments !== '') section.lines.push(comments);
    if (!leaf.value) continue;
    const written = text.slice(leaf.value.range.start, leaf.value === value ? end : leaf.value.range.end);
    const listed = isBinDir(leaf.path, version) ? `[${text.slice(leaf.value.range.start, leaf.value.range.end)}]` : written;
    section.lines.push(`${indent}${place.path.slice(base.length).map(printKey).join('.')} = ${listed}`);
  }
  return end + 1;
}

/** The header that a key belongs under: the one that it stood under, where that goes the same way. */
function baseOf(path: readonly string[], place: Place, table: readonly string[]): readonly string[] {
  if (path.length === 1 && path[0] === 'sandbox_image') return ['pinned_images'];
  const moved = placeInVersion3(table).path;
  const follows = moved.length < place.path.length && moved.every((name, i) => place.path[i] === name);
  return follows ? moved : [];
}

/** What an assignment says, inline tables of which not everything goes the same way taken apart. Without a value: an empty table. */
function leaves(
  path: readonly string[],
  value: TomlValue,
): readonly { readonly path: readonly string[]; readonly value: TomlValue | undefined }[] {
  if (value.kind !== 'table' || (value.form === 'inline' && !isMixed(path))) return [{ path, value }];
  if (value.entries.size === 0) return path.length < 2 ? [] : [{ path: [...path, ''], value: undefined }];
  return entriesOf(value).flatMap(([name, entry]) => leaves([...path, name], entry));
}

function entriesOf(table: TomlTable): readonly (readonly [string, TomlValue])[] {
  return [...table.entries].map(([name, { value }]) => [name, value]);
}

function sectionAt(sections: Map<string, Section>, { plugin, path }: Place, indent: string, comments: string): Section {
  const header = printKeyPath(['plugins', plugin, ...path]);
  const known = sections.get(header);
  if (known) {
    if (comments !== '') known.lines.push(comments);
    return known;
  }
  const section = { title: `${comments === '' ? '' : `${comments}\n`}${indent}[${header}]`, lines: [] };
  sections.set(header, section);
  return section;
}

/** Comments on lines of their own, and those behind headers. */
function commentsIn(gap: string): string {
  return gap
    .split(/\r?\n/)
    .map((line) => line.trimEnd().replace(headerBeforeComment, '$1'))
    .filter((line) => line.trimStart().startsWith('#'))
    .join('\n');
}

const headerBeforeComment = /^([ \t]*)\[(?:[^"'#\]]|"(?:[^"\\]|\\.)*"|'[^']*')*\][ \t]*(?=#)/;

function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}
