import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { DialOptions, DialResult, NetFailure, Node } from '../../core/ports';
import { endGroup, ending, startProgram, type Program } from './process';
import { processStream, stopped, told, unavailable } from './sshDial';

/** A host that a script may name: a DNS name or an address, nothing that a shell or an option parser could take for more. */
const plainHost = /^[\w.:][\w.:-]{0,254}$/;
const nothingToDialWith = 'ssh forwarding is off on the node, and it has none of socat, nc and bash to connect with';

/**
 * A connection made by a program that the node already has: socat, nc, or bash with its /dev/tcp. The command goes through whatever
 * login shell there is, so it holds nothing that sh, csh and fish read differently inside single quotes.
 */
export async function dialByTool(
  node: Node,
  program: (command: string) => Program,
  host: string,
  port: number,
  options: DialOptions,
): Promise<DialResult<Duplex>> {
  if (!plainHost.test(host)) return { ok: false, failure: { kind: 'lookup', host, reason: 'no such host' }, timings: {} };
  const marker = randomBytes(12).toString('hex');
  const started = performance.now();
  const child = startProgram(program(`sh -c '${toolScript(host, port, marker, Math.ceil(options.timeoutMs / 1000))}'`));
  const tool = new ToolStream(child, marker);
  const end = ending(child).then(async (how): Promise<NetFailure | undefined> => {
    if (!how.started) return unavailable(how.error.message);
    if (how.code === 69) return unavailable(nothingToDialWith);
    return how.code === 0 && tool.begun ? undefined : told(node, tool.stderr, host, port, performance.now() - started);
  });
  const outcome = await Promise.race([tool.connected, end, stopped(options)]);
  const timings = { connectMs: performance.now() - started };
  if (outcome === 'connected') return { ok: true, stream: tool.stream(end), address: undefined, timings };
  endGroup(child);
  if (outcome === 'cancelled') return { ok: false, failure: { kind: 'cancelled' }, timings };
  if (outcome === 'timeout' || outcome === undefined) {
    return { ok: false, failure: { kind: 'dial', address: `${host}:${port}`, reason: 'i/o timeout' }, timings };
  }
  return { ok: false, failure: outcome, timings };
}

/** No backslash, quote, newline or exclamation mark: see dialByTool. Exit status 69 (EX_UNAVAILABLE) means that there is no tool. */
function toolScript(host: string, port: number, marker: string, seconds: number): string {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const have = (tool: string) => `command -v ${tool} >/dev/null 2>&1`;
  const begin = `echo; echo ${marker}; echo ${marker} >&2`;
  const bash = `exec 3<>/dev/tcp/${host}/${port} || exit 1; echo ${marker} connected >&2; exec 4<&0; cat <&4 >&3 2>/dev/null & cat <&3`;
  return [
    `if ${have('socat')}; then ${begin}; exec socat -d -d - TCP:${target},connect-timeout=${seconds}`,
    `elif ${have('bash')}; then ${begin}; exec bash -c "${bash}"`,
    `elif ${have('nc')} && nc --help </dev/null 2>&1 | grep -q BusyBox; then ${begin}; exec nc ${host} ${port}`,
    `elif ${have('nc')}; then ${begin}; exec nc -v ${host} ${port}`,
    `elif busybox nc --help >/dev/null 2>&1; then ${begin}; exec busybox nc ${host} ${port}`,
    `else exit 69; fi`,
  ].join('; ');
}

/** How socat, bash (ours), the kinds of nc and ncat say that they are connected. */
const connectedWords = /[0-9a-f]{24} connected|successfully connected|succeeded!|Connected to|\(\?\) open|\) open/;
/** busybox's nc says nothing: after so long without a failure it is taken to be connected. */
const quietMs = 700;

/** The pipes of such a program: what comes before the marker on stdout is chatter of the login shell. */
class ToolStream {
  readonly connected: Promise<'connected'>;
  stderr = '';
  begun = false;
  #early: Buffer = Buffer.alloc(0);
  #isConnected: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly child: ReturnType<typeof startProgram>,
    private readonly marker: string,
  ) {
    this.connected = new Promise((resolve) => (this.#isConnected = () => resolve('connected')));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr = (this.stderr + chunk).slice(-16_000);
      if (connectedWords.test(this.stderr)) this.#ready();
    });
    child.stdout.on('readable', this.#readStart);
  }

  /** The connection itself, once connected. */
  stream(failed: Promise<NetFailure | undefined>): Duplex {
    const { child } = this;
    clearTimeout(this.#timer);
    const stream = processStream(child, failed);
    return stream;
  }

  #ready(): void {
    if (this.begun) this.#isConnected();
  }

  readonly #readStart = (): void => {
    const chunk = this.child.stdout.read() as Buffer | null;
    if (chunk === null) return;
    this.#early = Buffer.concat([this.#early, chunk]);
    const line = `\n${this.marker}\n`;
    const at = this.#early.indexOf(line);
    if (at < 0) return;
    this.child.stdout.off('readable', this.#readStart);
    const rest = this.#early.subarray(at + line.length);
    if (rest.length > 0) this.child.stdout.unshift(rest);
    this.begun = true;
    this.#timer = setTimeout(() => this.#isConnected(), quietMs);
    if (connectedWords.test(this.stderr)) this.#isConnected();
  };
}
