import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { DialOptions, DialResult, Node, RunOptions, RunResult } from '../../core/ports';
import { CallError } from '../command';
import { startAskpass, type AskpassServer } from './askpassServer';
import { openMuxChannels, type MuxChannels } from './muxChannels';
import { endGroup, ending, startProgram, type Program } from './process';
import { runScript, type Broken } from './runScript';
import { dialByStdio, dialThroughMaster, unavailable } from './sshDial';
import { sshFailure, sshMissing, unreachable } from './sshErrors';
import { dialByTool } from './toolDial';
import type { ConnectOptions } from './options';

/** By its full path: a login shell without PATH, or with another language, finds it too. */
const shell = '/bin/sh -s';
const connectTimeoutS = 10;
/** For all of the login when nobody is asked anything in between. */
const loginTimeoutMs = 30_000;

/** Logs in at once, so that what is wrong with the login is said once and first; the connection is kept for every run and dial. */
export async function connectSsh(destination: string, options: ConnectOptions): Promise<Node<Duplex>> {
  if (destination.startsWith('-')) throw new CallError(`"${destination}" is no ssh destination: it starts with "-"`);
  // ssh makes its socket under a name 17 characters longer, and 104 is all that a socket's path may have on macOS.
  const wanted = options.env['TMPDIR'] ?? tmpdir();
  const base = wanted.length > 60 ? '/tmp' : wanted;
  const folder = await mkdtemp(join(base, 'crb-'));
  const node = new SshNode(destination, folder, options);
  try {
    await node.login();
    return node;
  } catch (error) {
    await node.close();
    throw error;
  }
}

class SshNode implements Node<Duplex> {
  readonly #socket: string | undefined;
  private readonly prompt: ConnectOptions['prompt'];
  #askpass: AskpassServer | undefined;
  #master: ChildProcessWithoutNullStreams | undefined;
  #channels: Promise<MuxChannels | undefined> | undefined;
  /** Forwarding is off on the server: found out once. */
  #forwardingOff = false;
  #closed = false;

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly options: ConnectOptions,
  ) {
    // Without a terminal ssh would look for a graphical askpass of its own.
    const dumb = options.prompt === 'terminal' && !process.stdin.isTTY && !process.stderr.isTTY;
    this.prompt = dumb ? undefined : options.prompt;
    // Win32-OpenSSH has no ControlMaster.
    this.#socket = process.platform === 'win32' ? undefined : join(folder, 's');
  }

  async login(): Promise<void> {
    const { prompt } = this;
    if (typeof prompt === 'function') this.#askpass = await startAskpass(this.folder, prompt);
    const master = this.#socket === undefined ? [] : ['-M', '-S', this.#socket, '-o', 'ControlPersist=no'];
    const program = this.#ssh([...master, '-T'], shell);
    const child = startProgram(program, prompt !== 'terminal');
    const failure = await this.#echoed(child);
    if (failure) {
      endGroup(child);
      throw failure;
    }
    if (this.#socket === undefined) child.stdin.end();
    else this.#master = child;
    // While a person may be asked, only the person's patience counts; afterwards the master must not hold the process.
    child.stderr.resume();
  }

  async run(script: string, options: RunOptions): Promise<RunResult> {
    if (this.#closed) throw unreachable(this.name, 'the connection was closed');
    const result = await runScript(this.#ssh([...this.#shared(), '-T'], shell), script, options);
    if (result.status === 'broken') throw this.#broken(result);
    return result;
  }

  async dial(host: string, port: number, options: DialOptions): Promise<DialResult<Duplex>> {
    if (this.#closed) return { ok: false, failure: unavailable('the connection to the node was closed'), timings: {} };
    if (!this.#forwardingOff) {
      const channels = await this.#muxChannels();
      const result = channels
        ? await dialThroughMaster(this, channels, host, port, options)
        : await dialByStdio(this, (target) => this.#ssh([...this.#shared(), '-T', '-W', target], undefined), host, port, options);
      if (result !== 'forwarding-off') return result;
      this.#forwardingOff = true;
    }
    return dialByTool(this, (command) => this.#ssh([...this.#shared(), '-T'], command), host, port, options);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    (await this.#channels)?.close();
    if (this.#master) {
      const ended = ending(this.#master);
      this.#master.stdin.end();
      const timer = setTimeout(() => this.#master && endGroup(this.#master), 1000);
      if (this.#master.exitCode === null && this.#master.signalCode === null) await ended;
      clearTimeout(timer);
    }
    this.#askpass?.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A new proxy connection when the last one was lost; undefined where the master has none. */
  async #muxChannels(): Promise<MuxChannels | undefined> {
    if (this.#socket === undefined) return undefined;
    const current = await this.#channels;
    if (current && !current.closed) return current;
    this.#channels = openMuxChannels(this.#socket, 5000).catch(() => undefined);
    return this.#channels;
  }

  #shared(): readonly string[] {
    return this.#socket === undefined ? [] : ['-S', this.#socket, '-o', 'ControlMaster=no'];
  }

  /**
   * What we set is what must not come from the person's own config: forwardings and commands of theirs, a quiet log. Host keys are
   * checked as they want it; nothing here makes that laxer.
   */
  #ssh(more: readonly string[], command: string | undefined): Program {
    const { sshConfig, env } = this.options;
    const settings = {
      BatchMode: this.prompt === undefined ? 'yes' : 'no',
      ConnectTimeout: connectTimeoutS,
      ServerAliveInterval: 10,
      ServerAliveCountMax: 3,
      ClearAllForwardings: 'yes',
      ForwardAgent: 'no',
      ForwardX11: 'no',
      PermitLocalCommand: 'no',
      RemoteCommand: 'none',
      LogLevel: 'INFO',
    };
    const words = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    const config = sshConfig === undefined ? [] : ['-F', sshConfig];
    return {
      file: 'ssh',
      args: [...config, ...words, ...more, '--', this.name, ...(command === undefined ? [] : [command])],
      env: { ...env, LC_ALL: 'C', ...this.#askpass?.env },
    };
  }

  /** Has a line printed, by builtins of sh only, and waits for it: then the login works, and the login shell runs commands. */
  async #echoed(child: ChildProcessWithoutNullStreams): Promise<CallError | undefined> {
    const marker = `crb-${Math.random().toString(36).slice(2)}`;
    let stderr = '';
    let seen = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr = (stderr + chunk).slice(-64_000)));
    const echo = new Promise<'echo'>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        seen = (seen + chunk).slice(-64_000);
        if (seen.includes(marker)) resolve('echo');
      });
    });
    child.stdin.write(`printf '%s\\n' ${marker}; while read -r l; do :; done\n`);
    const stop = this.#stopper();
    const outcome = await Promise.race([echo, ending(child), stop.stopped]);
    stop.release();
    if (outcome === 'echo') return undefined;
    if (outcome === 'cancelled') return new CallError(`the connection to ${this.name} was cancelled`, 'cancelled');
    if (outcome === 'timeout')
      return unreachable(this.name, `the login took longer than ${loginTimeoutMs / 1000} s; try "ssh -v ${this.name}"`);
    if (!outcome.started) return outcome.error.code === 'ENOENT' ? sshMissing(this.name) : unreachable(this.name, outcome.error.message);
    if (outcome.code === 255) return sshFailure(this.name, stderr);
    return noShell(this.name, stderr || seen);
  }

  #stopper(): { readonly stopped: Promise<'cancelled' | 'timeout'>; release(): void } {
    let timer: NodeJS.Timeout | undefined;
    let release: (() => void) | undefined;
    const stopped = new Promise<'cancelled' | 'timeout'>((resolve) => {
      if (this.options.cancellation?.cancelled) resolve('cancelled');
      if (this.prompt === undefined) timer = setTimeout(() => resolve('timeout'), loginTimeoutMs);
      release = this.options.cancellation?.onCancelled(() => resolve('cancelled'));
    });
    return {
      stopped,
      release: () => {
        clearTimeout(timer);
        release?.();
      },
    };
  }

  #broken({ ending: end, stderr, stdout }: Broken): CallError {
    if (!end.started) return end.error.code === 'ENOENT' ? sshMissing(this.name) : unreachable(this.name, end.error.message);
    return end.code === 255 || end.code === null ? sshFailure(this.name, stderr) : noShell(this.name, stderr || stdout);
  }
}

function noShell(destination: string, said: string): CallError {
  const line = said.trim().split('\n').at(-1)?.replace(/\p{C}/gu, '').slice(0, 200) ?? '';
  return unreachable(
    destination,
    `the login works, but its shell runs no commands${line === '' ? '' : ` ("${line}")`}; log in as a user with a real shell`,
  );
}
