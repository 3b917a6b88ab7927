/** hosts.go getSortedHosts: which host tables containerd tries, and in which order. */
import type { TomlDocument, TomlEntry, TomlKey, TomlTable } from '../toml/document';
import type { Version } from '../versions/versions';
import { hasEarlyV2, panics, panicsOn } from './fieldTypes';
import type { HostsProblem } from './hostsFile';
import { libraryOf, type TakenFields } from './library';

/** An entry of the map that `host` is decoded into. */
export interface HostMember {
  readonly name: string;
  readonly key: TomlKey;
  readonly table: TomlTable;
  /** Under the word `host` itself, which is the only one that is looked at for the order. */
  readonly listed: boolean;
  /** `host`, or the case in which the file has it. */
  readonly word: string;
}

export function hostMembers({ fields, left }: TakenFields): readonly HostMember[] {
  const host = fields.get('host');
  const others = left.filter(({ why, known }) => why === 'twice' && known?.name === 'host').map(({ entry }) => entry);
  return [...(host ? [host] : []), ...others].flatMap(({ key, value }) =>
    value.kind === 'table' ? [...value.entries].flatMap(([name, entry]) => memberOf(name, entry, key)) : [],
  );
}

function memberOf(name: string, { key, value }: TomlEntry, word: TomlKey): readonly HostMember[] {
  return value.kind === 'table' ? [{ name, key, table: value, listed: word.name === 'host', word: word.name }] : [];
}

export interface SortedHosts {
  readonly names: readonly string[];
  /** What ends the decoding. */
  readonly refusals: readonly HostsProblem[];
  readonly lost: readonly HostsProblem[];
}

export function sortedHosts(document: TomlDocument, members: readonly HostMember[], version: Version): SortedHosts {
  const refusals =
    libraryOf(version) === 'v1'
      ? misfitsOfV1(document.root)
      : [...misfitsOfV2(document.root, version), ...lateSkipVerify(document, version)];
  const listed = members.filter((member) => member.listed);
  const names = libraryOf(version) === 'v1' ? byLine(listed) : byHeader(document);
  const tried = new Set(names);
  const lost = members.filter((member) => !tried.has(member.name) || !member.listed).map(lostProblem);
  return { names, refusals, lost };
}

/** v1 sorts by the line that a table starts on, and has none for inline tables: they come first, in no order among themselves. */
function byLine(members: readonly HostMember[]): readonly string[] {
  const isInline = ({ table }: HostMember): number => (table.form === 'inline' ? 0 : 1);
  return [...members].sort((a, b) => isInline(a) - isInline(b)).map(({ name }) => name);
}

/**
 * Since 2.0 the headers are read once more: each `[host.NAME…]` that names another host than the one before adds it, so that a host
 * whose headers do not stand together is tried twice, and one without a header is not tried.
 */
function byHeader({ headers }: TomlDocument): readonly string[] {
  const names: string[] = [];
  let last = '';
  for (const { path, array } of headers) {
    const [word, name] = path;
    if (array || word?.name !== 'host' || name === undefined || name.name === last) continue;
    last = name.name;
    names.push(last);
  }
  return names;
}

function lostProblem({ name, key, word, listed }: HostMember): HostsProblem {
  const shared = { effect: 'ignored', range: key.range, key: `${word}.${JSON.stringify(name)}` } as const;
  return listed ? { ...shared, code: 'host-not-in-header', args: { name } } : { ...shared, code: 'host-word-case', args: { name, word } };
}

/** Values under `[host]` that are no tables. v1 asserts their type while it sorts two or more, which panics. */
function misfitsOfV1(root: TomlTable): readonly HostsProblem[] {
  const host = root.entries.get('host')?.value;
  if (host?.kind !== 'table') return [];
  const misfits = misfitsIn(host);
  return host.entries.size > 1 ? misfits.map(({ key }) => panics(key.name, key.range)) : misfits.map(misfitProblem);
}

/** v2 decodes `host` in any case. */
function misfitsOfV2(root: TomlTable, version: Version): readonly HostsProblem[] {
  const hosts = [...root.entries.values()].filter(({ key }) => key.name.toLowerCase() === 'host');
  const misfits = hosts.flatMap(({ value }) => (value.kind === 'table' ? misfitsIn(value) : []));
  return misfits.map((entry) => (panicsOn(entry.value, version) ? panics(entry.key.name, entry.key.range) : misfitProblem(entry)));
}

function misfitsIn(host: TomlTable): readonly TomlEntry[] {
  return [...host.entries.values()].filter(({ value }) => value.kind !== 'table' && value.kind !== 'invalid');
}

function misfitProblem({ key, value }: TomlEntry): HostsProblem {
  const args = { key: `host.${key.name}`, wanted: 'a table', found: `a ${value.kind}` };
  return { code: 'wrong-type', effect: 'dropped', range: key.range, args };
}

/**
 * `host."https://…".skip_verify` as a dotted key, below another one of the same host: early v2 sets the pointer in a struct that it has
 * taken out of a map (unmarshaler.go handleKeyValuePart), and reflect panics.
 */
function lateSkipVerify({ assignments }: TomlDocument, version: Version): readonly HostsProblem[] {
  if (!hasEarlyV2(version)) return [];
  const there = new Set<string>();
  const problems: HostsProblem[] = [];
  for (const { path, header } of assignments) {
    const [word, host, field] = [...(header?.path ?? []), ...path];
    if ((header?.path.length ?? 0) > 1 || !field || !host || word?.name.toLowerCase() !== 'host') continue;
    if (there.has(host.name) && field.name.toLowerCase() === 'skip_verify') problems.push(panics('skip_verify', field.range));
    there.add(host.name);
  }
  return problems;
}
