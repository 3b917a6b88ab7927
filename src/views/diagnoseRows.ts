import * as vscode from 'vscode';
import { hostsFileFor } from '../../core/features/hostsFileText';
import type { DiagnoseDocument, DiagnosisVerdict, StageDocument } from '../../core/protocol/diagnose';
import type { TriageGroupDocument } from '../../core/protocol/explain';
import type { LintedFile } from '../../core/protocol/lint';
import type { FindingDocument } from '../../core/protocol/said';
import { outcomeText } from '../nodes/fileItem';
import { hostsFileRows, resolveRows } from './resolveRows';
import { checkRow, findingRow, page, pageRow, row, type Row, type Target } from './row';

/** The verdict with what shows it and what to do, then every stage with all it saw. `offline`: from a bundle, so no file can be opened. */
export function diagnoseRows(document: DiagnoseDocument, offline: boolean, run: number): readonly Row[] {
  const node = offline ? undefined : document.node;
  return [
    verdictRow(document, node, run),
    ...document.stages.map((stage) => stageRow(stage, document, node)),
    ...document.findings.map((finding, index) => findingRow(finding, index, node)),
  ];
}

function verdictRow({ verdict, configuration, replays }: DiagnoseDocument, node: string | undefined, run: number): Row {
  const { kind, id, cause, nextStep, evidence, docs } = verdict;
  const children = [
    row('next', vscode.l10n.t('Next: {0}', nextStep), 'advice', { tooltip: nextStep }),
    ...evidence.map((one, index) => evidenceRow(one, index, node)),
    ...replays.filter(({ rootCause }) => rootCause?.class === id).flatMap((replay) => hostsFileRows(hostsFileFor(replay), node, run)),
    ...decidingFindings(verdict, configuration.files).map((finding, index) => findingRow(finding, index, node)),
    ...(docs === null || !/^(?:errors|rules)\//.test(docs) ? [] : [pageRow(docs)]),
  ];
  const more = { tooltip: cause, children, expanded: true, ...(kind !== 'none' && { description: id }) };
  return row('verdict', cause, kind === 'none' ? 'pass' : 'fail', more);
}

/** A file is told as `path:line`. */
function evidenceRow({ source, text }: DiagnosisVerdict['evidence'][number], index: number, node: string | undefined): Row {
  const place = source === 'file' && node !== undefined ? /^(\/.*):(\d+)$/.exec(text) : null;
  const target: Target | undefined =
    place && node !== undefined ? { kind: 'line', node, path: place[1] ?? '', line: Number(place[2]) - 1, character: 0 } : undefined;
  return row(`evidence/${index}`, text, target ? 'file' : 'information', { tooltip: text, ...(target && { target }) });
}

/** What the verdict is about, so that its fix is one click away. */
function decidingFindings({ id, evidence }: DiagnosisVerdict, files: readonly LintedFile[]): readonly FindingDocument[] {
  const places = evidence.filter(({ source }) => source === 'file').map(({ text }) => text);
  return files
    .flatMap(({ path, findings }) => findings.map((finding) => ({ ...finding, path })))
    .filter((finding) => finding.id === id && places.includes(`${finding.path}:${(finding.range?.start.line ?? 0) + 1}`));
}

function stageRow(stage: StageDocument, document: DiagnoseDocument, node: string | undefined): Row {
  const gaps = stage.gaps.map(({ message }, index) => row(`gap/${index}`, message, 'skip', { tooltip: message }));
  const children = [...gaps, ...detailRows(stage, document, node)];
  return row(`stage/${stage.id}`, stage.message, stage.status, { tooltip: stage.message, children });
}

function detailRows({ id }: StageDocument, document: DiagnoseDocument, node: string | undefined): readonly Row[] {
  switch (id) {
    case 'readiness':
      return document.readiness.map((check, index) => checkRow(check, String(index)));
    case 'configuration':
      return document.configuration.files.map((file) => fileRow(file, node));
    case 'journal':
      return document.journal.groups.map(groupRow);
    case 'replay':
      return document.replays.map((replay, index) =>
        row(`replay/${index}`, replay.reference, replay.ok ? 'pass' : 'fail', { children: resolveRows(replay, node) }),
      );
  }
}

function fileRow({ path, outcome, findings }: LintedFile, node: string | undefined): Row {
  const bad = findings.some(({ severity }) => severity === 'error');
  const icon = bad ? 'fail' : findings.some(({ severity }) => severity === 'warning') ? 'warn' : 'pass';
  const target: Target | undefined = node === undefined ? undefined : { kind: 'line', node, path, line: 0, character: 0 };
  return row(`file/${path}`, path, icon, {
    description: outcomeText(outcome),
    children: findings.map((finding, index) => findingRow({ ...finding, path }, index, node)),
    ...(target && { target }),
  });
}

/** One cause that a journal tells of. */
export function groupRow({ class: id, count, host, cause, nextStep, sample, docs }: TriageGroupDocument, index: number): Row {
  const label = count === 1 ? id : vscode.l10n.t('{0}, {1} times', id, count);
  const children = [
    row('cause', cause, 'information', { tooltip: cause }),
    row('next', vscode.l10n.t('Next: {0}', nextStep), 'advice', { tooltip: nextStep }),
    row('sample', sample, 'information', { tooltip: sample }),
    pageRow(docs),
  ];
  return row(`group/${index}`, label, 'warn', { description: host ?? '', tooltip: sample, children, ...page(docs) });
}
