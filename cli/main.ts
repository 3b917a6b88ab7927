import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { Cancellation } from '../core/ports';
import { CallError, type Command, type CommandLine, type ExitStatus, type Io } from './command';
import { commandNames, loadAllCommands, loadCommand } from './commands';
import { inputLines } from './followLines';
import { helpText, usageText } from './help';
import { readChunks } from './readChunks';

/** Runs one call and gives its exit status. Every failure is one line on stderr, never a stack. */
export async function main(words: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    return await dispatch(words, io);
  } catch (error) {
    const line = error instanceof Error ? error.message : String(error);
    io.stderr(
      `containerd-runbooks: ${line
        .split('\n')
        .map((part) => part.trim())
        .join(' ')}\n`,
    );
    return 2;
  }
}

async function dispatch(words: readonly string[], io: Io): Promise<ExitStatus> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h') {
    io.stdout(usageText(await loadAllCommands()));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    io.stdout(`containerd-runbooks ${ownVersion()}\n`);
    return 0;
  }
  const command = await loadCommand(name);
  if (!command) throw new CallError(`there is no command "${name}"; the commands are ${commandNames.join(', ')}`);
  if (rest.includes('--help') || rest.includes('-h')) {
    io.stdout(helpText(command));
    return 0;
  }
  return command.run(readLine(command, rest), io);
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { readonly version: string };
  return version;
}

function readLine(command: Command, words: readonly string[]): CommandLine {
  try {
    const { positionals, values } = parseArgs({ args: [...words], options: command.options, allowPositionals: true, strict: true });
    return { positionals, values };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error);
    throw new CallError(`${reason}; usage: containerd-runbooks ${command.usage}`);
  }
}

/**
 * The process itself. Ctrl-C cancels once, so that a command can stop its remote work; a second one ends the process, and so does the first
 * while there is nothing to stop. The same goes for a service manager that stops it, and for a terminal that is closed.
 */
export function processIo(): Io {
  const cancellation = interruption();
  return {
    env: process.env,
    cwd: process.cwd(),
    color: process.stdout.isTTY && !process.env['NO_COLOR'],
    cancellation,
    stdout: (chunk) => void process.stdout.write(chunk),
    stderr: (chunk) => void process.stderr.write(chunk),
    readStdin: () => text(process.stdin),
    stdinLines: () => inputLines(cancellation),
    stdinChunks: () => readChunks(0, cancellation),
  };
}

function interruption(): Cancellation {
  const listeners = new Set<() => void>();
  let cancelled = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (cancelled || listeners.size === 0) process.exit(2);
      cancelled = true;
      for (const listener of listeners) listener();
    });
  return {
    get cancelled() {
      return cancelled;
    },
    onCancelled(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
