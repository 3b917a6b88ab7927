import type { Probe, ProbeOutput } from '../probes/probe';
import type { CheckStatus } from '../protocol/ready';
import type { Catalog, Message } from '../text/message';

/**
 * One thing that is done on a node with a person watching. Its messages hold `<id>/title` and `<id>/does`: what it will do there is said,
 * and the change or the command is shown, before anything runs.
 */
export type GuidedStep = RunStep | ChangeStep;

/** Runs a command that changes no configuration. */
export interface RunStep {
  readonly kind: 'run';
  readonly id: string;
  readonly messages: Catalog;
  /** What a person names first. */
  readonly needs: 'registry' | 'image';
  readonly timeoutMs: number;
  /** A message of its own that the page has too. */
  readonly notes?: string;
  /** The command as it is shown, with `input` quoted. */
  shown(input: string): string;
  /** What is looked for on the node before `script` is made. */
  readonly sees?: keyof StepSeen;
  script(input: string, seen: StepSeen): string;
  /** Hostile input: any text must give a value, and no secret may be in it. */
  parse(output: ProbeOutput, input: string, seen: StepSeen): readonly StepLine[];
}

export interface StepSeen {
  /** Where containerd there looks for the hosts of the image; absent where it reads none. */
  readonly hostsDir?: string;
  readonly kubelet?: KubeletProviders;
}

/** The flags of the kubelet about credential providers. `texts`: the files of its configuration of them, null where one cannot be read. */
export interface KubeletProviders {
  readonly isRunning: boolean;
  readonly config: string | undefined;
  readonly folder: string | undefined;
  readonly texts: readonly string[] | null;
}

export interface StepLine {
  readonly status: CheckStatus;
  readonly message: Message;
}

/** Turns something on in one file of the node, and off again. Only after the difference was shown and confirmed. */
export interface ChangeStep {
  readonly kind: 'change';
  readonly id: string;
  readonly messages: Catalog;
  readonly look: Probe<void, StepPlace>;
  /** `base`: what the file holds, null where there is none. `since`: an ISO time that the file will carry. */
  turnOn(place: StepPlace, base: string | null, since: string): StepChange;
  turnOff(place: StepPlace, base: string | null): StepChange;
}

/** Where it is turned on: a file that systemd reads, or configuration of containerd. */
export type StepPlace =
  | { readonly kind: 'drop-in'; readonly path: string; readonly lines: readonly string[] }
  | { readonly kind: 'config'; readonly path: string }
  | { readonly kind: 'none'; readonly why: Message };

/** `text` null: the file is taken away. `said`: there is nothing to change, and why. */
export type StepChange = { readonly text: string | null } | { readonly said: Message };
