import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { openPlace } from '../../cli/replay/place';
import { runReplay } from '../../cli/replay/run';
import { connect } from '../../cli/transport';
import type { Node } from '../../core/ports';
import { startContainerd, type RealContainerd } from '../fixtures/containerd';
import { startDockerRegistry, type DockerRegistry } from '../fixtures/dockerRegistry';
import { createPki } from '../fixtures/pki';
import { startSshd } from '../fixtures/sshd';
import { median, printTable } from './figures';

const rounds = 15;
const factor = 1.5;

/**
 * A replay of a good image from a node, over an ssh connection that stands, beside `ctr content fetch` on the node itself, in pairs.
 * ctr's time begins with its first word in the debug log, when it is connected to containerd, and ends with the headers of its last
 * answer: what a replay without --download does; with --download ctr's time ends with ctr. Ours begins with the request and ends with
 * the document, all reading of the node in it. A round trip of ssh is what a script, a connection or an answer needs for nothing.
 */
export async function benchResolve(): Promise<void> {
  const pki = createPki();
  const ca = pki.authority('Bench CA');
  const tls = pki.leaf('registry', ca, { names: 'IP:127.0.0.1' });
  const [sshd, plain, secure, containerd, echo] = await Promise.all([
    startSshd(),
    startDockerRegistry({ salt: 'plain' }),
    startDockerRegistry({ salt: 'secure', tls }),
    startContainerd(),
    startEcho(),
  ]);
  const certsD = mkdtempSync(join(tmpdir(), 'hosts-'));
  writeHosts(certsD, plain.host, `[host."http://${plain.host}"]\n`);
  writeHosts(certsD, secure.host, `[host."https://${secure.host}"]\nca = "${ca.certFile}"\n`);
  // One node for all rounds: what an open connection remembers counts.
  const { node, counts } = counting(await connect(sshd.name, { sshConfig: sshd.config, env: process.env }));
  try {
    const rows = [];
    for (const [name, registry] of [['http', plain] as const, ['https', secure] as const])
      for (const download of [false, true])
        rows.push({
          image: name + (download ? ' --download' : ''),
          ...(await measured({ registry, node, counts, containerd, certsD, download, echo })),
        });
    printTable(rows);
  } finally {
    await node.close();
    await Promise.all([sshd.stop(), plain.stop(), secure.stop(), containerd.stop()]);
    echo.close();
    pki.remove();
    rmSync(certsD, { recursive: true, force: true });
  }
}

interface Bench {
  readonly registry: DockerRegistry;
  readonly node: Node<Duplex>;
  readonly counts: Counts;
  readonly containerd: RealContainerd;
  readonly certsD: string;
  readonly download: boolean;
  readonly echo: Server;
}

async function measured(bench: Bench): Promise<Readonly<Record<string, string | number>>> {
  const pairs: Pair[] = [];
  for (let round = -2; round < rounds; round++) {
    const pair = await onePair(bench);
    if (round >= 0) pairs.push(pair);
  }
  const of = (value: (pair: Pair) => number): number => median(pairs.map(value));
  const [ctr, ours, trips] = [of((pair) => pair.ctr), of((pair) => pair.ours), of(tripsOf)];
  const [first] = pairs;
  const kept = pairs.filter((pair) => pair.ours <= factor * pair.ctr + tripsOf(pair)).length;
  return {
    'ctr ms': ctr,
    'ours ms': ours,
    'ours/ctr': of((pair) => pair.ours / pair.ctr).toFixed(2),
    'scripts×ms': `${first?.scripts ?? 0}×${of((pair) => pair.script).toFixed(1)}`,
    'connections×ms': `${first?.dials ?? 0}×${of((pair) => pair.dial).toFixed(1)}`,
    'answers×ms': `${first?.requests ?? 0}×${of((pair) => pair.answer).toFixed(1)}`,
    'requests of ctr': first?.ctrRequests ?? 0,
    [`${factor}×ctr + trips`]: factor * ctr + trips,
    kept: `${kept >= pairs.length / 2 ? 'yes' : 'no'} (${kept} of ${pairs.length})`,
  };
}

interface Pair {
  readonly ctr: number;
  readonly ours: number;
  readonly scripts: number;
  readonly dials: number;
  readonly requests: number;
  readonly ctrRequests: number;
  /** Milliseconds that each of them takes for nothing. */
  readonly script: number;
  readonly dial: number;
  readonly answer: number;
}

function tripsOf({ scripts, script, dials, dial, requests, answer }: Pair): number {
  return scripts * script + dials * dial + requests * answer;
}

async function onePair(bench: Bench): Promise<Pair> {
  const { registry, node, counts, echo } = bench;
  const trips = await roundTrips(node, echo);
  registry.takeRequests();
  const ctr = await ctrFetch(bench);
  const ctrRequests = registry.takeRequests();
  counts.scripts = counts.dials = 0;
  const started = performance.now();
  await replay(bench);
  const ours = performance.now() - started;
  // The access log is a pipe from another process.
  await new Promise((resolve) => setTimeout(resolve, 30));
  const requests = registry.takeRequests();
  if ([...requests].sort().join('\n') !== [...ctrRequests].sort().join('\n'))
    throw new Error(`other requests than ctr's:\n${requests.join('\n')}\nctr:\n${ctrRequests.join('\n')}`);
  return { ctr, ours, ...trips, ...counts, requests: requests.length, ctrRequests: ctrRequests.length };
}

async function replay({ registry, certsD, download, containerd, node }: Bench): Promise<void> {
  const place = openPlace({ node, cwd: '/', root: undefined });
  const { document } = await runReplay({
    request: {
      reference: referenceOf(registry),
      certsD,
      config: undefined,
      root: undefined,
      containerd: containerd.version,
      way: 'ctr',
      platform: undefined,
      until: 'layers',
      download,
      predict: false,
      auth: undefined,
      faults: [],
    },
    place,
    cancellation: { cancelled: false, onCancelled: () => () => undefined },
    alwaysPredict: true,
  });
  await place.close();
  if (!document.ok) throw new Error(document.reported ?? document.findings[0]?.message ?? 'the replay failed');
}

/** Milliseconds of one fetch into a store that has nothing of the image, which is taken out of it again. */
async function ctrFetch({ registry, containerd, certsD, download }: Bench): Promise<number> {
  const reference = referenceOf(registry);
  const child = spawn('ctr', ['--address', containerd.address, '--debug', 'content', 'fetch', '--hosts-dir', certsD, reference]);
  const closed = once(child, 'close');
  let [begun, answered] = [0, 0];
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    begun ||= performance.now();
    if (chunk.includes('fetch response received')) answered = performance.now();
  });
  const [code] = (await closed) as [number | null];
  const ended = performance.now();
  if (code !== 0 || answered === 0) throw new Error(`ctr content fetch ${reference} ended with ${String(code)}`);
  await once(spawn('ctr', ['--address', containerd.address, 'images', 'rm', '--sync', reference], { stdio: 'ignore' }), 'close');
  return (download ? ended : answered) - begun;
}

async function roundTrips(node: Node<Duplex>, echo: Server): Promise<Pick<Pair, 'script' | 'dial' | 'answer'>> {
  const address = echo.address();
  const started = performance.now();
  await node.run(':', { timeoutMs: 5000 });
  const ran = performance.now();
  const dialled = await node.dial('127.0.0.1', typeof address === 'object' && address ? address.port : 0, { timeoutMs: 5000 });
  if (!dialled.ok) throw new Error('the node does not dial');
  const connected = performance.now();
  dialled.stream.write('x');
  await once(dialled.stream, 'data');
  const answered = performance.now();
  dialled.stream.destroy();
  return { script: ran - started, dial: connected - ran, answer: answered - connected };
}

interface Counts {
  scripts: number;
  dials: number;
}

function counting(node: Node<Duplex>): { readonly node: Node<Duplex>; readonly counts: Counts } {
  const counts = { scripts: 0, dials: 0 };
  return {
    counts,
    node: {
      name: node.name,
      run: (script, options) => {
        counts.scripts++;
        return node.run(script, options);
      },
      dial: (host, port, options) => {
        counts.dials++;
        return node.dial(host, port, options);
      },
      close: () => node.close(),
    },
  };
}

async function startEcho(): Promise<Server> {
  const server = createServer((socket) => socket.pipe(socket).on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A port in a folder's name is written `host_port_` (config/hosts.go: hostDirectory). */
function writeHosts(folder: string, host: string, text: string): void {
  const directory = join(folder, host.replace(/:(\d+)$/, '_$1_'));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'hosts.toml'), text);
}

function referenceOf({ host, repository }: DockerRegistry): string {
  return `${host}/${repository}:1`;
}
