import type * as vscode from 'vscode';
import type { CollectDocument, DiagnoseDocument } from '../../core/protocol/diagnose';
import type { ExplainDocument, NodeTriageDocument } from '../../core/protocol/explain';
import type { Step } from '../../core/protocol/progress';
import type { ReadyDocument } from '../../core/protocol/ready';
import type { ResolveDocument } from '../../core/protocol/resolve';
import type { StepDocument } from '../../core/protocol/step';
import type { ServeCommands, ServeErrorKind } from '../../core/serve';

/** What was asked for, as the panel titles it. */
export interface Subject {
  readonly title: string;
  /** The node, or where an error text came from. */
  readonly place: string;
}

/** Requests that are runs of this view. */
type Run = 'ready' | 'resolve' | 'explain' | 'explainJournal' | 'follow' | 'diagnose' | 'diagnoseBundle' | 'collect' | 'runStep';

/** What a command wants to know. */
export type Request = { [C in Run]: { readonly command: C; readonly params: ServeCommands[C]['params'] } }[Run];

export type Outcome =
  | { readonly kind: 'ready'; readonly document: ReadyDocument }
  | { readonly kind: 'resolve'; readonly document: ResolveDocument }
  | { readonly kind: 'explain'; readonly document: ExplainDocument }
  | { readonly kind: 'explainJournal'; readonly document: NodeTriageDocument }
  /** `offline`: from a bundle. */
  | { readonly kind: 'diagnose'; readonly document: DiagnoseDocument; readonly offline: boolean }
  | { readonly kind: 'collect'; readonly document: CollectDocument }
  | { readonly kind: 'step'; readonly document: StepDocument }
  | { readonly kind: 'error'; readonly error: ServeErrorKind; readonly message: string };

/** One run: it collects steps until it has an outcome. */
export class Diagnosis {
  private readonly stepsById = new Map<string, Step>();
  outcome: Outcome | undefined;

  constructor(
    readonly id: number,
    readonly subject: Subject,
    readonly request: Request,
    readonly startedAt: Date,
    readonly cancellation: vscode.CancellationTokenSource,
  ) {}

  /** In the order of their first appearance. */
  get steps(): readonly Step[] {
    return [...this.stepsById.values()];
  }

  add(step: Step): void {
    this.stepsById.set(step.id, step);
  }
}

/** Only what reads: a guided step and a bundle that is written are asked for one by one. */
export function canRunAgain({ request }: Diagnosis): boolean {
  return request.command !== 'runStep' && request.command !== 'collect';
}

/** What a run came to. An explanation is an answer: it neither passes nor fails. */
export function statusOf(diagnosis: Diagnosis): Step['status'] | 'advice' {
  const { outcome } = diagnosis;
  if (!outcome) return 'running';
  switch (outcome.kind) {
    case 'ready':
      if (!outcome.document.ready) return 'fail';
      return outcome.document.checks.some(({ status }) => status === 'warn') ? 'warn' : 'pass';
    case 'resolve':
      return outcome.document.ok ? 'pass' : 'fail';
    case 'explain':
      return outcome.document.class === null ? 'skip' : 'advice';
    case 'explainJournal':
      return outcome.document.errors === 0 && outcome.document.refused === null ? 'pass' : 'warn';
    case 'diagnose':
      if (!outcome.document.ok) return 'fail';
      return outcome.document.stages.some(({ status }) => status === 'warn' || status === 'fail') ? 'warn' : 'pass';
    case 'step':
      return outcome.document.lines.some(({ status }) => status === 'fail') ? 'fail' : 'pass';
    case 'collect':
      return 'pass';
    case 'error':
      return outcome.error === 'cancelled' ? 'skip' : 'fail';
  }
}
