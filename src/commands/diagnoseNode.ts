import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Diagnoses } from '../views/diagnoses';
import { askNode, askText, sshConfig } from './inputs';

/** *Diagnose Node*: its state, its configuration, its journal and a replay, and one verdict. */
export async function diagnoseNode(diagnoses: Diagnoses, memory: vscode.Memento, given: unknown): Promise<void> {
  const params = await askWhat(memory, given);
  if (!params) return;
  const { node, reference } = params;
  const title = reference === undefined ? vscode.l10n.t('Diagnosis') : vscode.l10n.t('Diagnosis of {0}', reference);
  await diagnoses.run({ title, place: node }, { command: 'diagnose', params });
}

/** *Collect a Bundle*: what a diagnosis sees, without secrets, in a file that can be diagnosed elsewhere. */
export async function collectBundle(diagnoses: Diagnoses, memory: vscode.Memento, given: unknown): Promise<void> {
  const params = await askWhat(memory, given);
  if (!params) return;
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const name = `${params.node.replace(/[^\w.-]+/g, '-').slice(0, 60)}.bundle.gz`;
  const uri = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    title: vscode.l10n.t('Collect a Bundle: {0}', params.node),
    filters: bundles(),
  });
  if (!uri) return;
  await diagnoses.run(
    { title: vscode.l10n.t('Bundle {0}', posix.basename(uri.path)), place: params.node },
    { command: 'collect', params: { ...params, output: uri.fsPath } },
  );
}

/** *Open Bundle*: the diagnosis of what was collected, offline. */
export async function openBundle(diagnoses: Diagnoses, given: vscode.Uri | undefined): Promise<void> {
  const picked = given ?? (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Open Bundle'), filters: bundles() }))?.[0];
  if (!picked) return;
  await diagnoses.run(
    { title: vscode.l10n.t('Diagnosis of a bundle'), place: posix.basename(picked.path) },
    { command: 'diagnoseBundle', params: { bundle: picked.fsPath } },
  );
}

/** Undefined when the person leaves. An empty reference leaves the choice to the journal. */
async function askWhat(memory: vscode.Memento, given: unknown) {
  const node = await askNode(typeof given === 'string' ? given : undefined);
  if (node === undefined) return undefined;
  const typed = await askText(memory, `diagnosed/${node}`, {
    title: vscode.l10n.t('Diagnose Node: {0}', node),
    prompt: vscode.l10n.t('Image that cannot be pulled. Leave it empty to replay what the journal says failed last.'),
    placeHolder: 'docker.io/library/nginx:latest',
    validateInput: (value) => (/\s/.test(value.trim()) ? vscode.l10n.t('A reference has no spaces.') : undefined),
  });
  if (typed === undefined) return undefined;
  const reference = typed.trim();
  return { node, ...sshConfig(), ...(reference !== '' && { reference }) };
}

function bundles(): Record<string, string[]> {
  return { [vscode.l10n.t('Bundles')]: ['gz', 'json'], [vscode.l10n.t('All files')]: ['*'] };
}
