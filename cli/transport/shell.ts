import { randomBytes } from 'node:crypto';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { RunOptions, RunResult } from '../../core/ports';
import { endGroup, endLeftovers, ending, startProgram, type Ending, type Program } from './process';
import { FrameReader, clearedLine, framedScript } from './script';

/** A node that prints without end is cut off here, as `head -c` would. */
const outputLimit = 64 * 1024 * 1024;
/** How long a shell gets to clear up on the node after it was told to. */
const graceMs = 2000;

/** The shell never began to run the script, or went away in the middle of it: what the transport said about that. */
export interface Broken {
  readonly status: 'broken';
  readonly ending: Ending;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a script in a shell of its own, which `program` starts with `sh -s`. */
export async function runScript(program: Program, script: string, options: RunOptions): Promise<RunResult | Broken> {
  if (options.cancellation?.cancelled) return { status: 'cancelled', stdout: '', stderr: '' };
  const child = startProgram(program);
  // Where there is no /proc, the shell finds nothing of what a script has left; what runs on this machine is in its group.
  child.once('exit', () => endLeftovers(child));
  const shell = new Shell(child);
  const result = await shell.run(script, options);
  if (shell.isLate) endGroup(child);
  child.stdin.end();
  const timer = setTimeout(() => {
    endGroup(child);
    // What runs elsewhere, or in a group of its own, may still hold these: it learns at its next word that nobody listens.
    child.stdout.destroy();
    child.stderr.destroy();
  }, graceMs);
  await shell.ended;
  clearTimeout(timer);
  return result;
}

/**
 * One `sh -s` in which scripts run one after another; what a script leaves behind is cleared away before the next one begins. A shell
 * that stands already costs no login, no login shell and no new process here.
 */
export class Shell {
  readonly ended: Promise<Ending>;
  #isAlive = true;
  #waiting = 0;
  #last: ScriptRun | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.setEncoding('utf8');
    child.stderr.setEncoding('utf8');
    this.ended = ending(child).finally(() => (this.#isAlive = false));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** A script was stopped, and the shell did not clear it away in time. */
  get isLate(): boolean {
    return this.#last?.isLate === true;
  }

  /** A script given now begins now. */
  get isFree(): boolean {
    return this.#isAlive && this.#waiting === 0 && !this.isLate;
  }

  async run(script: string, options: RunOptions): Promise<RunResult | Broken> {
    const turn = this.#turn;
    let done: () => void = () => undefined;
    this.#turn = new Promise((resolve) => (done = resolve));
    this.#waiting++;
    await turn;
    const run = new ScriptRun(this.child, this.ended, options);
    this.#last = run;
    void run.cleared.then(done);
    const result = await run.start(script);
    this.#waiting--;
    return result;
  }
}

/** One script in a shell, until nothing of it is left on the node. */
class ScriptRun {
  readonly cleared: Promise<void>;
  isLate = false;
  readonly #marker = `@@${randomBytes(12).toString('hex')}`;
  readonly #out: FrameReader;
  readonly #err = new FrameReader(this.#marker);
  #tail = '';
  #stopped: 'timeout' | 'cancelled' | 'flood' | undefined;
  #isToldToClear = false;
  #grace: NodeJS.Timeout | undefined;
  #isCleared: () => void = () => undefined;
  #answer: (result: RunResult | Broken) => void = () => undefined;

  constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly ended: Promise<Ending>,
    private readonly options: RunOptions,
  ) {
    this.#out = new FrameReader(this.#marker, options.onStdout, options.endless !== true);
    this.cleared = new Promise((resolve) => (this.#isCleared = resolve));
  }

  async start(script: string): Promise<RunResult | Broken> {
    const { child, options } = this;
    if (options.cancellation?.cancelled) {
      this.#isCleared();
      return { status: 'cancelled', stdout: '', stderr: '' };
    }
    const answer = new Promise<RunResult | Broken>((resolve) => (this.#answer = resolve));
    child.stdout.on('data', this.#readOut);
    child.stderr.on('data', this.#readErr);
    const timer = setTimeout(() => this.#stop('timeout'), options.timeoutMs);
    const release = options.cancellation?.onCancelled(() => this.#stop('cancelled'));
    void this.ended.then((end) => this.#over(end));
    child.stdin.write(framedScript(script, options.stdin, this.#marker));
    const result = await answer;
    clearTimeout(timer);
    release?.();
    return result;
  }

  readonly #readOut = (chunk: string): void => {
    this.#tail = (this.#tail + chunk).slice(-200);
    if (!this.#stopped || !this.#out.begun) this.#out.push(chunk);
    if (this.#stopped || this.#out.code !== undefined) this.#clear();
    else if (this.#out.length > outputLimit) this.#stop('flood');
    if (this.#tail.includes(clearedLine(this.#marker))) this.#over(undefined);
    else this.#ready();
  };

  readonly #readErr = (chunk: string): void => {
    if (this.#err.length <= outputLimit) this.#err.push(chunk);
    this.#ready();
  };

  #stop(reason: 'timeout' | 'cancelled' | 'flood'): void {
    if (this.#stopped || this.#out.code !== undefined) return;
    this.#stopped = reason;
    this.#grace = setTimeout(() => {
      this.isLate = true;
      this.#answer(this.#result(undefined));
    }, graceMs);
    this.#clear();
  }

  /** Not before the script has begun: a shell that still reads the script would take the line for a part of it. */
  #clear(): void {
    if (this.#isToldToClear || !this.#out.begun) return;
    this.#isToldToClear = true;
    this.child.stdin.write('\n');
  }

  #ready(): void {
    if (this.#out.code !== undefined && this.#err.code !== undefined) this.#answer(this.#result(undefined));
  }

  /** All that was started is gone; with `end`, the shell too. */
  #over(end: Ending | undefined): void {
    this.child.stdout.off('data', this.#readOut);
    this.child.stderr.off('data', this.#readErr);
    clearTimeout(this.#grace);
    this.isLate = false;
    this.#answer(this.#result(end));
    this.#isCleared();
  }

  #result(end: Ending | undefined): RunResult | Broken {
    const { text: stdout, code } = this.#out;
    const { text: stderr, begun } = this.#err;
    if (code !== undefined) return { status: 'exited', code, stdout, stderr };
    // 141 is what a shell reports for a writer whose reader has gone: 128 + SIGPIPE.
    if (this.#stopped === 'flood') return { status: 'exited', code: 141, stdout, stderr };
    if (this.#stopped) return { status: this.#stopped, stdout, stderr };
    const ending = end ?? { started: true, code: null };
    return { status: 'broken', ending, stderr: begun ? stderr : this.#err.chatter, stdout: this.#out.chatter };
  }
}
