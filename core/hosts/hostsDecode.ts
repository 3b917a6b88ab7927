/** hosts.go parseHostsFile: what a release makes of the text of a hosts.toml, and the problems on the way. */
import { satisfies, type Version } from '../versions/versions';
import type { ConfigTree } from '../ports';
import type { TextRange } from '../text/ranges';
import type { ParsedToml, TomlDocument, TomlTable } from '../toml/document';
import { decoderProblem, documentOfV1 } from '../toml/goToml';
import { printKey, printKeyPath } from '../toml/lookup';
import { typeContext, typeProblem, type TypeContext } from './fieldTypes';
import { parseHostConfig, type HostConfig, type HostConfigContext } from './hostConfig';
import type { HostField, HostFields, HostsFile, HostsProblem } from './hostsFile';
import { decodes, libraryOf, takeFields, type LeftKey, type TakenFields } from './library';
import { registryHost } from './registryHost';
import { hostMembers, sortedHosts, type HostMember } from './sortedHosts';
import { tlsFileProblems } from './tlsFiles';

export interface DecodeContext {
  /** Absolute path of the file on its machine. */
  readonly path: string;
  readonly version: Version;
  readonly tree: ConfigTree;
}

/** One entry before ConfigureHosts puts the default host in. */
export interface DecodedHost {
  readonly name: string | undefined;
  readonly table: TomlTable;
  readonly range: TextRange;
  readonly fields: HostFields;
  readonly config: HostConfig;
}

export interface DecodedFile {
  readonly outcome: HostsFile['outcome'];
  readonly problems: readonly HostsProblem[];
  /** Empty when dropped. */
  readonly hosts: readonly DecodedHost[];
}

/** The file as rules and editor features see it. */
export function decodeHostsFile(parsed: ParsedToml, context: DecodeContext): HostsFile {
  const { outcome, problems, hosts } = parseHostsFile(parsed, context);
  return { outcome, problems, entries: hosts.map(({ config, ...entry }) => ({ ...entry, host: registryHost(config, context.version) })) };
}

/** The file as ConfigureHosts goes on with it. An empty one is not decoded at all (hosts.go loadHostDir). */
export function parseHostsFile(parsed: ParsedToml, context: DecodeContext): DecodedFile {
  if (parsed.document.text === '') return { outcome: 'used', problems: [], hosts: [] };
  const refused = syntaxProblem(parsed, context.version);
  if (refused && libraryOf(context.version) === 'v1') return { outcome: 'dropped', problems: [refused], hosts: [] };
  const document = libraryOf(context.version) === 'v1' ? documentOfV1(parsed) : parsed.document;
  const decoded = decodeTables(document, context);
  if (refused) {
    const until = decodedUntil(document, refused.range);
    const problems = [...decoded.refusals.filter(({ range }) => range.start < until), refused];
    return { outcome: outcomeOf(problems), problems, hosts: [] };
  }
  const missing = hostTreeProblem(document.root, context.version);
  const found = [...(missing ? [missing] : []), ...decoded.refusals, ...decoded.problems];
  const refusal = outcomeOf(found);
  if (refusal === 'dropped' || refusal === 'fatal') return { outcome: refusal, problems: found, hosts: [] };
  // Only a file that was decoded gets as far as the files that it names.
  const files = decoded.hosts.flatMap(({ config }) => tlsFileProblems(context.tree, config));
  const problems = [...found, ...files];
  return { outcome: outcomeOf(problems), problems, hosts: decoded.hosts };
}

/** containerd ends at the first thing that it does not take. */
function outcomeOf(problems: readonly HostsProblem[]): HostsFile['outcome'] {
  const end = problems.find(({ effect }) => effect === 'dropped' || effect === 'fatal');
  if (end) return end.effect === 'fatal' ? 'fatal' : 'dropped';
  return problems.some(({ effect }) => effect === 'ignored') ? 'partly-ignored' : 'used';
}

/** v2 decodes each header and assignment as it reads it: where the one starts that `refusal` stands in. */
function decodedUntil({ text, assignments }: TomlDocument, { start }: TextRange): number {
  const last = assignments.findLast(({ range }) => range.start <= start);
  if (!last) return start;
  const end = text.indexOf('\n', last.range.end);
  return end < 0 || start <= end ? last.range.start : start;
}

function syntaxProblem(parsed: ParsedToml, version: Version): HostsProblem | undefined {
  const problem = decoderProblem(parsed, version, decodes(version));
  if (!problem) return undefined;
  const prefix = libraryOf(version) === 'v1' ? 'failed to parse TOML: ' : '';
  return {
    code: 'not-toml',
    effect: 'dropped',
    range: problem.range,
    args: { ...problem.args, code: problem.code },
    ...(problem.text === undefined ? {} : { text: `${prefix}${problem.text}` }),
  };
}

/** hosts.go getSortedHosts demanded a `host` table up to 1.7.31 and in its own spelling. */
function hostTreeProblem(root: TomlTable, version: Version): HostsProblem | undefined {
  if (satisfies(version, '>=1.7.32') || root.entries.get('host')?.value.kind === 'table') return undefined;
  const written = root.entries.get('host') ?? root.entries.values().next().value;
  return {
    code: 'no-host-table',
    effect: 'dropped',
    range: written?.key.range ?? { start: 0, end: 0 },
    args: {},
    text: 'invalid `host` tree',
  };
}

interface DecodedHosts {
  readonly hosts: readonly DecodedHost[];
  readonly problems: readonly HostsProblem[];
}

interface DecodedTables extends DecodedHosts {
  /** What Unmarshal ends at, in the order of the library, before anything else is looked at. */
  readonly refusals: readonly HostsProblem[];
}

/** Unmarshal, then parseHostConfig for each host in order and for the top level. */
function decodeTables(document: TomlDocument, { version, path }: DecodeContext): DecodedTables {
  const top = takeFields(document.root, 'top', version);
  const members = hostMembers(top).map((member) => ({ ...member, ...takeFields(member.table, 'host', version) }));
  const order = sortedHosts(document, members, version);
  const typed = typeContext(document.text, version);
  const types = [...typeProblems(top, typed('top')), ...members.flatMap((member) => typeProblems(member, typed('host')))];
  const context = { version, baseDir: path.slice(0, path.lastIndexOf('/')) || '/' };
  const named = namedHosts(order.names, new Map(members.filter(({ listed }) => listed).map((member) => [member.name, member])), context);
  const last = topHost(document.root, top, context);
  const refusals = [...order.refusals, ...types];
  if (libraryOf(version) === 'v2') refusals.sort((a, b) => a.range.start - b.range.start);
  return { hosts: [...named.hosts, ...last.hosts], refusals, problems: [...order.lost, ...named.problems, ...last.problems] };
}

function namedHosts(
  names: readonly string[],
  members: ReadonlyMap<string, HostMember & TakenFields>,
  context: HostConfigContext,
): DecodedHosts {
  const hosts: DecodedHost[] = [];
  const problems: HostsProblem[] = [];
  const reported = new Set<string>();
  for (const name of names) {
    const member = members.get(name);
    if (!member) continue;
    const { table, key, fields } = member;
    const { config, problems: found } = parseHostConfig({ text: name, range: key.range, key: 'host' }, fields, context);
    const said = reported.has(name) ? [] : [...found, ...leftProblems(member.left, ['host', name])];
    for (const problem of said) problems.push(problem);
    reported.add(name);
    hosts.push({ name, table, range: key.range, fields, config });
  }
  return { hosts, problems };
}

function topHost(table: TomlTable, { fields, left }: TakenFields, context: HostConfigContext): DecodedHosts {
  const server = fields.get('server')?.value;
  const url = server?.kind === 'string' ? { text: server.value, range: server.range } : { text: '', range: { start: 0, end: 0 } };
  const { config, problems } = parseHostConfig({ ...url, key: 'server' }, fields, context);
  const lost = libraryOf(context.version) === 'v1' ? left : left.filter((key) => !isMerged(key));
  return { hosts: [{ name: undefined, table, range: url.range, fields, config }], problems: [...problems, ...leftProblems(lost, [])] };
}

/** v2 puts the tables of `host` in any case into one map. */
function isMerged({ why, known, entry }: LeftKey): boolean {
  return why === 'twice' && known?.name === 'host' && entry.value.kind === 'table';
}

/** v2 decodes a key that is there in two cases twice, and what wins says nothing about what fits. */
function typeProblems({ fields, left }: TakenFields, context: TypeContext): readonly HostsProblem[] {
  const decoded: readonly (readonly [string, HostField])[] = [
    ...fields,
    ...left.flatMap(({ entry, why, known }) =>
      why === 'twice' && known && context.library === 'v2' ? [[known.name, entry] as const] : [],
    ),
  ];
  return decoded.map(([name, field]) => typeProblem(name, field, context)).filter((problem) => problem !== undefined);
}

function leftProblems(left: readonly LeftKey[], path: readonly string[]): readonly HostsProblem[] {
  return left.map((key) => leftProblem(key, path));
}

function leftProblem({ entry, why, known }: LeftKey, path: readonly string[]): HostsProblem {
  const { name, range } = entry.key;
  const where = path.length === 0 ? 'top' : 'host';
  const shared = { effect: 'ignored', range, key: ignoredKey([...path, name]) } as const;
  switch (why) {
    case 'unknown':
      return { ...shared, code: 'unknown-key', args: { key: name, where } };
    case 'case':
      return { ...shared, code: 'key-case', args: { key: name, known: known?.name ?? '' } };
    case 'too-new':
      return { ...shared, code: 'key-too-new', args: { key: name, releases: known?.releases ?? '' } };
    case 'twice':
      return { ...shared, code: 'key-twice', args: { key: name, winner: known?.name ?? '' } };
  }
}

/** As contract.md prints it: a host's URL is always quoted. */
export function ignoredKey(path: readonly string[]): string {
  const [first = '', name, ...rest] = path;
  if (name === undefined) return printKey(first);
  return [printKey(first), JSON.stringify(name), ...(rest.length > 0 ? [printKeyPath(rest)] : [])].join('.');
}
