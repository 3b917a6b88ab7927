import * as vscode from 'vscode';
import type { Reports } from '../report/reports';
import type { Diagnoses } from '../views/diagnoses';
import { containerdVersion } from './inputs';

/** A line of a log, as its code lens names it. */
interface LogLine {
  readonly uri: string;
  readonly line: number;
}

/** *Explain Pull Error*: the line of a lens, the selection, else the clipboard, else what is typed. The answer is opened as a page beside it. */
export async function explainError(diagnoses: Diagnoses, reports: Reports, given?: unknown): Promise<void> {
  const selected = isLogLine(given) ? await lineOf(given) : selection();
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

/** *Explain Selected Pull Error* of a terminal: VS Code gives a terminal's selection only through the clipboard, whose content is put back. */
export async function explainTerminalSelection(diagnoses: Diagnoses, reports: Reports): Promise<void> {
  const before = await vscode.env.clipboard.readText();
  await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
  const text = (await vscode.env.clipboard.readText()).trim();
  await vscode.env.clipboard.writeText(before);
  if (text !== '') await explain(diagnoses, reports, { text, place: vscode.l10n.t('terminal') });
}

function isLogLine(given: unknown): given is LogLine {
  return typeof given === 'object' && given !== null && 'uri' in given && typeof given.uri === 'string' && 'line' in given;
}

async function lineOf({ uri, line }: LogLine): Promise<Source> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  return {
    text: document.lineAt(line).text,
    place: `${vscode.workspace.asRelativePath(document.uri)}:${line + 1}`,
    document: document.uri,
  };
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

async function explain(diagnoses: Diagnoses, reports: Reports, { text, place, document }: Source): Promise<void> {
  const version = containerdVersion(document);
  const params = version === undefined ? { text } : { text, version };
  const diagnosis = await diagnoses.run({ title: vscode.l10n.t('Pull error'), place }, { command: 'explain', params });
  if (diagnosis.outcome?.kind === 'explain' && diagnosis.outcome.document.class !== null) await reports.open(diagnosis);
}
