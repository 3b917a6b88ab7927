import * as vscode from 'vscode';
import type { Diagnoses } from '../views/diagnoses';
import { askNode, sshConfig } from './inputs';

/** *Explain Node Journal*: which pulls failed on a node in the last day, and why. */
export async function explainJournal(diagnoses: Diagnoses, given: unknown): Promise<void> {
  const node = await askNode(typeof given === 'string' ? given : undefined);
  if (node === undefined) return;
  await diagnoses.run({ title: vscode.l10n.t('Journal'), place: node }, { command: 'explainJournal', params: { node, ...sshConfig() } });
}
