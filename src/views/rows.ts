import * as vscode from 'vscode';
import { confirmationsOf, type Confirmation } from '../../core/errors/confirmation';
import { problemsFirst } from '../../core/diagnosis/readiness/order';
import { hostsFileFor, hostsFileForCheck } from '../../core/features/hostsFileText';
import type { CollectDocument } from '../../core/protocol/diagnose';
import type { ExplainDocument, NodeTriageDocument } from '../../core/protocol/explain';
import type { Step } from '../../core/protocol/progress';
import type { ReadyDocument } from '../../core/protocol/ready';
import type { Diagnosis, Request } from './diagnosis';
import { diagnoseRows, groupRow } from './diagnoseRows';
import { hostsFileRows, resolveRows } from './resolveRows';
import { checkRow, page, pageRow, row, type Row } from './row';

/** What a run shows: its steps while it runs, its document when it is done. */
export function rowsOf({ id, outcome, request, steps, subject }: Diagnosis): readonly Row[] {
  switch (outcome?.kind) {
    case undefined:
      return steps.length === 0 ? [waitingRow(request)] : steps.map(stepRow);
    case 'error':
      return [...steps.map(stopped).map(stepRow), row('error', outcome.message, outcome.error === 'cancelled' ? 'skip' : 'fail')];
    case 'ready':
      return readyRows(outcome.document, id);
    case 'resolve':
      return [...resolveRows(outcome.document, subject.place), ...hostsFileRows(hostsFileFor(outcome.document), subject.place, id)];
    case 'explain':
      return explainRows(outcome.document);
    case 'explainJournal':
      return journalRows(outcome.document);
    case 'diagnose':
      return diagnoseRows(outcome.document, outcome.offline, id);
    case 'collect':
      return [savedRow(outcome.document)];
    case 'step':
      return outcome.document.lines.map(({ status, message }, index) => row(`line/${index}`, message, status, { tooltip: message }));
  }
}

/** Before the first step: that it is under way, and that silence is no answer yet. */
function waitingRow({ command }: Request): Row {
  const label = command === 'follow' ? vscode.l10n.t('No pull has failed since then') : vscode.l10n.t('Waiting for the first answer…');
  return row('waiting', label, 'information');
}

/** What was running when a run broke off has no result. */
function stopped(step: Step): Step {
  return step.status === 'running' ? { ...step, status: 'skip' } : step;
}

function savedRow({ bundle, node }: CollectDocument): Row {
  const label = vscode.l10n.t('{0}: what was seen on {1}, without secrets', bundle, node);
  return row('saved', label, 'pass', { tooltip: label, target: { kind: 'bundle', bundle } });
}

function stepRow(step: Step): Row {
  return row(`step/${step.id}`, step.label, step.status, {
    ...(step.detail !== undefined && { description: step.detail, tooltip: `${step.label}\n${step.detail}` }),
    ...(step.docs !== undefined && page(step.docs)),
  });
}

/** What is wrong first, the cause before what comes of it, each with what to do; then all else that was asked. */
function readyRows(document: ReadyDocument, run: number): readonly Row[] {
  const { problems, others } = problemsFirst(document);
  const advised = problems.map(({ check, finding: { message } }, index) =>
    checkRow(check, `wrong/${index}`, [
      row('next', message, 'advice', { tooltip: message }),
      ...hostsFileRows(hostsFileForCheck(check), document.node, run),
    ]),
  );
  return [...advised, ...others.map((check, index) => checkRow(check, String(index)))];
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
  const confirming = confirmationsOf(document.class).flatMap((one) => confirmationRow(one, document.captures) ?? []);
  return [...rows, ...confirming, ...document.alternatives.map(alternativeRow)];
}

/** What settles whether the explanation is right; undefined where the text lacks what it would be about. */
function confirmationRow(one: Confirmation, { reference, host }: ExplainDocument['captures']): Row | undefined {
  switch (one) {
    case 'replay':
      if (reference === null) return undefined;
      return row('replay', vscode.l10n.t('Replay the resolve of {0}', reference), 'advice', { target: { kind: 'replay', reference } });
    case 'readiness':
      return row('readiness', vscode.l10n.t('Check the readiness of the node'), 'advice', {
        target: { kind: 'readiness', registry: host },
      });
    case 'diagnosis':
      return row('diagnosis', vscode.l10n.t('Diagnose the node'), 'advice', { target: { kind: 'diagnosis' } });
    case 'journal':
      return row('journal', vscode.l10n.t('Explain the journal of the node'), 'advice', { target: { kind: 'journal' } });
  }
}

/** The commonest cause is open. */
function journalRows({ source, errors, groups, cut, refused }: NodeTriageDocument): readonly Row[] {
  const label = vscode.l10n.t('{0}, the last day: {1} pull errors', source, errors);
  const isWhole = !cut && refused === null;
  const causes = groups.map((group, index) => ({ ...groupRow(group, index), expanded: index === 0 }));
  return [
    row('source', label, errors === 0 && isWhole ? 'pass' : 'information', { tooltip: label }),
    ...unreadRows(cut, refused),
    ...causes,
  ];
}

/** What of a journal is missing: where nothing failed in the rest, that says little. */
function unreadRows(cut: boolean, refused: string | null): readonly Row[] {
  const closed = refused !== null && vscode.l10n.t('Part of it is closed to this user ({0}): its errors are missing here.', refused);
  const old = cut && vscode.l10n.t('It is longer than what is read at once: the oldest part was left out.');
  return [closed, old].flatMap((label, index) => (label === false ? [] : [row(`unread/${index}`, label, 'warn', { tooltip: label })]));
}

function alternativeRow({ class: id, confidence }: { readonly class: string; readonly confidence: number }): Row {
  return row(`alternative/${id}`, vscode.l10n.t('Or: {0}', id), 'page', {
    description: `${Math.round(confidence * 100)} %`,
    ...page(`errors/${id}`),
  });
}
