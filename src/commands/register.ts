import * as vscode from 'vscode';
import { addNode, removeNode } from '../nodes/nodes';
import type { Pages } from '../pages';
import { reportOf } from '../report/report';
import type { Reports } from '../report/reports';
import { canRunAgain, Diagnosis } from '../views/diagnosis';
import type { Diagnoses } from '../views/diagnoses';
import type { Target } from '../views/row';
import { checkReadiness } from './checkReadiness';
import { chooseVersion } from './chooseVersion';
import { collectBundle, diagnoseNode, openBundle } from './diagnoseNode';
import { explainError, explainTerminalSelection } from './explainError';
import { explainJournal } from './explainJournal';
import { follow } from './follow';
import { registerCommand as register } from './registerCommand';
import { replayResolve } from './replayResolve';

/** Every command of package.json, and `follow`, which only rows of *Diagnoses* call. */
export function registerCommands(diagnoses: Diagnoses, pages: Pages, reports: Reports, memory: vscode.Memento): vscode.Disposable {
  return vscode.Disposable.from(
    register('checkReadiness', (given) => checkReadiness(diagnoses, memory, given)),
    register('replayResolve', (given) => replayResolve(diagnoses, memory, given)),
    register('diagnoseNode', (given) => diagnoseNode(diagnoses, memory, given)),
    register('collectBundle', (given) => collectBundle(diagnoses, memory, given)),
    register('openBundle', (uri: unknown) => openBundle(diagnoses, uri instanceof vscode.Uri ? uri : undefined)),
    register('explainError', (given) => explainError(diagnoses, reports, given)),
    register('explainJournal', (given) => explainJournal(diagnoses, given)),
    register('explainTerminalSelection', () => explainTerminalSelection(diagnoses, reports)),
    register('chooseVersion', (uri: unknown) => chooseVersion(uri instanceof vscode.Uri ? uri : undefined)),
    register('openPage', (page) => openPage(pages, text(page))),
    register('addNode', addNode),
    register('removeNode', (node) => (typeof node === 'string' ? removeNode(node) : undefined)),
    register('cancelDiagnosis', (run) => cancel(diagnoses, run)),
    register('runAgain', (run) => runAgain(diagnoses, run)),
    register('clearDiagnoses', () => diagnoses.clear()),
    register('copyReport', (run) => copyReport(diagnoses, run)),
    register('openReport', (run) => openReport(diagnoses, reports, run)),
    register('follow', (target: Target) => follow(pages, target)),
  );
}

/** From the palette a command has no argument, from an editor menu a Uri: only a tree row or a link gives text. */
function text(argument: unknown): string | undefined {
  return typeof argument === 'string' ? argument : undefined;
}

async function openPage(pages: Pages, given: string | undefined): Promise<void> {
  const page = given ?? (await pages.pick());
  if (page !== undefined) await pages.open(page);
}

/** The row's run, or all that are running. */
function cancel(diagnoses: Diagnoses, run: unknown): void {
  const running = run instanceof Diagnosis ? [run] : diagnoses.all.filter(({ outcome }) => !outcome);
  for (const one of running) one.cancellation.cancel();
  if (running.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('No diagnosis is running.'));
}

/** The row's run, or the newest. */
async function runAgain(diagnoses: Diagnoses, run: unknown): Promise<void> {
  const diagnosis = rowOrNewest(diagnoses, run);
  if (diagnosis && canRunAgain(diagnosis)) await diagnoses.again(diagnosis.id);
  else if (diagnosis) await vscode.window.showInformationMessage(notAgain(diagnosis));
}

async function openReport(diagnoses: Diagnoses, reports: Reports, run: unknown): Promise<void> {
  const diagnosis = rowOrNewest(diagnoses, run);
  if (diagnosis) await reports.open(diagnosis);
}

async function copyReport(diagnoses: Diagnoses, run: unknown): Promise<void> {
  const diagnosis = rowOrNewest(diagnoses, run);
  if (!diagnosis) return;
  await vscode.env.clipboard.writeText(reportOf(diagnosis));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Report copied'), 3000);
}

function notAgain({ subject: { title, place } }: Diagnosis): string {
  return vscode.l10n.t('{0}: {1} is not run again by itself, because it does not only read. Start it anew from the node.', title, place);
}

/** Says so where there is none. */
function rowOrNewest(diagnoses: Diagnoses, run: unknown): Diagnosis | undefined {
  const found = run instanceof Diagnosis ? run : diagnoses.all[0];
  if (!found) void vscode.window.showInformationMessage(vscode.l10n.t('There is no diagnosis yet. Start one with Diagnose Node.'));
  return found;
}
