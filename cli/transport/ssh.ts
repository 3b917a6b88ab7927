import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { DialOptions, DialResult, Node, RunOptions, RunResult } from '../../core/ports';
import { quote } from '../../core/probes/quote';
import { message } from '../../core/text/message';
import { CallError } from '../command';
import { startAskpass, type AskpassServer } from './askpassServer';
import { splitWords } from './exec';
import { openMuxChannels, type MuxChannels } from './muxChannels';
import { endGroup, startProgram, type Ending, type Program } from './process';
import { runScript, Shell, type Broken } from './shell';
import { dialByStdio, dialThroughMaster, unavailable } from './sshDial';
import { changedHostKey, sshFailure, sshMissing, unreachable } from './sshErrors';
import { dialByTool } from './toolDial';
import type { ConnectOptions } from './options';

/** By its full path: a login shell without PATH, or with another language, finds it too. */
const command = '/bin/sh -s';
const connectTimeoutS = 10;
/** For all of the login when nobody is asked anything in between. */
const loginTimeoutMs = 30_000;
/** ssh asks a silent server after each interval, and takes the connection for lost when it has asked once more than `count` times. */
const keepAlive = { intervalS: 4, count: 2 };

/**
 * `worker-1`, or `worker-1 sudo sheltie`: what follows the destination is put before every shell that is started there, for logins that
 * lead into a container of the node only. Bottlerocket's sheltie takes no words and gives the shell of the node anyway.
 *
 * Logs in at once, so that what is wrong with the login is said once and first; the connection is kept for every run and dial.
 */
export async function connectSsh(name: string, options: ConnectOptions): Promise<Node<Duplex>> {
  const [destination = '', prefix = ''] = name.split(/\s+(.*)/s);
  const before = splitWords(prefix).map((word) => `${quote(word)} `);
  if (destination.startsWith('-')) throw new CallError(message('failure/ssh-destination', { node: destination }));
  // ssh makes its socket under a name 17 characters longer, and 104 is all that a socket's path may have on macOS.
  const wanted = options.env['TMPDIR'] ?? tmpdir();
  const base = wanted.length > 60 ? '/tmp' : wanted;
  // At once, so that ssh is on its way while this process loads the rest of itself.
  const folder = mkdtempSync(join(base, 'crb-'));
  folders.add(folder);
  const node = new SshNode(name, destination, before.join(''), folder, options);
  try {
    await node.connected();
    return node;
  } catch (error) {
    await node.close();
    throw error;
  }
}

/** Of connections that are open: who ends in the middle leaves none behind. */
const folders = new Set<string>();
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** One login: an ssh that is the master of all others where there can be one, and the shell at its end. */
interface Login {
  readonly child: ChildProcessWithoutNullStreams;
  readonly shell: Shell;
  /** The last that ssh itself said. */
  said: string;
}

class SshNode implements Node<Duplex> {
  readonly #socket: string | undefined;
  private readonly prompt: ConnectOptions['prompt'];
  #askpass: AskpassServer | undefined;
  #login: Promise<Login> | undefined;
  #channels: Promise<MuxChannels | undefined> | undefined;
  /** Forwarding is off on the server: found out once. */
  #forwardingOff = false;
  #closed = false;

  constructor(
    readonly name: string,
    private readonly destination: string,
    /** Quoted, with a space at its end when there is one. */
    private readonly prefix: string,
    private readonly folder: string,
    private readonly options: ConnectOptions,
  ) {
    // Without a terminal ssh would look for a graphical askpass of its own.
    const dumb = options.prompt === 'terminal' && !process.stdin.isTTY && !process.stderr.isTTY;
    this.prompt = dumb ? undefined : options.prompt;
    // Win32-OpenSSH has no ControlMaster.
    const isShared = process.platform !== 'win32' && options.multiplexing !== false;
    this.#socket = isShared ? join(folder, 's') : undefined;
  }

  /** The connection that stands. One that was lost is made again, once for everybody who waits for it. */
  async connected(): Promise<Login> {
    const standing = (this.#login ??= this.#logIn());
    const login = await standing;
    if (login.shell.isAlive) return login;
    if (this.#login !== standing) return this.connected();
    const next = this.#reconnect();
    this.#login = next;
    // Whoever asks next tries again.
    next.catch(() => (this.#login = standing));
    return next;
  }

  async run(script: string, options: RunOptions): Promise<RunResult> {
    if (this.#closed) throw unreachable(this.name, message('failure/closed'));
    const login = await this.connected();
    const { shell } = login;
    const standing = options.endless !== true && (this.#socket === undefined || shell.isFree);
    const result = await (standing
      ? shell.run(script, options)
      : runScript(this.#ssh([...this.#shared(), '-T'], command), script, options));
    // Without a master this shell is all there is: one that does not answer any more makes room for a new one.
    if (this.#socket === undefined && shell.isLate) endGroup(login.child);
    if (result.status === 'broken') throw await this.#broken(result, login);
    return result;
  }

  async dial(host: string, port: number, options: DialOptions): Promise<DialResult<Duplex>> {
    if (this.#closed) return { ok: false, failure: unavailable('the connection to the node was closed'), timings: {} };
    if (this.#socket !== undefined) await this.connected();
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
    const login = await this.#login?.catch(() => undefined);
    if (login) {
      login.child.stdin.end();
      const timer = setTimeout(() => endGroup(login.child), 1000);
      await login.shell.ended;
      clearTimeout(timer);
    }
    this.#askpass?.close();
    await rm(this.folder, { recursive: true, force: true });
    folders.delete(this.folder);
  }

  async #logIn(): Promise<Login> {
    const { prompt } = this;
    if (typeof prompt === 'function') this.#askpass ??= await startAskpass(this.folder, prompt);
    const master = this.#socket === undefined ? [] : ['-M', '-S', this.#socket, '-o', 'ControlPersist=no'];
    const child = startProgram(this.#ssh([...master, '-T'], command), prompt !== 'terminal');
    const login = { child, shell: new Shell(child), said: '' };
    child.stderr.on('data', (chunk: string) => (login.said = (login.said + chunk).slice(-16_000)));
    const failure = (await this.#echoed(login)) ?? changedHostKey(this.destination, login.said);
    if (!failure) return login;
    endGroup(child);
    throw failure;
  }

  async #reconnect(): Promise<Login> {
    if (this.#socket !== undefined) await rm(this.#socket, { force: true });
    const login = await this.#logIn();
    this.options.onNotice?.(`the connection to ${this.name} was lost and has been made again`);
    return login;
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
   * checked as they want it; nothing here makes that laxer, and #logIn goes no further with one that changed.
   */
  #ssh(more: readonly string[], remote: string | undefined): Program {
    const { sshConfig, env } = this.options;
    const settings = {
      BatchMode: this.prompt === undefined ? 'yes' : 'no',
      ConnectTimeout: connectTimeoutS,
      ServerAliveInterval: keepAlive.intervalS,
      ServerAliveCountMax: keepAlive.count,
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
      args: [...config, ...words, ...more, '--', this.destination, ...(remote === undefined ? [] : [`${this.prefix}${remote}`])],
      env: { ...env, LC_ALL: 'C', ...this.#askpass?.env },
    };
  }

  /** Has a line printed, by a builtin of sh, and waits for it: then the login works, and the login shell runs commands. */
  async #echoed(login: Login): Promise<CallError | undefined> {
    const { child, shell } = login;
    const marker = `crb-${Math.random().toString(36).slice(2)}`;
    let seen = '';
    let read: (chunk: string) => void = () => undefined;
    const echo = new Promise<'echo'>((resolve) => {
      read = (chunk) => {
        seen = (seen + chunk).slice(-64_000);
        if (seen.includes(marker)) resolve('echo');
      };
    });
    child.stdout.on('data', read);
    child.stdin.write(`printf '%s\\n' ${marker}\n`);
    const stop = this.#stopper();
    const outcome = await Promise.race([echo, shell.ended, stop.stopped]);
    stop.release();
    child.stdout.off('data', read);
    if (outcome === 'echo') return undefined;
    if (outcome === 'cancelled') return new CallError(`the connection to ${this.name} was cancelled`, 'cancelled');
    if (outcome === 'timeout')
      return unreachable(this.name, message('failure/ssh-slow-login', { seconds: loginTimeoutMs / 1000, node: this.destination }));
    return this.#failure(outcome, login.said, seen);
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

  /** When the connection itself is over, what its ssh said tells why; a session's own ssh says only that it is gone. */
  async #broken({ ending: end, stderr, stdout }: Broken, login: Login): Promise<CallError> {
    const isOver = await Promise.race([login.shell.ended, pause(500)]);
    return this.#failure(end, isOver ? `${stderr}\n${login.said}` : stderr, stdout);
  }

  #failure(end: Ending, stderr: string, stdout: string): CallError {
    if (!end.started) return end.error.code === 'ENOENT' ? sshMissing(this.name) : unreachable(this.name, end.error.message);
    return end.code === 255 || end.code === null ? sshFailure(this.destination, stderr) : noShell(this.name, stderr || stdout);
  }
}

function noShell(destination: string, said: string): CallError {
  const line = said.trim().split('\n').at(-1)?.replace(/\p{C}/gu, '').slice(0, 200) ?? '';
  return unreachable(destination, message(line === '' ? 'failure/ssh-no-shell' : 'failure/ssh-no-shell-said', { why: line }));
}
