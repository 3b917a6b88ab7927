import * as vscode from 'vscode';
import type { OwnSettings } from '../../core/features/hostsFileText';
import type { AttemptDocument, Prediction, ResolveDocument } from '../../core/protocol/resolve';
import { localNode } from '../nodes/nodes';
import { findingRow, page, row, type Row } from './row';

/** A replay: its requests, what containerd makes of them, and what other releases would. `node` is undefined where none is to be asked. */
export function resolveRows(document: ResolveDocument, node: string | undefined): readonly Row[] {
  const rows = document.attempts.map((attempt, index) => attemptRow(attempt, index, document));
  if (document.reported !== null) {
    const label = vscode.l10n.t('containerd {0} would report: {1}', document.containerd, document.reported);
    rows.push(row('reported', label, 'fail', { tooltip: label }));
  }
  if (document.rootCause) {
    const { message, class: id, nextStep } = document.rootCause;
    rows.push(row('cause', vscode.l10n.t('Root cause: {0}', message), 'advice', { tooltip: message, ...page(`errors/${id}`) }));
    if (nextStep !== '') rows.push(row('next', vscode.l10n.t('Next: {0}', nextStep), 'advice', { tooltip: nextStep }));
  }
  if (document.masked) {
    const label = vscode.l10n.t('The error shown hides this cause in containerd {0} ({1})', document.masked.versions, document.masked.by);
    rows.push(row('masked', label, 'warn', { tooltip: label }));
  }
  if (document.ok && document.digest !== null) rows.push(row('digest', document.digest, 'pass', { description: document.mediaType ?? '' }));
  return [...rows, ...predictionRows(document), ...document.findings.map((finding, index) => findingRow(finding, index, node))];
}

/** What settles a failure, where that is a hosts.toml of the registry. `local` has its files in the folder of a person. */
export function hostsFileRows(file: OwnSettings | undefined, node: string | undefined, run: number): readonly Row[] {
  if (!file || node === undefined || node === localNode) return [];
  const label = vscode.l10n.t('Make a hosts.toml for {0} on {1}…', file.registry, node);
  return [row(`hosts-file/${file.registry}`, label, 'fix', { tooltip: label, target: { kind: 'hostsFile', node, run, ...file } })];
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
