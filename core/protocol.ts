/**
 * The documents of the command line (as JSON). Plain data only: src and cli never import each other, so what both must know stands here
 * and in serve.ts.
 */
import type { FileOutcome, Severity } from './rules/rule';
import type { Message, MessageArgs } from './text/message';
import type { PositionRange } from './text/lineIndex';
import type { FileSnapshot } from './nodeFiles';

/** A text in English, and what it was made from. */
export interface SaidDocument {
  readonly message: string;
  readonly messageId: string;
  readonly args: MessageArgs;
}

export interface FindingDocument extends SaidDocument {
  readonly id: string;
  readonly severity: Severity;
  /** File on the node or in the workspace that the finding is about; absent where it is about none. */
  readonly path?: string;
  readonly range?: PositionRange;
  /** `rules/<id>` or `errors/<id>`: the page. */
  readonly docs: string;
  readonly fix?: { readonly title: string; readonly titleMessage?: MessageDocument };
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
  /** Of `--watch`: when each check came to be as it is, and when all of them were well. */
  readonly watched?: { readonly elapsedMs: number; readonly changes: readonly CheckChange[] };
}

export interface CheckChange {
  readonly id: string;
  readonly subject: string;
  readonly status: CheckStatus;
  /** Milliseconds since the watch began. */
  readonly elapsedMs: number;
}

export interface CheckDocument extends SaidDocument {
  readonly id: string;
  readonly subject: string;
  readonly status: CheckStatus;
  readonly evidence: string;
  /** The page about what failed or warns: `rules/<id>` or `errors/<id>`. */
  readonly docs?: string;
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

/** One index, manifest, config or layer. */
export interface ImagePieceDocument {
  readonly kind: 'index' | 'manifest' | 'config' | 'layer';
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: string;
  readonly fetched: boolean;
}

export type Prediction =
  /** `notUnpacked`: it says that the image is pulled, and has none of its layers. */
  { readonly ok: boolean; readonly reported: string | null; readonly notUnpacked?: true } | { readonly needs: string };

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
  readonly rootCause: RootCauseDocument | null;
  readonly masked: { readonly by: string; readonly versions: string } | null;
  readonly predictions?: Readonly<Record<string, Prediction>>;
  /** What the image is made of, as far as the pull came. */
  readonly image?: { readonly pieces: readonly ImagePieceDocument[] };
  readonly findings: readonly FindingDocument[];
}

export interface RootCauseDocument extends SaidDocument {
  /** Index of the attempt that decided; -1 where there was none. */
  readonly attempt: number;
  readonly class: string;
  /** Empty where there is none for the class. */
  readonly nextStep: string;
  readonly nextStepMessage: MessageDocument | null;
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

export type MessageDocument = Message;

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

/** `diagnose`: all that was found on one node, and what it comes to. */
export interface DiagnoseDocument {
  readonly schema: 1;
  readonly node: string;
  /** The release that runs there, as it says itself; null where it does not. */
  readonly containerd: string | null;
  /** What was replayed: as asked for, else what the journal says failed last. */
  readonly references: readonly string[];
  readonly ok: boolean;
  readonly verdict: DiagnosisVerdict;
  readonly stages: readonly StageDocument[];
  readonly readiness: readonly CheckDocument[];
  readonly configuration: {
    readonly path: string | null;
    /** The registry settings in effect; null where no config.toml could be read. */
    readonly effective: EffectiveDocument | null;
    readonly files: readonly LintedFile[];
    /** Where `containerd config dump` says something else than the files. */
    readonly differences: readonly { readonly key: string; readonly files: string; readonly dump: string }[];
  };
  readonly journal: {
    readonly source: string | null;
    readonly lines: number;
    readonly errors: number;
    readonly groups: readonly TriageGroupDocument[];
  };
  readonly replays: readonly ResolveDocument[];
  /** About the diagnosis itself and the node as a whole; those of files stand with their file. */
  readonly findings: readonly FindingDocument[];
}

export interface DiagnosisVerdict {
  /** An error class, a rule, a check, or `none`. */
  readonly id: string;
  readonly kind: 'class' | 'rule' | 'check' | 'none';
  readonly cause: string;
  readonly causeMessage: MessageDocument;
  readonly nextStep: string;
  readonly nextStepMessage: MessageDocument;
  readonly evidence: readonly { readonly source: StageId | 'file'; readonly text: string }[];
  readonly docs: string | null;
}

/** `collect`: where the redacted evidence was saved. */
export interface CollectDocument {
  readonly schema: 1;
  readonly node: string;
  readonly bundle: string;
  readonly files: number;
  readonly gaps: number;
}

/** A guided step that ran. */
export interface StepDocument {
  readonly schema: 1;
  readonly node: string;
  readonly step: string;
  readonly lines: readonly (SaidDocument & { readonly status: CheckStatus })[];
}

/** What a guided step would change on a node. Nothing is changed by asking. */
export interface StepPlanDocument {
  readonly schema: 1;
  readonly node: string;
  readonly step: string;
  /** Null: there is nothing to change. `base` null: the file is made; `text` null: it is taken away. */
  readonly change: {
    readonly path: string;
    readonly base: string | null;
    readonly text: string | null;
    readonly restart: string | null;
  } | null;
  /** Why there is nothing to change. */
  readonly said: SaidDocument | null;
}

export interface EffectiveDocument {
  readonly configVersion: number;
  readonly configPath: string;
  readonly hostsDirs: readonly string[];
  readonly mirrors: readonly string[];
}

export type StageId = 'readiness' | 'configuration' | 'journal' | 'replay';

export interface StageDocument extends SaidDocument {
  readonly id: StageId;
  readonly status: CheckStatus;
  /** What could not be seen, and why: a probe that is forbidden or hangs is evidence. */
  readonly gaps: readonly SaidDocument[];
}

/** `diagnose` of many nodes: what they have in common, and which differ. */
export interface FleetDocument {
  readonly schema: 1;
  readonly nodes: number;
  readonly ok: number;
  /** By cause, commonest first. */
  readonly groups: readonly FleetGroup[];
  /** Nodes that could not be asked, each with the reason. */
  readonly unreachable: readonly { readonly node: string; readonly error: string }[];
  /** Where few differ from what most have. */
  readonly odd: readonly FleetOddity[];
}

/** What differs from node to node, its name and amounts, is left out of message and args. */
export interface FleetGroup extends SaidDocument {
  readonly id: string;
  readonly verdict: boolean;
  readonly severity: Severity;
  readonly path: string | null;
  readonly nextStep: string | null;
  readonly nextStepMessage: MessageDocument | null;
  readonly count: number;
  /** The first of them. */
  readonly nodes: readonly string[];
  readonly docs: string | null;
}

export interface FleetOddity {
  readonly trait: string;
  readonly usual: string;
  readonly value: string;
  readonly count: number;
  readonly nodes: readonly string[];
}

/** The configuration of a node, with what containerd there makes of each file. */
export interface NodeTreeDocument {
  readonly schema: 1;
  readonly node: string;
  /** The release that runs there; null where it does not say. */
  readonly containerd: string | null;
  /** The config.toml that containerd there is started with. */
  readonly config: string | null;
  /** Files and folders that are shown first, what they name comes after them. */
  readonly roots: readonly string[];
  readonly snapshot: FileSnapshot;
  readonly files: readonly LintedFile[];
  /** `containerd config dump`: the settings in effect, and why there are none. */
  readonly dump: { readonly text: string } | { readonly failure: string };
}

/** What a panel or terminal shows while a diagnosis runs: one line that goes from running to its end. */
export interface Step {
  readonly id: string;
  readonly label: string;
  readonly status: 'running' | CheckStatus;
  readonly detail?: string;
  /** The page that explains it: `errors/<id>`. */
  readonly docs?: string;
}

/** Language server → extension, to clients with `judgedVersions: true` in initializationOptions: the release that findings are about. */
export const judgedVersionMethod = 'containerdRunbooks/judgedVersion';
export interface JudgedVersionParams {
  readonly uri: string;
  /** An exact release. */
  readonly containerd: string;
  /** A person chose it; otherwise it is the node's own, or the newest known one. */
  readonly chosen: boolean;
  /** The node that runs it. */
  readonly node?: string;
}
