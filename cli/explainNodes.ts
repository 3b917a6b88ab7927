/** `explain --node`: what the journals of nodes say of pulls in a time that is past. */
import type { Duplex } from 'node:stream';
import { triage, type LogError } from '../core/errors/triage';
import type { Cancellation, Node } from '../core/ports';
import type { NodeTriageDocument, NodeTriagesDocument } from '../core/protocol/explain';
import type { Step } from '../core/protocol/progress';
import type { Catalog } from '../core/text/message';
import { newestVersion, type Version } from '../core/versions/versions';
import { CallError, stringOption, type CommandLine, type Io } from './command';
import { triageDocument } from './explainDocument';
import { readPastJournal } from './pastJournal';
import { sideBySide } from './sideBySide';
import { readNodeFacts } from './transport/nodeFacts';

/** A day: a failure is mostly looked at on the day it happens, and what came before is another story. */
export const usualSeconds = 24 * 60 * 60;
/** A journal on a slow disk takes its time. */
export const usualTimeoutMs = 120_000;

export interface NodeQuestion {
  /** Undefined: that of the node's containerd, else the newest known. */
  readonly version: Version | undefined;
  readonly seconds: number;
  readonly timeoutMs: number;
  /** Of the language of text; none for English. */
  readonly catalogs: readonly Catalog[];
}

export async function explainNode(
  node: Node<Duplex>,
  { version, seconds, timeoutMs, catalogs }: NodeQuestion,
  cancellation: Cancellation,
  onError: (error: LogError) => void = () => undefined,
): Promise<NodeTriageDocument> {
  const log = triage(await versionOn(node, version));
  const show = (error: LogError | null): void => {
    if (error) onError(error);
  };
  const journal = await readPastJournal(node, { seconds, timeoutMs, cancellation }, (line) => show(log.push(line)));
  show(log.flush());
  return { ...triageDocument(log, ...catalogs), node: node.name, sinceSeconds: seconds, ...journal };
}

/** The release that a node's words are judged by: the one asked for, else that of the node's containerd, else the newest known. */
export async function versionOn(node: Node, version: Version | undefined): Promise<Version> {
  return version ?? (await readNodeFacts(node)).version ?? newestVersion;
}

export interface NodesQuestion extends NodeQuestion {
  readonly io: Io;
  readonly connect: (name: string) => Promise<Node<Duplex>>;
  readonly parallel: number;
  readonly onStep: (step: Step) => void;
  readonly onError: (error: LogError, node: string) => void;
}

/** Nodes side by side, in the order of the call. One that cannot be read is an entry with its reason. */
export async function explainNodes(names: readonly string[], question: NodesQuestion): Promise<NodeTriagesDocument['nodes']> {
  const documents = new Map<string, NodeTriagesDocument['nodes'][number]>();
  await sideBySide(names, question.parallel, async (name) => {
    const step = { id: `journal/${name}`, label: `Read the journal of ${name}` };
    question.onStep({ ...step, status: 'running' });
    const document = await asked(name, question);
    documents.set(name, document);
    question.onStep('error' in document ? { ...step, status: 'fail', detail: document.error } : { ...step, status: 'pass' });
  });
  return names.flatMap((name) => documents.get(name) ?? []);
}

async function asked(name: string, question: NodesQuestion): Promise<NodeTriagesDocument['nodes'][number]> {
  try {
    const node = await question.connect(name);
    try {
      return await explainNode(node, question, question.io.cancellation, (error) => question.onError(error, name));
    } finally {
      await node.close();
    }
  } catch (error) {
    return { node: name, error: error instanceof Error ? error.message : String(error) };
  }
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** `--since` in seconds: `90s`, `30m`, `12h`, `7d`, `2w`. */
export function spanOption(line: CommandLine): number {
  const text = stringOption(line, 'since');
  if (text === undefined) return usualSeconds;
  const [, count = '', unit = ''] = /^(\d{1,6})([smhdw]|min)$/.exec(text) ?? [];
  const seconds = Number(count) * (units[unit] ?? 0);
  if (seconds === 0) throw new CallError(`--since ${text}: it must be a number with s, m, h, d or w behind it, as 30m, 12h or 7d`);
  return seconds;
}
