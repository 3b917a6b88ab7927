import { randomBytes } from 'node:crypto';
import type { RunOptions, RunResult } from '../../core/ports';
import { endGroup, ending, startProgram, type Ending, type Program } from './process';
import { FrameReader, framedScript } from './script';

/** A node that prints without end is cut off here, as `head -c` would. */
const outputLimit = 64 * 1024 * 1024;
/** How long a shell gets to clear up on the node after its stdin was closed. */
const graceMs = 2000;

/** The shell never began to run the script, or went away in the middle of it: what the transport said about that. */
export interface Broken {
  readonly status: 'broken';
  readonly ending: Ending;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a script in the shell that `program` starts with `sh -s`; see script.ts. */
export async function runScript(program: Program, script: string, options: RunOptions): Promise<RunResult | Broken> {
  if (options.cancellation?.cancelled) return { status: 'cancelled', stdout: '', stderr: '' };
  const marker = `@@${randomBytes(12).toString('hex')}`;
  const child = startProgram(program);
  const out = new FrameReader(marker, options.onStdout);
  const err = new FrameReader(marker);
  let stopped: 'timeout' | 'cancelled' | 'flood' | undefined;
  let grace: NodeJS.Timeout | undefined;
  const close = () => {
    child.stdin.end();
    grace ??= setTimeout(() => endGroup(child), graceMs);
  };
  const stop = (reason: NonNullable<typeof stopped>) => {
    if (out.framed.code !== undefined) return;
    stopped ??= reason;
    close();
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (stopped) return;
    out.push(chunk);
    if (out.framed.code !== undefined) close();
    else if (out.length > outputLimit) stop('flood');
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    if (err.length <= outputLimit) err.push(chunk);
  });
  const timer = setTimeout(() => stop('timeout'), options.timeoutMs);
  const release = options.cancellation?.onCancelled(() => stop('cancelled'));
  child.stdin.write(framedScript(script, options.stdin, marker));
  const end = await ending(child);
  clearTimeout(timer);
  clearTimeout(grace);
  release?.();
  return result(out, err, stopped, end);
}

function result(
  out: FrameReader,
  err: FrameReader,
  stopped: 'timeout' | 'cancelled' | 'flood' | undefined,
  end: Ending,
): RunResult | Broken {
  const stdout = out.framed.text;
  const stderr = err.framed.text;
  if (out.framed.code !== undefined) return { status: 'exited', code: out.framed.code, stdout, stderr };
  // 141 is what a shell reports for a writer whose reader has gone: 128 + SIGPIPE.
  if (stopped === 'flood') return { status: 'exited', code: 141, stdout, stderr };
  if (stopped) return { status: stopped, stdout, stderr };
  return { status: 'broken', ending: end, stderr: err.framed.begun ? stderr : err.chatter, stdout: out.chatter };
}
