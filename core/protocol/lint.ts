import type { FileOutcome } from '../rules/rule';
import type { FindingDocument } from './said';

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
