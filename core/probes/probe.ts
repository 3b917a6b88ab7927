import type { Catalog } from '../text/message';

/**
 * One question put to a node. `script` is POSIX sh that needs nothing but a shell, /proc and /sys; it prints its answer on stdout.
 * A stage joins the scripts of many probes into one `sh -s` run with framed output, so a probe must not read stdin or exit the shell.
 */
export interface Probe<A, T> {
  readonly id: string;
  readonly timeoutMs: number;
  script(args: A): string;
  /** Hostile input: any text must give a value. */
  parse(output: ProbeOutput, args: A): T;
  readonly messages?: Catalog;
}

export type ProbeOutput =
  | { readonly status: 'done'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly status: 'timeout' | 'missing'; readonly stdout: string; readonly stderr: string };
