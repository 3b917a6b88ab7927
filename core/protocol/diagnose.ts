import type { TriageGroupDocument } from './explain';
import type { LintedFile } from './lint';
import type { CheckDocument, CheckStatus } from './ready';
import type { ResolveDocument } from './resolve';
import type { FindingDocument, MessageDocument, SaidDocument } from './said';

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
  /** `textMessage`: of a text in words of ours. */
  readonly evidence: readonly { readonly source: StageId | 'file'; readonly text: string; readonly textMessage?: MessageDocument }[];
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
