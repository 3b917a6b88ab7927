import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { proxySettings, type ProxySettings } from '../../core/go/proxy';
import { reproductionGuide } from '../../core/diagnosis/reproductionGuide';
import { readTranscript, writeTranscript } from '../../core/diagnosis/transcript';
import type { Observations } from '../../core/resolver/observations';
import { CallError, flag, stringOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { attemptText, verdictText } from '../format/resolveText';
import type { TextStyle } from '../format/text';
import { jsonLines } from '../jsonLines';
import { catalogsOf } from '../language';
import { writePrivateFile } from '../../files/writeFile';
import { openPlace, type Place } from '../replay/place';
import { repeatDocument, repeated, repeatText, runText } from '../replay/repeat';
import { authOfEnv, authOfText, requestOf, requestOfJson, type ReplayRequest } from '../replay/request';
import { runReplay, type Ran } from '../replay/run';
import { connectNode, nodeOptions } from '../nodeOption';
import { certsDOption, formatOption, langOption, parallelOption, rootOption } from '../sharedOptions';

export const resolveCommand: Command = {
  name: 'resolve',
  usage: 'resolve REFERENCE [--node NODE] [--certs-d DIR] [--config FILE] [--containerd V] [--via WAY]',
  summary: "Replays containerd's resolve and pull of an image, request by request, from the node's own network.",
  options: {
    ...nodeOptions,
    'certs-d': certsDOption,
    config: {
      type: 'string',
      value: 'FILE',
      help: 'The config.toml whose registry settings count for cri; --certs-d takes the place of its config_path.',
    },
    root: rootOption,
    containerd: {
      type: 'string',
      value: 'V',
      help: "The release: 1.5 to 2.3, or an exact one. Default: the node's own, else the newest known.",
    },
    via: { type: 'string', value: 'WAY', help: 'cri (default), cri-local, ctr, ctr-local or ctr-transfer.' },
    platform: { type: 'string', value: 'OS/ARCH', help: "The platform to pull for. Default: the node's." },
    until: { type: 'string', value: 'STAGE', help: 'resolve, manifest or layers (default).' },
    download: { type: 'boolean', help: 'Reads config and layers and checks sizes, digests and diff ids; keeps nothing.' },
    fault: {
      type: 'string',
      multiple: true,
      value: 'RULE',
      help: "Puts a fault before the answers: 'HEAD */manifests/*=timeout'. Repeatable.",
    },
    predict: { type: 'boolean', help: 'Asks what other releases would have asked too, and says what they report.' },
    transcript: { type: 'string', value: 'FILE', help: 'Saves requests and answers, without secrets.' },
    replay: { type: 'string', value: 'FILE', help: 'Takes the answers from a transcript instead of the network.' },
    guide: {
      type: 'string',
      value: 'FILE',
      help: 'Where the reported error hides the cause: saves a page with the steps that make it happen again.',
    },
    repeat: {
      type: 'string',
      value: 'N',
      help: 'Runs N times and says how the outcomes are spread; shows and saves the first run that failed.',
    },
    every: { type: 'string', value: 'S', help: 'Seconds between the starts of --repeat.' },
    proxy: {
      type: 'string',
      value: 'FROM',
      help: "unit (default): the proxies of the node's containerd; env: those of this process; none; or a URL (http, https, socks5).",
    },
    interface: {
      type: 'string',
      value: 'NAME',
      help: 'Sends the requests through this interface of the node, with the curl that it has; curl judges certificates then.',
    },
    'auth-stdin': { type: 'boolean', help: 'Reads a CRI AuthConfig as JSON from standard input.' },
    format: formatOption,
    jsonl: {
      type: 'boolean',
      help: 'Reads one JSON object per line: {"id","reference","certsD","config","root","containerd","via","auth","download","predict"}.',
    },
    parallel: parallelOption,
    lang: langOption,
  },
  run,
};

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const option = (name: string): string | undefined => stringOption(line, name);
  const format = option('format') ?? 'text';
  if (!['text', 'json', 'ndjson'].includes(format)) throw new CallError(`--format ${format}: it must be one of text, json, ndjson`);
  const jsonl = flag(line, 'jsonl');
  if (jsonl && flag(line, 'auth-stdin'))
    throw new CallError('--auth-stdin and --jsonl both read standard input; put "auth" into the lines instead');
  const single = ['repeat', 'every', 'transcript', 'guide'].find((name) => option(name) !== undefined);
  if (jsonl && single !== undefined) throw new CallError(`--${single} is for one reference; leave it out with --jsonl`);
  const [reference, ...more] = line.positionals;
  if (jsonl ? reference !== undefined : reference === undefined || more.length > 0) {
    throw new CallError(
      `resolve needs ${jsonl ? 'no reference with --jsonl' : 'one reference'}; usage: containerd-runbooks ${resolveCommand.usage}`,
    );
  }
  const auth = flag(line, 'auth-stdin') ? authOfText(await io.readStdin()) : authOfEnv(io.env);
  const request = reference === undefined ? undefined : requestOf(line, io, reference, auth);
  const answers = answersOf(line, io);
  const place = await placeOf(line, io);
  try {
    if (request) return await one(request, { line, io, place, answers, format });
    return await jsonLines(io, countOf(option('parallel'), 'parallel') ?? 1, async (input) => {
      const { document } = await runReplay({
        request: requestOfJson(input, line, io, auth),
        place,
        ...(answers && { answers }),
        cancellation: io.cancellation,
        alwaysPredict: false,
      });
      return document;
    });
  } finally {
    await place.close();
  }
}

interface Call {
  readonly line: CommandLine;
  readonly io: Io;
  readonly place: Place;
  readonly answers: Observations | undefined;
  readonly format: string;
}

async function one(request: ReplayRequest, call: Call): Promise<ExitStatus> {
  const { line, io, answers, format } = call;
  const times = countOf(stringOption(line, 'repeat'), 'repeat') ?? 1;
  const runs = await repeated(times, everyOf(line) * 1000, io.cancellation, async (count) => {
    const ran = await replay(request, call, times === 1);
    if (times > 1 && format === 'text') io.stdout(runText(count, ran.document, catalogsOf(line, io)));
    return ran;
  });
  const repeat = repeatDocument(
    runs.map(({ document }) => document),
    times,
  );
  const shown = runs[repeat.shown - 1];
  if (!shown) throw new CallError('the replay was cancelled', 'cancelled');
  const document = times > 1 ? { ...shown.document, repeat } : shown.document;
  if (format === 'json') io.stdout(`${JSON.stringify(document, null, 2)}\n`);
  else if (format === 'ndjson') io.stdout(`${JSON.stringify(document)}\n`);
  else {
    const mayPredict = !answers && !request.predict;
    io.stdout(verdictText(shown.document, styleOf(line, io), mayPredict) + (times > 1 ? repeatText(repeat, catalogsOf(line, io)) : ''));
  }
  save(line, io, 'transcript', writeTranscript(shown.attempts));
  const guide = reproductionGuide(shown.document, {
    hostsDir: request.certsD ?? '/etc/containerd/certs.d',
    again: placeWords(line),
    catalogs: catalogsOf(line, io),
  });
  if (guide !== undefined) save(line, io, 'guide', guide);
  else if (stringOption(line, 'guide') !== undefined)
    io.stderr('--guide: the reported error hides nothing, so there is nothing to write.\n');
  if (runs.length < times) return 2;
  return runs.every(({ document }) => document.ok && document.findings.length === 0) ? 0 : 1;
}

function everyOf(line: CommandLine): number {
  const text = stringOption(line, 'every');
  const seconds = Number(text ?? '0');
  // A timer of Node.js takes no more than 2^31 milliseconds.
  if (!(seconds >= 0 && seconds <= 1_000_000)) throw new CallError(`--every ${text ?? ''}: it must be a number of seconds, up to 1000000`);
  if (text !== undefined && stringOption(line, 'repeat') === undefined)
    throw new CallError(`--every ${text}: it needs --repeat N, how many runs there are to be`);
  return seconds;
}

async function replay(request: ReplayRequest, { line, io, place, answers, format }: Call, alone: boolean): Promise<Ran> {
  const style = styleOf(line, io);
  return runReplay({
    request,
    place,
    ...(answers && { answers }),
    onAttempt: (shown) => {
      if (format === 'text' && alone) io.stdout(attemptText(shown, style));
      else if (format === 'ndjson') io.stdout(`${JSON.stringify({ event: 'attempt', attempt: shown })}\n`);
    },
    cancellation: io.cancellation,
    alwaysPredict: true,
  });
}

/** The words of this call that say where it replays. */
function placeWords(line: CommandLine): readonly string[] {
  return ['node', 'ssh-config', 'root', 'certs-d', 'config', 'platform', 'proxy'].flatMap((name) => {
    const value = stringOption(line, name);
    return value === undefined ? [] : [`--${name}`, value];
  });
}

function styleOf(line: CommandLine, io: Io): TextStyle {
  return { color: io.color, catalogs: catalogsOf(line, io) };
}

function answersOf(line: CommandLine, io: Io): Observations | undefined {
  const path = stringOption(line, 'replay');
  if (path === undefined) return undefined;
  const read = readTranscript(readText(resolve(io.cwd, path), `--replay ${path}`));
  if (!read.ok) throw new CallError(`--replay ${path}: ${read.error}`);
  return read.observations;
}

function readText(path: string, words: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CallError(`${words}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function save(line: CommandLine, io: Io, name: 'transcript' | 'guide', text: string): void {
  const path = stringOption(line, name);
  if (path === undefined) return;
  try {
    writePrivateFile(resolve(io.cwd, path), text);
  } catch (error) {
    throw new CallError(`--${name} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function placeOf(line: CommandLine, io: Io): Promise<Place> {
  const root = stringOption(line, 'root');
  const name = stringOption(line, 'interface');
  if (name !== undefined && !/^[\w.@-]{1,15}$/.test(name))
    throw new CallError(`--interface ${name}: it must be the name of one interface, such as eth1`);
  const proxies = proxiesOf(stringOption(line, 'proxy') ?? 'unit', io);
  const node = await connectNode(line, io);
  const place = openPlace({ node, cwd: io.cwd, root, proxies, interface: name });
  return { ...place, close: () => place.close().then(() => node.close()) };
}

function proxiesOf(from: string, io: Io): ProxySettings | undefined {
  if (from === 'unit') return undefined;
  if (from === 'none') return { http: '', https: '', none: '' };
  if (from === 'env')
    return proxySettings(new Map(Object.entries(io.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))));
  if (!/^(?:https?|socks5h?):\/\/[^/\s]+\/?$/.test(from))
    throw new CallError(`--proxy: it must be unit, env, none, or a URL such as http://proxy.example:3128 or socks5://proxy.example:1080`);
  return { http: from, https: from, none: '' };
}

function countOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new CallError(`--${name} ${text}: it must be a whole number from 1`);
  return count;
}
