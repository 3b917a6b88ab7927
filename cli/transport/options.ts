import type { Cancellation } from '../../core/ports';

/** What ssh wants to know from a person: a passphrase, a one-time code, whether to trust a host key. Null takes the question back. */
export interface Question {
  readonly text: string;
  /** The answer must not be shown while it is typed. */
  readonly secret: boolean;
}
export type Ask = (question: Question) => Promise<string | null>;

export interface ConnectOptions {
  /** `--ssh-config`: given to ssh as `-F`. */
  readonly sshConfig?: string;
  /** Where the file of `recorded:FILE` is looked for. */
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cancellation?: Cancellation;
  /** `terminal`: ssh asks on the terminal itself, if there is one. Absent: nobody can be asked, so a question is a failure. */
  readonly prompt?: Ask | 'terminal';
  /** A line for the person about something that went well in the end: a lost connection that was made again. */
  readonly onNotice?: (line: string) => void;
  /** False: every session of ssh is a connection of its own, as where OpenSSH has no ControlMaster. */
  readonly multiplexing?: boolean;
}
