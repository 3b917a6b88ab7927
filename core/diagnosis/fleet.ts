/** Many diagnoses as one: what is common, who differs. Memory grows with the kinds of findings, not with the nodes. */
import type { DiagnoseDocument } from '../protocol/diagnose';
import type { FleetDocument, FleetGroup, FleetOddity } from '../protocol/fleet';
import type { FindingDocument } from '../protocol/said';
import type { MessageArgs } from '../text/message';

export interface Fleet {
  add(document: DiagnoseDocument): void;
  unreachable(node: string, error: string): void;
  document(): FleetDocument;
}

/** Names that are kept of a group, and kinds of groups, values and failures: enough to read, too few to fill the memory. */
const maxNames = 40;
const maxKinds = 2000;
const maxUnreachable = 10_000;

export function fleet(): Fleet {
  const groups = new Map<string, Group>();
  const traits = new Map<string, Map<string, Names>>();
  const lost: { readonly node: string; readonly error: string }[] = [];
  let [nodes, ok] = [0, 0];
  return {
    add(document) {
      nodes += 1;
      if (document.ok) ok += 1;
      for (const one of groupsOf(document)) addTo(groups, keyOf(one), one, document.node);
      for (const [trait, value] of traitsOf(document)) addTrait(traits, trait, value, document.node);
    },
    unreachable(node, error) {
      nodes += 1;
      if (lost.length < maxUnreachable) lost.push({ node, error });
    },
    document: () => ({
      schema: 1,
      nodes,
      ok,
      groups: [...groups.values()]
        .map(({ names, ...group }): FleetGroup => ({ ...group, count: names.count, nodes: [...names.first].sort(byName) }))
        .sort((a, b) => Number(b.verdict) - Number(a.verdict) || b.count - a.count),
      unreachable: [...lost].sort((a, b) => byName(a.node, b.node)),
      odd: [...traits].flatMap(([trait, values]) => oddities(trait, values)),
    }),
  };
}

/** Nodes answer in any order; whoever compares two runs wants the same one: n2 before n10. */
function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

interface Names {
  count: number;
  readonly first: string[];
}

type Kind = Omit<FleetGroup, 'count' | 'nodes'>;
type Group = Kind & { readonly names: Names };

function addTo(groups: Map<string, Group>, key: string, kind: Kind, node: string): void {
  const known = groups.get(key);
  if (known) addName(known.names, node);
  else if (groups.size < maxKinds) groups.set(key, { ...kind, names: { count: 1, first: [node] } });
}

function addName(names: Names, node: string): void {
  names.count += 1;
  if (names.first.length < maxNames) names.first.push(node);
}

/** The verdict, and every other error or warning of the node; each once, however often it is found there. */
function groupsOf({ node, verdict, configuration, findings, readiness }: DiagnoseDocument): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  const put = (kind: Kind): void => {
    const own = { ...kind, message: general(kind.message, node), args: generalArgs(kind.args, node) };
    if (!kinds.has(keyOf(own))) kinds.set(keyOf(own), own);
  };
  const { id, kind, cause, causeMessage, nextStep, nextStepMessage, docs } = verdict;
  const said = { message: cause, messageId: causeMessage.id, args: causeMessage.args };
  if (kind !== 'none') put({ id, verdict: true, severity: 'error', path: null, ...said, nextStep, nextStepMessage, docs });
  const placed = configuration.files.flatMap((file) => file.findings.map((finding) => ({ ...finding, path: file.path })));
  for (const finding of [...findings.map((one) => ({ ...one, path: one.path ?? null })), ...placed]) {
    if (finding.id === id || !isBad(finding)) continue;
    const { severity, path, message, messageId, args, docs } = finding;
    put({ id: finding.id, verdict: false, severity, path, message, messageId, args, ...noStep, docs });
  }
  for (const { id: check, status, message, messageId, args } of readiness) {
    if ((status !== 'fail' && status !== 'warn') || check === id) continue;
    const severity = status === 'fail' ? 'error' : 'warning';
    put({ id: check, verdict: false, severity, path: null, message, messageId, args, ...noStep, docs: null });
  }
  return [...kinds.values()];
}

const noStep = { nextStep: null, nextStepMessage: null };

function keyOf({ id, path, message }: Kind): string {
  return `${id}\n${path ?? ''}\n${message}`;
}

function isBad({ severity }: Pick<FindingDocument, 'severity'>): boolean {
  return severity === 'error' || severity === 'warning';
}

/** Numbers that differ from node to node (free space, seconds, counts) and the node's own name make no cause of its own. */
function general(message: string, node: string): string {
  const own = node.length >= 3 ? message.replaceAll(node, 'NODE') : message;
  return own.replace(/\b\d+(?:\.\d+)? (?=s\b|ms\b|[KMGT]i?B\b|inodes\b|of \d)/g, '… ').replace(/\b(of|has) \d+(?:\.\d+)?(?= )/g, '$1 …');
}

function generalArgs(args: MessageArgs, node: string): MessageArgs {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typeof value === 'string' ? general(value, node) : value]));
}

/** What nodes of one fleet share as a rule. */
function* traitsOf({ containerd, configuration }: DiagnoseDocument): Iterable<readonly [string, string]> {
  yield ['containerd', containerd ?? 'unknown'];
  const { effective, files } = configuration;
  // Of an unknown release the defaults are unknown, too.
  const configPath = containerd === null ? undefined : effective?.configPath;
  yield ['config_path', configPath === undefined ? 'not seen' : configPath === '' ? 'not set' : configPath];
  yield [
    'hosts.toml',
    files
      .filter(({ kind }) => kind === 'hosts')
      .map(({ path }) => path)
      .join(', ') || 'none',
  ];
}

function addTrait(traits: Map<string, Map<string, Names>>, trait: string, value: string, node: string): void {
  const values = traits.get(trait) ?? new Map<string, Names>();
  traits.set(trait, values);
  const shown = value.length > 300 ? `${value.slice(0, 300)}…` : value;
  const names = values.get(shown);
  if (names) addName(names, node);
  else if (values.size < maxKinds) values.set(shown, { count: 1, first: [node] });
}

/** Where four of five have the same, the others are odd. */
const usualShare = 0.8;

function oddities(trait: string, values: ReadonlyMap<string, Names>): readonly FleetOddity[] {
  const all = [...values].sort(([, a], [, b]) => b.count - a.count);
  const [usual, ...others] = all;
  const total = all.reduce((sum, [, { count }]) => sum + count, 0);
  if (!usual || usual[1].count < usualShare * total) return [];
  return others.map(([value, { count, first }]) => ({ trait, usual: usual[0], value, count, nodes: [...first].sort(byName) }));
}
