import * as vscode from 'vscode';
import type { OwnSettings } from '../../core/features/hostsFileText';
import type { Step } from '../../core/protocol/progress';
import type { CheckDocument } from '../../core/protocol/ready';
import type { FindingDocument } from '../../core/protocol/said';

/** One line under a run. `key` is unique among its siblings. */
export interface Row {
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon: Step['status'] | 'page' | 'fix' | 'file' | 'advice' | 'information';
  readonly target?: Target;
  /** Shows its children at once. */
  readonly expanded?: boolean;
  readonly children: readonly Row[];
}

/** Where a click leads: the line in its file, the fix offered there, or the page of a rule or class. */
export type Target =
  | { readonly kind: 'page'; readonly docs: string }
  | { readonly kind: 'replay'; readonly reference: string }
  | { readonly kind: 'readiness'; readonly registry: string | null }
  | { readonly kind: 'diagnosis' }
  | { readonly kind: 'journal' }
  | { readonly kind: 'bundle'; readonly bundle: string }
  | HostsFileTarget
  | { readonly kind: 'line' | 'fix'; readonly node: string; readonly path: string; readonly line: number; readonly character: number };

/** A hosts.toml to be made on a node; `run` is asked again when it is written. */
export interface HostsFileTarget extends OwnSettings {
  readonly kind: 'hostsFile';
  readonly node: string;
  readonly run: number;
}

export function row(key: string, label: string, icon: Row['icon'], more: Partial<Row> = {}): Row {
  return { key, label, icon, children: [], ...more };
}

/** `steps`: what to do about it, which is shown at once. */
export function checkRow(check: CheckDocument, key: string, steps: readonly Row[] = []): Row {
  const evidence = check.evidence === '' ? [] : [row('evidence', check.evidence, 'information', { tooltip: check.evidence })];
  const docs = check.docs === undefined ? [] : [pageRow(check.docs)];
  return row(`check/${key}`, check.message, check.status, {
    description: check.subject,
    tooltip: check.message,
    expanded: steps.length > 0,
    children: [...steps, ...evidence, ...docs],
  });
}

/** Where `node` is undefined, files are nobody's to open: those of a bundle. */
export function findingRow(finding: FindingDocument, index: number, node: string | undefined): Row {
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
function lineTarget({ path, range }: FindingDocument, node: string | undefined): (Target & { readonly kind: 'line' | 'fix' }) | undefined {
  if (node === undefined || path === undefined || range === undefined || (node !== 'local' && !path.startsWith('/'))) return undefined;
  return { kind: 'line', node, path, line: range.start.line, character: range.start.character };
}

export function pageRow(docs: string): Row {
  return row(`page/${docs}`, vscode.l10n.t('Page {0}', docs), 'page', page(docs));
}

export function page(docs: string): { readonly target: Target } {
  return { target: { kind: 'page', docs } };
}
