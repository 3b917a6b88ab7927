/**
 * The documents of the command line (as JSON) and the messages between the extension and its `serve` child. Plain data only: src and
 * cli never import each other, so what both must know stands here.
 */
import type { FileOutcome, Severity } from './rules/rule';
import type { MessageArgs } from './text/message';
import type { PositionRange } from './text/lineIndex';

export interface FindingDocument {
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
  readonly messageId: string;
  readonly args: MessageArgs;
  /** File on the node or in the workspace that the finding is about; absent where it is about none. */
  readonly path?: string;
  readonly range?: PositionRange;
  /** `rules/<id>` or `errors/<id>`: the page. */
  readonly docs: string;
  readonly fix?: { readonly title: string };
}

export interface LintDocument {
  readonly schema: 1;
  readonly containerd: string;
  readonly files: readonly LintedFile[];
}

export interface LintedFile {
  readonly path: string;
  readonly kind: 'hosts' | 'config';
  readonly outcome: FileOutcome;
  readonly ignoredKeys: readonly string[];
  readonly findings: readonly FindingDocument[];
}

export interface HostsDocument {
  readonly schema: 1;
  readonly reference: string;
  readonly directory: string | null;
  readonly file: string | null;
  readonly outcome: 'used' | 'dropped' | 'fatal' | 'none';
  readonly error: string | null;
  readonly hosts: readonly {
    readonly scheme: string;
    readonly host: string;
    readonly path: string;
    readonly capabilities: readonly string[];
    readonly skipVerify: boolean | null;
    readonly headers: Readonly<Record<string, readonly string[]>>;
    readonly caFiles: number;
    readonly clientCertificates: number;
    readonly tryHttpsFirst: boolean;
  }[];
}

export type CheckStatus = 'pass' | 'warn' | 'fail' | 'skip';

export interface ReadyDocument {
  readonly schema: 1;
  readonly node: string;
  readonly ready: boolean;
  readonly checks: readonly CheckDocument[];
  readonly findings: readonly FindingDocument[];
}

export interface CheckDocument {
  readonly id: string;
  readonly subject: string;
  readonly status: CheckStatus;
  readonly message: string;
  readonly messageId: string;
  readonly args: MessageArgs;
  readonly evidence: string;
}

export interface AttemptDocument {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly phase: 'resolve' | 'token' | 'manifest' | 'config' | 'layer';
  readonly status: number | null;
  readonly error: string | null;
  readonly startedMs: number;
  readonly timings: Readonly<Record<string, number>>;
  /** The answer came from a rule of `--fault`. */
  readonly simulated?: true;
}

export type Prediction = { readonly ok: boolean; readonly reported: string | null } | { readonly needs: string };

export interface ResolveDocument {
  readonly schema: 1;
  readonly reference: string;
  readonly containerd: string;
  readonly via: string;
  readonly ok: boolean;
  readonly digest: string | null;
  readonly mediaType: string | null;
  readonly attempts: readonly AttemptDocument[];
  readonly reported: string | null;
  readonly grpcCode: string | null;
  readonly rootCause: { readonly attempt: number; readonly class: string; readonly message: string } | null;
  readonly masked: { readonly by: string; readonly versions: string } | null;
  readonly predictions?: Readonly<Record<string, Prediction>>;
  readonly findings: readonly FindingDocument[];
}

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

export interface MessageDocument {
  readonly id: string;
  readonly args: MessageArgs;
}

/** `explain` of a file or stream: the class of its commonest cause, and every cause. */
export interface TriageDocument extends ExplainDocument {
  readonly schema: 1;
  readonly lines: number;
  readonly errors: number;
  /** Commonest first. */
  readonly groups: readonly TriageGroupDocument[];
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
  readonly nextStep: string;
  /** The first of these errors, shortened and without secrets. */
  readonly sample: string;
  readonly docs: string;
}

/** What a panel or terminal shows while a diagnosis runs: one line that goes from running to its end. */
export interface Step {
  readonly id: string;
  readonly label: string;
  readonly status: 'running' | CheckStatus;
  readonly detail?: string;
}

/** Parameters as the command line takes them, in words instead of flags. */
export interface ServeCommands {
  readonly ready: {
    readonly params: {
      readonly node: string;
      readonly sshConfig?: string;
      readonly interfaces: readonly string[];
      readonly registries: readonly string[];
    };
    readonly result: ReadyDocument;
  };
  readonly resolve: {
    readonly params: {
      readonly node: string;
      readonly sshConfig?: string;
      readonly reference: string;
      readonly containerd?: string;
      readonly certsD?: string;
      readonly via?: string;
      readonly fault?: string;
    };
    readonly result: ResolveDocument;
  };
  readonly explain: { readonly params: { readonly text: string; readonly version?: string }; readonly result: ExplainDocument };
}
export type ServeCommand = keyof ServeCommands;

/** One command as a request. */
export type ServeCall<C extends ServeCommand = ServeCommand> = {
  [K in C]: { readonly id: number; readonly command: K; readonly params: ServeCommands[K]['params'] };
}[C];

/** Parent → child. */
export type ServeRequest =
  | ServeCall
  | { readonly id: number; readonly cancel: true }
  | { readonly id: number; readonly promptId: number; readonly answer: string | null };

export type ServeErrorKind = 'usage' | 'unreachable' | 'cancelled' | 'internal';

/** Child → parent. Every request ends in exactly one `result` or `error`. */
export type ServeEvent =
  | { readonly id: number; readonly step: Step }
  | { readonly id: number; readonly result: ServeCommands[ServeCommand]['result'] }
  | { readonly id: number; readonly error: { readonly kind: ServeErrorKind; readonly message: string } }
  /** ssh asks: a passphrase, a one-time code, or whether to trust a host key. */
  | { readonly id: number; readonly promptId: number; readonly prompt: string; readonly secret: boolean };

/**
 * Language server → extension: which release a document's findings are about. Sent when it is judged first and when the release changes,
 * to clients whose initializationOptions say `judgedVersions: true`.
 */
export const judgedVersionMethod = 'containerdRunbooks/judgedVersion';
export interface JudgedVersionParams {
  readonly uri: string;
  /** An exact release. */
  readonly containerd: string;
  /** A person chose it; otherwise it is the newest known one. */
  readonly chosen: boolean;
}
