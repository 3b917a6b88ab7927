import { CallError, stringOption, type CommandLine } from '../command';

/** How long one stage of a diagnosis may take when nobody says. */
export const usualStageTimeoutMs = 60_000;

export function secondsOption(line: CommandLine, name: string): number | undefined {
  const text = stringOption(line, name);
  if (text === undefined) return undefined;
  const seconds = /^\d{1,7}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0) throw new CallError(`--${name} ${text}: it must be a number of seconds`);
  return seconds * 1000;
}

export function countOption(line: CommandLine, name: string): number | undefined {
  const text = stringOption(line, name);
  if (text === undefined) return undefined;
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new CallError(`--${name} ${text}: it must be a whole number from 1`);
  return count;
}
