import * as vscode from 'vscode';
import type { NodePath } from '../../core/nodeFiles';
import type { CliProcess } from '../cliProcess';
import { sshConfig } from '../commands/inputs';
import { onNode } from './nodeTrees';

/** Asks once more before containerd is restarted; the command can be copied instead. */
export async function offerRestart(cli: CliProcess, { node, path }: NodePath, command: string): Promise<void> {
  const restart = vscode.l10n.t('Restart');
  const copy = vscode.l10n.t('Copy Command');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Run {0} on {1}?', command, node),
    {
      modal: true,
      detail: vscode.l10n.t('Running containers go on. Pulls that are under way fail, and the kubelet waits until containerd is back.'),
    },
    restart,
    copy,
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(command);
  if (chosen !== restart) return;
  try {
    const { said } = await onNode(vscode.l10n.t('Restarting containerd on {0}', node), (observer, token) =>
      cli.run('restart', { node, path, ...sshConfig() }, observer, token),
    );
    await vscode.window.showInformationMessage(vscode.l10n.t('{0}: {1}', node, said));
  } catch (error) {
    await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
