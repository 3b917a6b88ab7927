import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { registryTls } from '../../core/diagnosis/registryTls';
import type { Cancellation, Clock, ConfigTree, Node, TlsSettings } from '../../core/ports';
import type { ReadyDocument, Step } from '../../core/protocol';
import { newestVersion } from '../../core/versions/versions';
import { CallError, flag, stringOption, stringsOption, type Command, type CommandLine, type ExitStatus, type Io } from '../command';
import { readyText } from '../format/readyText';
import { runReadiness, type ReadinessParams } from '../readiness/run';
import { createHttp } from '../registry/http';
import { connect } from '../transport';
import { readNodeFile, readSystemCa } from '../transport/nodeFiles';
import { readNodeTree } from '../transport/nodeTree';

export const readyCommand: Command = {
  name: 'ready',
  usage: 'ready [--interface NAME]… [--registry HOST|URL]… [--watch [--timeout S]] [--node NODE]',
  summary: 'Is a node ready to pull: interfaces, routes, names, registries, containerd, disk, clock.',
  options: {
    interface: { type: 'string', multiple: true, value: 'NAME', help: 'Must be up, running and have an address. Repeatable.' },
    registry: {
      type: 'string',
      multiple: true,
      value: 'HOST|URL',
      help: 'Must answer /v2/ from the node. A bare host means https. Repeatable.',
    },
    watch: { type: 'boolean', help: 'Asks again until the node is ready.' },
    timeout: { type: 'string', value: 'S', help: 'Seconds after which --watch gives up with exit status 1.' },
    node: { type: 'string', value: 'NODE', help: 'local (default), an ssh destination, or exec:COMMAND.' },
    'ssh-config': { type: 'string', value: 'FILE', help: 'Given to ssh as -F.' },
    format: { type: 'string', value: 'FORMAT', help: 'text (default), json or ndjson.' },
    lang: { type: 'string', value: 'LANG', help: 'Language of text.' },
  },
  run,
};

const formats = ['text', 'json', 'ndjson'];
const watchEveryMs = 1000;

async function run(line: CommandLine, io: Io): Promise<ExitStatus> {
  const format = stringOption(line, 'format') ?? 'text';
  if (!formats.includes(format)) throw new CallError(`--format ${format}: it must be one of ${formats.join(', ')}`);
  if (line.positionals.length > 0) throw new CallError(`ready takes no ${line.positionals.join(' ')}; name a registry with --registry`);
  const watch = flag(line, 'watch');
  const timeoutMs = secondsOption(line, 'timeout');
  if (timeoutMs !== undefined && !watch) throw new CallError('--timeout says how long --watch may take; give both');
  const params = { interfaces: stringsOption(line, 'interface'), registries: stringsOption(line, 'registry') };
  const sshConfig = stringOption(line, 'ssh-config');
  const node = await connect(stringOption(line, 'node') ?? 'local', {
    ...(sshConfig !== undefined && { sshConfig }),
    env: io.env,
    cancellation: io.cancellation,
    prompt: 'terminal',
  });
  try {
    const onStep = (step: Step) => {
      if (format === 'ndjson') io.stdout(`${JSON.stringify({ event: 'step', step })}\n`);
    };
    const document = await (watch ? watched(node, params, io, onStep, timeoutMs) : checked(node, params, onStep, io.cancellation));
    io.stdout(shown(document, format, io.color));
    return document.ready ? 0 : 1;
  } finally {
    await node.close();
  }
}

/** Each round asks anew, over new connections: a kept one would hide that the network has gone. */
export async function checked(
  node: Node<Duplex>,
  params: ReadinessParams,
  onStep: (step: Step) => void,
  cancellation: Cancellation,
): Promise<ReadyDocument> {
  const http = createHttp({
    node,
    readFile: (path) => readNodeFile(node, path),
    systemCa: () => readSystemCa(node),
    limits: { responseMs: 20_000 },
  });
  try {
    return await runReadiness(params, { node, http: http.send, onStep, cancellation, clock: systemClock, tlsOf: trustOnNode(node) });
  } finally {
    await http.close();
  }
}

async function watched(
  node: Node<Duplex>,
  params: ReadinessParams,
  io: Io,
  onStep: (step: Step) => void,
  timeoutMs: number | undefined,
): Promise<ReadyDocument> {
  const deadline = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
  for (;;) {
    const document = await checked(node, params, onStep, io.cancellation);
    const left = deadline - performance.now();
    if (document.ready || left <= 0) return document;
    await delay(Math.min(watchEveryMs, left));
  }
}

function shown(document: ReadyDocument, format: string, color: boolean): string {
  if (format === 'text') return readyText(document, color);
  return `${JSON.stringify(document, null, format === 'json' ? 2 : undefined)}\n`;
}

function secondsOption(line: CommandLine, name: string): number | undefined {
  const text = stringOption(line, name);
  if (text === undefined) return undefined;
  const seconds = /^\d{1,7}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0) throw new CallError(`--${name} ${text}: it must be a number of seconds`);
  return seconds * 1000;
}

/** The node's configuration is read once, and only when a registry needs it. */
function trustOnNode(node: Node<Duplex>): (authority: string) => Promise<TlsSettings | undefined> {
  let tree: Promise<ConfigTree> | undefined;
  return async (authority) => {
    tree ??= readNodeTree(node);
    return registryTls(authority, await tree, newestVersion);
  };
}

const systemClock: Clock = { monotonicMs: () => performance.now(), nowMs: () => Date.now() };
