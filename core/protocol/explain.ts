import type { MessageDocument } from './said';

export interface ExplainDocument {
  readonly class: string | null;
  readonly confidence: number;
  readonly alternatives: readonly { readonly class: string; readonly confidence: number }[];
  readonly captures: {
    readonly reference: string | null;
    readonly host: string | null;
    readonly status: number | null;
    readonly digest: string | null;
    readonly url: string | null;
  };
  readonly cause: string | null;
  readonly nextStep: string | null;
  readonly masked: string | null;
  readonly retriable: boolean | null;
  readonly docs: string | null;
  /** `cause` and `nextStep` before they were put into words. */
  readonly causeMessage?: MessageDocument | null;
  readonly nextStepMessage?: MessageDocument | null;
  /** Spans of the given text, in UTF-16 offsets, that spoke for the class. */
  readonly evidence?: readonly { readonly start: number; readonly end: number }[];
}

/** `explain` of a file or stream: the class of its commonest cause, and every cause. */
export interface TriageDocument extends ExplainDocument {
  readonly schema: 1;
  readonly lines: number;
  readonly errors: number;
  /** Commonest first. */
  readonly groups: readonly TriageGroupDocument[];
  /** Each pull that the log shows with its end. */
  readonly pulls: PullsDocument;
}

/** `explain --node`: what the node's journal says of pulls in a time that is past. Lines are counted among those that it was asked for. */
export interface NodeTriageDocument extends TriageDocument {
  readonly node: string;
  /** `journalctl` or the path of a log, one after the other where there were several. */
  readonly source: string;
  readonly sinceSeconds: number;
  /** There was more than is read: the oldest was left out. */
  readonly cut: boolean;
  /** What of it is closed to this user, and why: its errors are missing here. Null where all was open. */
  readonly refused: string | null;
}

/** `explain` of several nodes, in the order of the call. */
export interface NodeTriagesDocument {
  readonly schema: 1;
  readonly nodes: readonly (NodeTriageDocument | { readonly node: string; readonly error: string })[];
}

export interface PullsDocument {
  readonly succeeded: number;
  readonly failed: number;
  readonly unfinished: number;
  /** Slowest first. Seconds are null where the log has no times. */
  readonly registries: readonly {
    readonly host: string;
    readonly pulls: number;
    readonly failed: number;
    readonly meanSeconds: number | null;
    readonly maxSeconds: number | null;
  }[];
  readonly slowest: readonly { readonly reference: string; readonly seconds: number; readonly failed: boolean; readonly line: number }[];
}

/** Errors of one class at one host. */
export interface TriageGroupDocument {
  readonly class: string;
  readonly count: number;
  readonly host: string | null;
  readonly references: readonly string[];
  /** One-based. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** As the log writes its time; null where it has none. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly cause: string;
  readonly causeMessage: MessageDocument;
  readonly nextStep: string;
  readonly nextStepMessage: MessageDocument;
  /** The first of these errors, shortened and without secrets. */
  readonly sample: string;
  readonly docs: string;
}
