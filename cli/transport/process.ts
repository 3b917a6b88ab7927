import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a program in a process group of its own, so that `endGroup` reaches what it starts in turn. */
export function startProgram({ file, args, env }: Program, ownGroup = true): ChildProcessWithoutNullStreams {
  const child = spawn(file, [...args], {
    stdio: 'pipe',
    detached: ownGroup && process.platform !== 'win32',
    windowsHide: true,
    ...(env && { env }),
  });
  // A program that ends before it has read its input is told by its exit, not by EPIPE.
  child.stdin.on('error', () => undefined);
  return child;
}

/** Kills a program and everything in its group. */
export function endGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

/** Once a program has ended: kills what it has left of its group. */
export function endLeftovers(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}

/** How a program ended: it could not be started, or its exit code (null after a signal). Comes after its streams have ended. */
export type Ending =
  { readonly started: false; readonly error: NodeJS.ErrnoException } | { readonly started: true; readonly code: number | null };

export function ending(child: ChildProcessWithoutNullStreams): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ started: false, error });
    });
    child.once('close', (code) => resolve({ started: true, code }));
  });
}
