import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { connect as open, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DialOptions, DialResult, NetFailure, Node, RunOptions, RunResult } from '../../core/ports';
import { message } from '../../core/text/message';
import { CallError } from '../command';
import { hostPort, lookupFailure, reasonOf, resolverOf } from './netFailures';
import { runScript } from './shell';

/** This machine. */
export function localNode(env: NodeJS.ProcessEnv): Node<Duplex> {
  return {
    name: 'local',
    looksUp: true,
    run: (script, options) => runLocally(script, options, env),
    dial: dialLocally,
    close: () => Promise.resolve(),
  };
}

async function runLocally(script: string, options: RunOptions, env: NodeJS.ProcessEnv): Promise<RunResult> {
  const result = await runScript({ file: 'sh', args: ['-s'], env }, script, options);
  if (result.status !== 'broken') return result;
  if (!result.ending.started) throw new CallError(message('failure/local-no-shell', { why: result.ending.error.message }), 'unreachable');
  throw new CallError(message('failure/local-killed'), 'unreachable');
}

/** Opens a TCP connection from this machine, one address after the other; as Go, the first address's failure is the one told. */
export async function dialLocally(host: string, port: number, options: DialOptions): Promise<DialResult<Duplex>> {
  const started = performance.now();
  const found = await addressesOf(host, options);
  const dnsMs = performance.now() - started;
  if ('kind' in found) return { ok: false, failure: found, timings: { dnsMs } };
  let first = found.map((address) => options.refusal?.(address)).find((refused) => refused !== undefined);
  if (first) return { ok: false, failure: first, timings: { dnsMs } };
  for (const [index, address] of found.entries()) {
    const left = options.timeoutMs - (performance.now() - started);
    const connecting = performance.now();
    const outcome = await connectTo(address, port, left / (found.length - index), options);
    const timings = { ...(isIP(host) === 0 && { dnsMs }), connectMs: performance.now() - connecting };
    if (!('kind' in outcome)) return { ok: true, stream: outcome, address: hostPort(address, port), timings };
    first ??= outcome;
    if (options.cancellation?.cancelled) break;
  }
  return { ok: false, failure: first ?? { kind: 'lookup', host, reason: 'no such host' }, timings: { dnsMs } };
}

async function addressesOf(host: string, options: DialOptions): Promise<readonly string[] | NetFailure> {
  if (options.cancellation?.cancelled) return { kind: 'cancelled' };
  if (isIP(host) !== 0) return [host];
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), options.timeoutMs);
    });
    const found = await Promise.race([lookup(host, { all: true, order: 'ipv4first' }), late]);
    if (found !== 'late') return found.map(({ address }) => address);
    return await silentResolver(lookupFailure(host, 'other', 'i/o timeout', options.timeoutMs, await localResolver()));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const verdict = code === 'ENOTFOUND' ? 'unknown' : code === 'EAI_AGAIN' ? 'again' : 'other';
    const after = performance.now() - started;
    return await silentResolver(lookupFailure(host, verdict, reasonOf(error as NodeJS.ErrnoException), after, await localResolver()));
  } finally {
    clearTimeout(timer);
  }
}

/** Go's resolver names its own socket when a server stays silent: `read udp 10.0.0.5:41234->10.0.0.2:53: i/o timeout`. */
async function silentResolver(failure: NetFailure): Promise<NetFailure> {
  if (failure.kind !== 'lookup' || failure.reason !== 'i/o timeout' || failure.server === undefined) return failure;
  const local = await udpAddressTowards(failure.server);
  return local === undefined ? failure : { ...failure, reason: `read udp ${local}->${failure.server}: i/o timeout` };
}

/** From where a datagram to that server would leave; none is sent. */
function udpAddressTowards(server: string): Promise<string | undefined> {
  const [, host = '', port = ''] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(server) ?? [];
  if (isIP(host) === 0) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
    const end = (address: string | undefined): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end(undefined));
    socket.connect(Number(port), host, () => end(hostPort(socket.address().address, socket.address().port)));
  });
}

async function localResolver(): Promise<string | undefined> {
  return readFile('/etc/resolv.conf', 'utf8').then(resolverOf, () => undefined);
}

function connectTo(address: string, port: number, timeoutMs: number, options: DialOptions): Promise<Socket | NetFailure> {
  const socket = open({ host: address, port, noDelay: true });
  return new Promise((resolve) => {
    const end = (outcome: Socket | NetFailure) => {
      clearTimeout(timer);
      release?.();
      if ('kind' in outcome) socket.destroy();
      resolve(outcome);
    };
    const fail = (reason: string) => end({ kind: 'dial', address: hostPort(address, port), reason });
    const timer = setTimeout(() => fail('i/o timeout'), Math.max(1, timeoutMs));
    const release = options.cancellation?.onCancelled(() => end({ kind: 'cancelled' }));
    socket.once('connect', () => end(socket));
    socket.on('error', (error) => fail(reasonOf(error)));
  });
}
