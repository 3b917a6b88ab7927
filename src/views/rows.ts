import * as vscode from 'vscode';
import type {
  AttemptDocument,
  CheckDocument,
  ExplainDocument,
  FindingDocument,
  Prediction,
  ReadyDocument,
  ResolveDocument,
  Step,
} from '../../core/protocol';
import type { Diagnosis } from './diagnosis';

/** One line under a run. `key` is unique among its siblings. */
export interface Row {
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon: Step['status'] | 'page' | 'fix' | 'file' | 'advice' | 'information';
  readonly target?: Target;
  readonly children: readonly Row[];
}

/** Where a click leads: the line in its file, the fix offered there, or the page of a rule or class. */
export type Target =
  | { readonly kind: 'page'; readonly docs: string }
  | { readonly kind: 'replay'; readonly reference: string }
  | { readonly kind: 'line' | 'fix'; readonly node: string; readonly path: string; readonly line: number; readonly character: number };

/** What a run shows: its steps while it runs, its document when it is done. */
export function rowsOf({ outcome, steps, subject }: Diagnosis): readonly Row[] {
  switch (outcome?.kind) {
    case undefined:
      return steps.map(stepRow);
    case 'error':
      return [...steps.map(stopped).map(stepRow), row('error', outcome.message, outcome.error === 'cancelled' ? 'skip' : 'fail')];
    case 'ready':
      return readyRows(outcome.document);
    case 'resolve':
      return resolveRows(outcome.document, subject.place);
    case 'explain':
      return explainRows(outcome.document);
  }
}

function row(key: string, label: string, icon: Row['icon'], more: Partial<Row> = {}): Row {
  return { key, label, icon, children: [], ...more };
}

/** What was running when a run broke off has no result. */
function stopped(step: Step): Step {
  return step.status === 'running' ? { ...step, status: 'skip' } : step;
}

function stepRow(step: Step): Row {
  return row(
    `step/${step.id}`,
    step.label,
    step.status,
    step.detail === undefined ? {} : { description: step.detail, tooltip: step.detail },
  );
}

function readyRows({ checks, findings, node }: ReadyDocument): readonly Row[] {
  return [...checks.map(checkRow), ...findings.map((finding, index) => findingRow(finding, index, node))];
}

function checkRow(check: CheckDocument, index: number): Row {
  const evidence = check.evidence === '' ? [] : [row('evidence', check.evidence, 'information', { tooltip: check.evidence })];
  return row(`check/${index}`, check.message, check.status, { description: check.subject, tooltip: check.message, children: evidence });
}

function resolveRows(document: ResolveDocument, node: string): readonly Row[] {
  const rows = document.attempts.map((attempt, index) => attemptRow(attempt, index, document));
  if (document.reported !== null) {
    const label = vscode.l10n.t('containerd {0} would report: {1}', document.containerd, document.reported);
    rows.push(row('reported', label, 'fail', { tooltip: label }));
  }
  if (document.rootCause) {
    const { message, class: id } = document.rootCause;
    rows.push(row('cause', vscode.l10n.t('Root cause: {0}', message), 'advice', { tooltip: message, ...page(`errors/${id}`) }));
  }
  if (document.masked) {
    const label = vscode.l10n.t('The error shown hides this cause in containerd {0} ({1})', document.masked.versions, document.masked.by);
    rows.push(row('masked', label, 'warn', { tooltip: label }));
  }
  if (document.ok && document.digest !== null) rows.push(row('digest', document.digest, 'pass', { description: document.mediaType ?? '' }));
  return [...rows, ...predictionRows(document), ...document.findings.map((finding, index) => findingRow(finding, index, node))];
}

function attemptRow(attempt: AttemptDocument, index: number, { rootCause }: ResolveDocument): Row {
  const outcome = attempt.error ?? (attempt.status === null ? '' : String(attempt.status));
  const failed = attempt.error !== null || (attempt.status !== null && attempt.status >= 400);
  const icon = !failed ? 'pass' : rootCause?.attempt === index ? 'fail' : 'warn';
  const spent = attempt.timings['total'];
  const description = spent === undefined ? outcome : `${outcome} · ${Math.round(spent)} ms`;
  return row(`attempt/${index}`, `${attempt.method} ${attempt.url}`, icon, {
    description,
    tooltip: `${attempt.phase}: ${attempt.method} ${attempt.url}\n${outcome}`,
  });
}

/** What other releases would say of the same answers, those that agree left out. */
function predictionRows({ predictions = {}, reported }: ResolveDocument): readonly Row[] {
  const others = Object.entries(predictions).filter(([, prediction]) => 'needs' in prediction || prediction.reported !== reported);
  if (others.length === 0) return [];
  const children = others.map(([release, prediction]) => {
    const label = predictionText(prediction);
    return row(release, `${release}: ${label}`, 'information', { tooltip: label });
  });
  return [row('predictions', vscode.l10n.t('Other releases'), 'information', { children })];
}

function predictionText(prediction: Prediction): string {
  if ('needs' in prediction) return vscode.l10n.t('unknown: it would also ask {0}', prediction.needs);
  return prediction.ok ? vscode.l10n.t('pulls it') : (prediction.reported ?? '');
}

function explainRows(document: ExplainDocument): readonly Row[] {
  if (document.class === null) return [row('none', vscode.l10n.t('No pull error was recognised in this text'), 'skip')];
  const rows = [
    row('cause', document.cause ?? document.class, 'information', {
      description: document.class,
      tooltip: document.cause ?? document.class,
    }),
  ];
  if (document.nextStep !== null)
    rows.push(row('next', vscode.l10n.t('Next: {0}', document.nextStep), 'advice', { tooltip: document.nextStep }));
  if (document.masked !== null) {
    const label = vscode.l10n.t('May hide {0}', document.masked);
    rows.push(row('masked', label, 'warn', { tooltip: label, ...page(`errors/${document.masked}`) }));
  }
  if (document.retriable !== null) {
    rows.push(
      row('retriable', document.retriable ? vscode.l10n.t('Retrying may help') : vscode.l10n.t('Retrying will not help'), 'information'),
    );
  }
  if (document.docs !== null) rows.push(pageRow(document.docs));
  const { reference } = document.captures;
  if (reference !== null)
    rows.push(row('replay', vscode.l10n.t('Replay the resolve of {0}', reference), 'advice', { target: { kind: 'replay', reference } }));
  return [...rows, ...document.alternatives.map(alternativeRow)];
}

function alternativeRow({ class: id, confidence }: { readonly class: string; readonly confidence: number }): Row {
  return row(`alternative/${id}`, vscode.l10n.t('Or: {0}', id), 'page', {
    description: `${Math.round(confidence * 100)} %`,
    ...page(`errors/${id}`),
  });
}

function findingRow(finding: FindingDocument, index: number, node: string): Row {
  const target = lineTarget(finding, node);
  const children = [
    ...(target ? [row('line', vscode.l10n.t('Go to line {0}', target.line + 1), 'file', { description: target.path, target })] : []),
    ...(finding.fix && target
      ? [row('fix', vscode.l10n.t('Fix: {0}', finding.fix.title), 'fix', { target: { ...target, kind: 'fix' } })]
      : []),
    pageRow(finding.docs),
  ];
  const icon = finding.severity === 'error' ? 'fail' : finding.severity === 'warning' ? 'warn' : 'information';
  const more = {
    description: finding.path ?? finding.id,
    tooltip: finding.message,
    children,
    target: target ?? { kind: 'page', docs: finding.docs },
  } as const;
  return row(`finding/${index}`, finding.message, icon, more);
}

/** A path of a node is opened as its document. */
function lineTarget({ path, range }: FindingDocument, node: string): (Target & { readonly kind: 'line' | 'fix' }) | undefined {
  if (path === undefined || range === undefined || (node !== 'local' && !path.startsWith('/'))) return undefined;
  return { kind: 'line', node, path, line: range.start.line, character: range.start.character };
}

function pageRow(docs: string): Row {
  return row(`page/${docs}`, vscode.l10n.t('Page {0}', docs), 'page', page(docs));
}

function page(docs: string): { readonly target: Target } {
  return { target: { kind: 'page', docs } };
}
