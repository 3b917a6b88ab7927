import type { FindingDocument, SaidDocument } from './said';

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
