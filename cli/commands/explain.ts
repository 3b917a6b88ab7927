import { fstatSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { englishCatalog } from '../../core/catalog';
import { logScanner, type LogScanner } from '../../core/errors/scan';
import { triage, type LogError, type Triage } from '../../core/errors/triage';
import type { Cancellation } from '../../core/ports';
import { render, type Message } from '../../core/text/message';
import { newestVersion, parseVersion } from '../../core/versions/versions';
import { CallError, flag, stringOption, stringsOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { countOption, secondsOption } from '../diagnosis/options';
import { explainText, triageDocument } from '../explainDocument';
import { explainNodes, spanOption, usualTimeoutMs, versionOn } from '../explainNodes';
import { followLines } from '../followLines';
import { followNode } from '../followNode';
import { errorLine, nodeTriageText, triageText } from '../format/explain';
import type { TextStyle } from '../format/text';
import { requiredText, textField } from '../jsonInput';
import { jsonLines } from '../jsonLines';
import { catalogsOf } from '../language';
import { connectNode, nodeOptions } from '../nodeOption';
import { asUtf8, readChunks } from '../readChunks';
import { formatOption, langOption, parallelOption } from '../sharedOptions';
import { showStep } from '../showStep';

export const explainCommand: Command = {
  name: 'explain',
  usage: 'explain [FILE|-] [--node NODE [--since SPAN]]… [--follow] [--containerd V] [--format text|json|ndjson]',
  summary: 'Says what a pull error means, or which pull errors a log holds and why.',
  options: {
    follow: { type: 'boolean', help: 'Goes on reading as the log grows and prints each error as it comes.' },
    node: { type: 'string', multiple: true, value: 'NODE', help: 'The journal of that node, or its log, instead of a FILE. Repeatable.' },
    since: { type: 'string', value: 'SPAN', help: 'How far back the journal is read: 30m, 12h, 7d (1d).' },
    timeout: { type: 'string', value: 'S', help: 'Seconds that reading one journal may take (120).' },
    'ssh-config': nodeOptions['ssh-config'],
    containerd: {
      type: 'string',
      value: 'V',
      help: 'The release that wrote the text; an unknown one is ignored. Default: the newest known.',
    },
    format: formatOption,
    jsonl: { type: 'boolean', help: 'Reads one JSON object per line: {"id","text","version"}.' },
    parallel: { ...parallelOption, help: 'How many lines of --jsonl (1), or nodes (8), are worked on at once.' },
    lang: langOption,
  },
  run,
};

/** How long a stream may be silent before the last lines are taken as complete. */
const PAUSE_MS = 300;

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const version = stringOption(line, 'containerd');
  const nodes = nodesOf(line);
  if (flag(line, 'jsonl')) {
    return jsonLines(io, Math.max(1, Number(stringOption(line, 'parallel') ?? 1) || 1), (input) =>
      Promise.resolve(explainText(requiredText(input, 'text'), textField(input, 'version') ?? version)),
    );
  }
  const format = formatOf(line);
  const style = { color: io.color, catalogs: catalogsOf(line, io) };
  const show = shower(format, flag(line, 'follow'), io, style);
  if (nodes.length > 0 && !flag(line, 'follow')) return pastOf(nodes, line, io, format, style);
  const log = nodes[0] === undefined ? await readInput(line, io, show) : await followOnNode(nodes[0], line, io, { format, style, show });
  if (format === 'text') io.stdout(triageText(triageDocument(log, ...style.catalogs), style));
  else io.stdout(`${JSON.stringify(triageDocument(log), null, format === 'json' ? 2 : undefined)}\n`);
  return 0;
}

type Show = (error: LogError | null) => void;

async function readInput(line: CommandLine, io: Io, show: Show): Promise<Triage> {
  const log = triage(parseVersion(stringOption(line, 'containerd') ?? '') ?? newestVersion);
  if (flag(line, 'follow')) await followErrors(log, inputLines(line, io), show);
  else await read(log, asUtf8(inputChunks(line, io)), io.cancellation, show);
  return log;
}

/** A text of this size is a log, of which lines that name nothing of pulls are passed over unread; a shorter one is read whole. */
const LOG_SIZE = 65_536;

async function read(log: Triage, chunks: AsyncIterable<Uint8Array>, cancellation: Cancellation, show: Show): Promise<void> {
  const decode = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  let short = Buffer.alloc(0);
  let scanner: LogScanner | undefined;
  for await (const chunk of chunks) {
    if (cancellation.cancelled) break;
    if (scanner) for (const error of scanner.push(chunk)) show(error);
    else {
      short = Buffer.concat([short, chunk]);
      if (short.length < LOG_SIZE) continue;
      scanner = logScanner(log, decode);
      for (const error of scanner.push(short)) show(error);
    }
  }
  if (scanner) for (const error of scanner.end()) show(error);
  else if (short.length > 0)
    for (const one of decode(short)
      .replace(/\r?\n$/, '')
      .split(/\r?\n/))
      show(log.push(one));
  show(log.flush());
}

/** Each error as it comes, until the lines end. */
export async function followErrors(log: Triage, lines: AsyncIterable<string>, show: Show): Promise<void> {
  let pause: NodeJS.Timeout | undefined;
  for await (const one of lines) {
    clearTimeout(pause);
    show(log.push(one));
    pause = setTimeout(() => show(log.flush()), PAUSE_MS);
  }
  clearTimeout(pause);
  show(log.flush());
}

/** What `--node` names, once each, and refuses what does not go with it. */
function nodesOf(line: CommandLine): readonly string[] {
  const nodes = [...new Set(stringsOption(line, 'node'))];
  const follow = flag(line, 'follow');
  if (nodes.length > 0 && line.positionals.length > 0) throw new CallError('--node reads the journal of a node: no FILE goes with it');
  if (nodes.length > 0 && flag(line, 'jsonl')) throw new CallError('--jsonl reads standard input: no --node goes with it');
  if (nodes.length > 1 && follow) throw new CallError('--follow goes with one --node');
  for (const option of ['since', 'timeout'])
    if (stringOption(line, option) !== undefined && (nodes.length === 0 || follow))
      throw new CallError(`--${option} goes with --node and without --follow: it is about the journal of the past`);
  return nodes;
}

async function pastOf(nodes: readonly string[], line: CommandLine, io: Io, format: string, style: TextStyle): Promise<ExitStatus> {
  const single = nodes.length === 1;
  const documents = await explainNodes(nodes, {
    io,
    connect: (name) => connectNode(line, io, name, single),
    version: parseVersion(stringOption(line, 'containerd') ?? ''),
    seconds: spanOption(line),
    timeoutMs: secondsOption(line, 'timeout') ?? usualTimeoutMs,
    parallel: countOption(line, 'parallel') ?? 8,
    catalogs: format === 'text' ? style.catalogs : [],
    // Of a single node, the failure is the failure of the call, and told as such.
    onStep: (step) => (single && step.status === 'fail' ? undefined : showStep(step, format, io)),
    onError: (error, node) => shower(format, false, io, style, node)(error),
  });
  const read = documents.filter((document) => !('error' in document));
  const failed = documents.find((document) => 'error' in document);
  if (single && failed) throw new CallError(failed.error);
  if (format === 'text') io.stdout(nodeTriageText(documents, style));
  else io.stdout(`${JSON.stringify(single ? read[0] : { schema: 1, nodes: documents }, null, format === 'json' ? 2 : undefined)}\n`);
  return read.length === 0 ? 2 : 0;
}

/** Judged by the release of the node, as its past is. */
async function followOnNode(
  name: string,
  line: CommandLine,
  io: Io,
  { format, style, show }: { readonly format: string; readonly style: TextStyle; readonly show: Show },
): Promise<Triage> {
  const catalogs = [...(format === 'text' ? style.catalogs : []), englishCatalog];
  const say = (told: Message): void => showStep({ id: told.id, label: render(told, ...catalogs), status: 'warn' }, format, io);
  const node = await connectNode(line, io, name);
  try {
    const log = triage(await versionOn(node, parseVersion(stringOption(line, 'containerd') ?? '')));
    await followErrors(log, followNode(node, io.cancellation, say), show);
    return log;
  } finally {
    await node.close();
  }
}

/** Errors one by one: as events of ndjson, and as lines while following. */
function shower(format: string, follow: boolean, io: Io, style: TextStyle, node?: string): Show {
  return (error) => {
    if (error === null) return;
    const { line, time, sample } = error;
    if (format === 'ndjson')
      io.stdout(
        `${JSON.stringify({ event: 'error', ...(node !== undefined && { node }), line, time, class: error.class.id, reference: error.result.captures.reference, host: error.result.captures.host, sample })}\n`,
      );
    else if (follow && format === 'text') io.stdout(errorLine(error, style));
  };
}

function inputLines(line: CommandLine, io: Io): AsyncIterable<string> {
  const file = fileOf(line);
  if (file === '-') return io.stdinLines();
  const path = resolve(io.cwd, file);
  return followLines(path, openToRead(path, file), io.cancellation);
}

async function* inputChunks(line: CommandLine, io: Io): AsyncIterable<Uint8Array> {
  const file = fileOf(line);
  if (file !== '-') yield* readChunks(openToRead(resolve(io.cwd, file), file), io.cancellation);
  else if (io.stdinChunks) yield* io.stdinChunks();
  else for await (const one of io.stdinLines()) yield Buffer.from(`${one}\n`);
}

function fileOf(line: CommandLine): string {
  const [file = '-', ...others] = line.positionals;
  if (others.length > 0) throw new CallError('explain reads one FILE, or - for standard input');
  return file;
}

function openToRead(path: string, shown: string): number {
  try {
    const descriptor = openSync(path, 'r');
    if (!fstatSync(descriptor).isDirectory()) return descriptor;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new CallError(`${shown}: ${missing ? 'no such file' : error instanceof Error ? error.message : String(error)}`);
  }
  throw new CallError(`${shown} is a folder; explain reads a file, or - for standard input`);
}

function formatOf(line: CommandLine): 'text' | 'json' | 'ndjson' {
  const format = stringOption(line, 'format') ?? 'text';
  if (format === 'text' || format === 'json' || format === 'ndjson') return format;
  throw new CallError(`--format ${format}: it must be one of text, json, ndjson`);
}
