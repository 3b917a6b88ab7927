import type { Duplex } from 'node:stream';
import { gateLine } from '../../core/diagnosis/readinessGate';
import type { ProxySettings } from '../../core/go/proxy';
import type { Cancellation, Clock, Node, SendRequest } from '../../core/ports';
import type { Step } from '../../core/protocol/progress';
import type { ReadyDocument } from '../../core/protocol/ready';
import type { Catalog } from '../../core/text/message';
import { CallError, flag, stringOption, stringsOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { changeLine, readyText } from '../format/readyText';
import type { TextStyle } from '../format/text';
import { catalogsOf } from '../language';
import { connectNode, nodeOptions } from '../nodeOption';
import { runReadiness, targetOf, type ReadinessContext, type ReadinessParams } from '../readiness/run';
import { watchReadiness, type WatchOptions } from '../readiness/watch';
import { createHttp, type Http } from '../registry/http';
import { readNodeFile, readSystemCa } from '../transport/nodeFiles';
import { startReading } from '../transport/nodeTree';
import { formatOption, langOption } from '../sharedOptions';

export const readyCommand: Command = {
  name: 'ready',
  usage: 'ready [--interface NAME]… [--registry HOST|URL]… [--watch [--timeout S]] [--print-gate] [--node NODE]',
  summary: 'Is a node ready to pull: interfaces, routes, names, registries, containerd, disk, clock.',
  options: {
    interface: { type: 'string', multiple: true, value: 'NAME', help: 'Must be up, running and have an address. Repeatable.' },
    registry: {
      type: 'string',
      multiple: true,
      value: 'HOST|URL',
      help: 'Must answer /v2/ from the node. A bare host means https. Repeatable.',
    },
    watch: { type: 'boolean', help: 'Asks again until the node is ready, and says when each condition came true.' },
    timeout: { type: 'string', value: 'S', help: 'Seconds after which --watch, or the printed gate, gives up with exit status 1.' },
    'print-gate': {
      type: 'boolean',
      help: 'Prints the same wait as one line of POSIX sh, for boot scripts; asks no node. Proxies are those of the script that runs it.',
    },
    ...nodeOptions,
    format: formatOption,
    lang: langOption,
  },
  run,
};

const formats = ['text', 'json', 'ndjson'];

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const format = stringOption(line, 'format') ?? 'text';
  if (!formats.includes(format)) throw new CallError(`--format ${format}: it must be one of ${formats.join(', ')}`);
  if (line.positionals.length > 0) throw new CallError(`ready takes no ${line.positionals.join(' ')}; name a registry with --registry`);
  const watch = flag(line, 'watch');
  const timeoutMs = secondsOption(line, 'timeout');
  const params = { interfaces: stringsOption(line, 'interface'), registries: stringsOption(line, 'registry') };
  if (flag(line, 'print-gate')) return printGate(params, timeoutMs, io);
  if (timeoutMs !== undefined && !watch) throw new CallError('--timeout says how long --watch may take; give both');
  const style = { color: io.color, catalogs: catalogsOf(line, io) };
  const connecting = connectNode(line, io);
  // undici loads while ssh is logging in, not after it.
  if (params.registries.length > 0) void Promise.all([import('../registry/origin.js'), import('../registry/exchange.js')]);
  const node = await connecting;
  try {
    const print = (event: object) => {
      if (format === 'ndjson') io.stdout(`${JSON.stringify(event)}\n`);
    };
    const document = watch
      ? await watched(node, params, timeoutMs, io.cancellation, (change, check) => {
          if (format === 'text') io.stdout(changeLine(change, check, style));
          else print({ event: 'check', elapsedMs: change.elapsedMs, check });
        })
      : await checked(node, params, (step) => print({ event: 'step', step }), io.cancellation);
    io.stdout(shown(document, format, style));
    return document.ready ? 0 : 1;
  } finally {
    await node.close();
  }
}

function printGate({ interfaces, registries }: ReadinessParams, timeoutMs: number | undefined, io: Io): ExitStatus {
  if (interfaces.length + registries.length === 0)
    throw new CallError('--print-gate needs something to wait for: --interface or --registry');
  for (const name of interfaces) {
    // dev_valid_name of the kernel: up to 15 bytes, no slash, colon or space.
    if (!/^[^\s/:]{1,15}$/.test(name) || name === '.' || name === '..')
      throw new CallError(`--interface ${name}: no interface is called so`);
  }
  const urls = registries.map((registry) => targetOf(registry).url);
  io.stdout(`${gateLine({ interfaces, urls, timeoutS: timeoutMs === undefined ? undefined : timeoutMs / 1000 })}\n`);
  return 0;
}

/** Asked over a new connection to each registry: a kept one would hide that the network has gone. */
export async function checked(
  node: Node<Duplex>,
  params: ReadinessParams,
  onStep: (step: Step) => void,
  cancellation: Cancellation,
  catalogs: readonly Catalog[] = [],
): Promise<ReadyDocument> {
  let http: Http | undefined;
  const requests = (proxies: Proxies): SendRequest => (http = httpOf(node, proxies)).send;
  try {
    return await runReadiness(params, { ...contextOf(node, requests, onStep, cancellation), catalogs });
  } finally {
    await http?.close();
  }
}

async function watched(
  node: Node<Duplex>,
  params: ReadinessParams,
  timeoutMs: number | undefined,
  cancellation: Cancellation,
  onChange: WatchOptions['onChange'],
): Promise<ReadyDocument> {
  const requests =
    (proxies: Proxies): SendRequest =>
    async (request, stop) => {
      const http = httpOf(node, proxies);
      try {
        return await http.send(request, stop);
      } finally {
        await http.close();
      }
    };
  return watchReadiness(params, cancellation, {
    timeoutMs,
    onChange,
    contextOf: (stop) => contextOf(node, requests, () => undefined, stop),
  });
}

type Proxies = () => Promise<ProxySettings>;

function httpOf(node: Node<Duplex>, proxies: Proxies): Http {
  return createHttp({
    node,
    proxies,
    readFile: (path) => readNodeFile(node, path),
    systemCa: () => readSystemCa(node),
    limits: { responseMs: 20_000 },
  });
}

function contextOf(
  node: Node<Duplex>,
  requests: ReadinessContext['requests'],
  onStep: (step: Step) => void,
  cancellation: Cancellation,
): ReadinessContext {
  const reading = (paths: readonly string[]) => startReading(node, paths, cancellation);
  const { takenMs } = node;
  const clock = takenMs === undefined ? systemClock : { ...systemClock, nowMs: () => takenMs };
  return { node, requests, onStep, cancellation, clock, startReading: reading };
}

function shown(document: ReadyDocument, format: string, style: TextStyle): string {
  if (format === 'text') return readyText(document, style);
  return `${JSON.stringify(document, null, format === 'json' ? 2 : undefined)}\n`;
}

function secondsOption(line: CommandLine, name: string): number | undefined {
  const text = stringOption(line, name);
  if (text === undefined) return undefined;
  const seconds = /^\d{1,7}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0) throw new CallError(`--${name} ${text}: it must be a number of seconds`);
  return seconds * 1000;
}

const systemClock: Clock = { monotonicMs: () => performance.now(), nowMs: () => Date.now() };
