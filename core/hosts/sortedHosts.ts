/** hosts.go getSortedHosts: which host tables containerd tries, and in which order. */
import type { TomlDocument, TomlEntry, TomlKey, TomlTable } from '../toml/document';
import type { Version } from '../versions/versions';
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
  readonly problems: readonly HostsProblem[];
}

export function sortedHosts(document: TomlDocument, members: readonly HostMember[], version: Version): SortedHosts {
  const misfits = misfitProblems(document.root, version);
  const listed = members.filter((member) => member.listed);
  const names = libraryOf(version) === 'v1' ? byLine(listed) : byHeader(document);
  const tried = new Set(names);
  const lost = members.filter((member) => !tried.has(member.name) || !member.listed).map(lostProblem);
  return { names, problems: [...misfits, ...lost] };
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
function misfitProblems(root: TomlTable, version: Version): readonly HostsProblem[] {
  const host = root.entries.get('host')?.value;
  if (host?.kind !== 'table') return [];
  const misfits = [...host.entries.values()].filter(({ value }) => value.kind !== 'table' && value.kind !== 'invalid');
  const panics = libraryOf(version) === 'v1' && host.entries.size > 1;
  return misfits.map(({ key, value }) =>
    panics
      ? { code: 'panics', effect: 'fatal', range: key.range, args: { key: key.name } }
      : {
          code: 'wrong-type',
          effect: 'dropped',
          range: key.range,
          args: { key: `host.${key.name}`, wanted: 'a table', found: `a ${value.kind}` },
        },
  );
}
