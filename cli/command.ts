import type { ParseArgsConfig } from 'node:util';
import { failureMessages } from '../core/diagnosis/failureMessages';
import { redactText } from '../core/diagnosis/redactText';
import type { Cancellation } from '../core/ports';
import { render, type Catalog, type Message } from '../core/text/message';

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

/**
 * The call could not be carried out: one line that says what happened and what to do, without secrets. main prints it and exits with 2.
 * It is English on stderr, as all usage is; `toldIn` says it in the language of an editor.
 */
export class CallError extends Error {
  /** What `message` was made from, its secrets in it; undefined for a text that has no other language. */
  readonly said: Message | undefined;

  constructor(
    message: string | Message,
    readonly kind: 'usage' | 'missing' | 'unreachable' | 'cancelled' = 'usage',
  ) {
    super(redactText(typeof message === 'string' ? message : render(message, failureMessages)));
    this.said = typeof message === 'string' ? undefined : message;
  }
}

/** What failed, in the first language that has it. */
export function toldIn(catalogs: readonly Catalog[], error: unknown): string {
  if (error instanceof CallError && error.said) return redactText(render(error.said, ...catalogs, failureMessages));
  return error instanceof Error ? error.message : String(error);
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
