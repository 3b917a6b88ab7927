import type { ParseArgsConfig } from 'node:util';
import { redactText } from '../core/diagnosis/redactText';
import type { Cancellation } from '../core/ports';

/** 0 nothing wrong, 1 something was found, 2 the call could not be carried out. */
export type ExitStatus = 0 | 1 | 2;

export interface Command {
  readonly name: string;
  /** What follows the program's name: `lint [PATH…]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  run(line: CommandLine, io: Io): Promise<ExitStatus>;
}

export type CommandOption = NonNullable<ParseArgsConfig['options']>[string] & {
  /** One line for `--help`. */
  readonly help: string;
  /** What a value is called in `--help`: `FILE`. */
  readonly value?: string;
};

/** The words of a call after node:util parseArgs: strict, so an unknown option never gets here. */
export interface CommandLine {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
}

/** The process as a command sees it, so that tests and `serve` can stand in for it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly color: boolean;
  readonly cancellation: Cancellation;
  stdout(text: string): void;
  stderr(text: string): void;
  /** All of standard input, for `-`. */
  readStdin(): Promise<string>;
  /** Standard input line by line, for `--jsonl` and `--follow`; ends when it is cancelled. */
  stdinLines(): AsyncIterable<string>;
  /** Standard input as it comes, for logs of any size; ends when it is cancelled. */
  stdinChunks?(): AsyncIterable<Uint8Array>;
}

/** The call could not be carried out: one line that says what happened and what to do, without secrets. main prints it and exits with 2. */
export class CallError extends Error {
  constructor(
    message: string,
    readonly kind: 'usage' | 'missing' | 'unreachable' | 'cancelled' = 'usage',
  ) {
    super(redactText(message));
  }
}

export function stringOption(line: CommandLine, name: string): string | undefined {
  const value = line.values[name];
  return typeof value === 'string' ? value : undefined;
}

export function stringsOption(line: CommandLine, name: string): readonly string[] {
  const value = line.values[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function flag(line: CommandLine, name: string): boolean {
  return line.values[name] === true;
}
