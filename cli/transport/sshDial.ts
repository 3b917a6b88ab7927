import { Duplex } from 'node:stream';
import type { DialOptions, DialResult, NetFailure, Node } from '../../core/ports';
import type { MuxChannels } from './muxChannels';
import { failureInWords, hostPort, resolverOf, StreamFailure } from './netFailures';
import { endGroup, ending, startProgram, type Program } from './process';

/** sshd's way of saying that AllowTcpForwarding or PermitOpen forbids it (RFC 4254, 5.1, code 1 and 3). */
const prohibited = /administratively prohibited|unknown channel type/i;

/** A connection over the master that is already logged in: its moment and its failure are known exactly. */
export async function dialThroughMaster(
  node: Node,
  channels: MuxChannels,
  host: string,
  port: number,
  options: DialOptions,
): Promise<DialResult<Duplex> | 'forwarding-off'> {
  const started = performance.now();
  const attempt = channels.open(host, port);
  const outcome = await Promise.race([attempt.opened, stopped(options)]);
  const connectMs = performance.now() - started;
  if (outcome === 'timeout' || outcome === 'cancelled') {
    attempt.abandon();
    const failure: NetFailure =
      outcome === 'cancelled' ? { kind: 'cancelled' } : { kind: 'dial', address: hostPort(host, port), reason: 'i/o timeout' };
    return { ok: false, failure, timings: { connectMs } };
  }
  if (outcome.ok) return { ok: true, stream: outcome.stream, address: undefined, timings: { connectMs } };
  if (outcome.code === 1 || outcome.code === 3) return 'forwarding-off';
  const failure = outcome.code === 0 ? unavailable(outcome.text) : await told(node, outcome.text, host, port, connectMs);
  return { ok: false, failure, timings: { connectMs } };
}

/**
 * `ssh -W`, where there is no master to ask. It does not say when the connection stands, so a stream is handed out once ssh has been
 * quiet for a moment, and a failure that comes later arrives as the stream's error.
 */
export async function dialByStdio(
  node: Node,
  program: (target: string) => Program,
  host: string,
  port: number,
  options: DialOptions,
): Promise<DialResult<Duplex> | 'forwarding-off'> {
  const started = performance.now();
  const child = startProgram(program(hostPort(host, port)));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr = (stderr + chunk).slice(-16_000)));
  const end = ending(child);
  const failed = end.then(async (how) => {
    if (!how.started) return unavailable(how.error.message);
    if (how.code === 0) return undefined;
    return prohibited.test(stderr) ? ('forwarding-off' as const) : told(node, stderr, host, port, performance.now() - started);
  });
  const quiet = new Promise<'quiet'>((resolve) => setTimeout(() => resolve('quiet'), Math.min(1500, options.timeoutMs)));
  const outcome = await Promise.race([failed, quiet, stopped(options)]);
  const timings = { connectMs: performance.now() - started };
  if (outcome === 'forwarding-off') return outcome;
  if (outcome === 'cancelled') {
    endGroup(child);
    return { ok: false, failure: { kind: 'cancelled' }, timings };
  }
  if (typeof outcome === 'object') return { ok: false, failure: outcome, timings };
  return { ok: true, stream: processStream(child, failed), address: undefined, timings };
}

/** stdin and stdout of a process as one stream; `failed` gives the reason when the process ends badly. */
export function processStream(child: ReturnType<typeof startProgram>, failed: Promise<NetFailure | 'forwarding-off' | undefined>): Duplex {
  const before = bytesFrom(child);
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.once('close', () => endGroup(child));
  // A stream that nobody reads any more must not bring the process down; readers have listeners of their own.
  stream.on('error', () => undefined);
  void failed.then((failure) => {
    // After the first bytes an end is the other side closing, whatever the program thinks of it.
    if (failure === undefined || stream.destroyed || bytesFrom(child) > before) return;
    stream.destroy(new StreamFailure(failure === 'forwarding-off' ? unavailable('the server forbids forwarding') : failure));
  });
  return stream;
}

function bytesFrom(child: ReturnType<typeof startProgram>): number {
  return 'bytesRead' in child.stdout ? Number(child.stdout.bytesRead) : 0;
}

/** Resolves when the dial's time is over or it is cancelled; never otherwise. */
export function stopped(options: DialOptions): Promise<'timeout' | 'cancelled'> {
  return new Promise((resolve) => {
    if (options.cancellation?.cancelled) {
      resolve('cancelled');
      return;
    }
    const release = options.cancellation?.onCancelled(() => resolve('cancelled'));
    setTimeout(() => {
      release?.();
      resolve('timeout');
    }, options.timeoutMs).unref();
  });
}

/** The words of the other side as a failure. For a name that is not found the node's resolver is read, as Go names it. */
export async function told(node: Node, text: string, host: string, port: number, afterMs: number): Promise<NetFailure> {
  const address = hostPort(host, port);
  const failure = failureInWords(text, host, address, afterMs, undefined);
  if (failure?.kind !== 'lookup') return failure ?? unavailable(text.trim().split('\n').at(-1) ?? '');
  const resolver = await resolverOfNode(node);
  return resolver === undefined ? failure : { ...failure, server: resolver };
}

async function resolverOfNode(node: Node): Promise<string | undefined> {
  try {
    const result = await node.run('while read -r line; do printf "%s\\n" "$line"; done </etc/resolv.conf', { timeoutMs: 5000 });
    return result.status === 'exited' && result.code === 0 ? resolverOf(result.stdout) : undefined;
  } catch {
    return undefined;
  }
}

export function unavailable(reason: string): NetFailure {
  return { kind: 'unavailable', reason };
}
