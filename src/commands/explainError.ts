import * as vscode from 'vscode';
import type { ReportDocuments } from '../report/reportDocuments';
import type { Diagnoses } from '../views/diagnoses';
import { containerdVersion } from './inputs';

/** *Explain Pull Error*: the selection, else the clipboard, else what is typed. The answer is opened as a page beside it. */
export async function explainError(diagnoses: Diagnoses, reports: ReportDocuments): Promise<void> {
  const selected = selection();
  if (selected) return explain(diagnoses, reports, selected);
  const copied = (await vscode.env.clipboard.readText()).trim();
  if (copied !== '' && looksLikeError(copied)) return explain(diagnoses, reports, { text: copied, place: vscode.l10n.t('clipboard') });
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Explain Pull Error'),
    prompt: vscode.l10n.t('Paste the error as kubelet, crictl, ctr or nerdctl printed it'),
    ignoreFocusOut: true,
  });
  if (typed !== undefined && typed.trim() !== '') await explain(diagnoses, reports, { text: typed, place: vscode.l10n.t('typed text') });
}

interface Source {
  readonly text: string;
  readonly place: string;
  readonly document?: vscode.Uri;
}

function selection(): Source | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return undefined;
  const { document } = editor;
  const place = `${vscode.workspace.asRelativePath(document.uri)}:${editor.selection.start.line + 1}`;
  return { text: document.getText(editor.selection), place, document: document.uri };
}

/** A clipboard holds anything: a password copied a minute ago is not to be shown back as «not a pull error». */
function looksLikeError(text: string): boolean {
  return /fail|error|denied|unauthorized|forbidden|not found|timeout|refused|x509|manifest|pull/i.test(text);
}

async function explain(diagnoses: Diagnoses, reports: ReportDocuments, { text, place, document }: Source): Promise<void> {
  const version = containerdVersion(document);
  const params = version === undefined ? { text } : { text, version };
  const diagnosis = await diagnoses.run({ title: vscode.l10n.t('Pull error'), place }, { command: 'explain', params });
  if (diagnosis.outcome?.kind === 'explain' && diagnosis.outcome.document.class !== null) await reports.open(diagnosis);
}
