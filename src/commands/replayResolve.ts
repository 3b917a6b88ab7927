import * as vscode from 'vscode';
import type { Diagnoses } from '../views/diagnoses';
import { askNode, askText, containerdVersion, sshConfig } from './inputs';

/** *Replay Image Resolve*: what containerd on that node would do for a reference, request by request. */
export async function replayResolve(diagnoses: Diagnoses, memory: vscode.Memento, given?: string): Promise<void> {
  const node = await askNode(given);
  if (node === undefined) return;
  const reference = await askText(memory, 'reference', {
    title: vscode.l10n.t('Replay Image Resolve: {0}', node),
    prompt: vscode.l10n.t('Image reference, as in a pod or after crictl pull'),
    placeHolder: 'docker.io/library/nginx:latest',
    validateInput: (value) => (value !== '' && /\s/.test(value.trim()) ? vscode.l10n.t('A reference has no spaces.') : undefined),
  });
  if (reference === undefined || reference.trim() === '') return;
  const containerd = containerdVersion();
  const params = { node, ...sshConfig(), reference: reference.trim(), ...(containerd === undefined ? {} : { containerd }) };
  await diagnoses.run({ title: vscode.l10n.t('Resolve {0}', reference.trim()), place: node }, { command: 'resolve', params });
}
