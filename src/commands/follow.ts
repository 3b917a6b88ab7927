import * as vscode from 'vscode';
import type { Pages } from '../pages';
import { fileUri } from '../remoteFiles/nodeUri';
import type { Target } from '../views/row';

/** Goes where a row of *Diagnoses* points. */
export async function follow(pages: Pages, target: Target): Promise<void> {
  if (target.kind === 'page') return pages.open(target.docs);
  if (target.kind === 'replay') return vscode.commands.executeCommand('containerdRunbooks.replayResolve', { reference: target.reference });
  if (target.kind === 'readiness') {
    const { registry } = target;
    return vscode.commands.executeCommand('containerdRunbooks.checkReadiness', ...(registry === null ? [] : [{ registry }]));
  }
  if (target.kind === 'diagnosis') return vscode.commands.executeCommand('containerdRunbooks.diagnoseNode');
  if (target.kind === 'journal') return vscode.commands.executeCommand('containerdRunbooks.explainJournal');
  if (target.kind === 'bundle') return vscode.commands.executeCommand('containerdRunbooks.openBundle', vscode.Uri.file(target.bundle));
  if (target.kind === 'hostsFile') return vscode.commands.executeCommand('containerdRunbooks.newHostsFile', target);
  const position = new vscode.Position(target.line, target.character);
  const document = await vscode.workspace.openTextDocument(fileUri(target));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position) });
  if (target.kind === 'fix') await vscode.commands.executeCommand('editor.action.quickFix');
}
