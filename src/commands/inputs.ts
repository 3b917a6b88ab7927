import * as vscode from 'vscode';
import { settingsPrefix } from '../../core/settings';
import { allNodeNames, localNode } from '../nodes/nodes';

/** The node of a tree row, or the one picked. Undefined when the person leaves, or the workspace is not trusted to reach nodes. */
export async function askNode(given: string | undefined): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) {
    await vscode.window.showWarningMessage(
      vscode.l10n.t('Nodes are reached only from a trusted workspace: its settings decide which commands run.'),
    );
    return undefined;
  }
  if (given !== undefined) return given;
  const names = await allNodeNames();
  if (names.length === 1) return names[0];
  const items = names.map((name) => (name === localNode ? { label: name, description: vscode.l10n.t('this machine') } : { label: name }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which node?') });
  return picked?.label;
}

/**
 * An input box that begins with what is known for this time (`given`), else with what was typed there last time. It stays while a person
 * looks up elsewhere what to type.
 */
export async function askText(
  memory: vscode.Memento,
  key: string,
  { given, ...options }: vscode.InputBoxOptions & { readonly given?: string },
): Promise<string | undefined> {
  const known = given ?? memory.get<string>(key) ?? options.value ?? '';
  const value = await vscode.window.showInputBox({ ignoreFocusOut: true, ...options, value: known });
  if (value !== undefined) await memory.update(key, value);
  return value;
}

export function listFrom(text: string): readonly string[] {
  return text
    .split(/[,\s]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `ssh -F` from the settings, as a part of the parameters. */
export function sshConfig(): { readonly sshConfig?: string } {
  const file = vscode.workspace.getConfiguration(settingsPrefix).get<string>('sshConfig', '');
  return file === '' ? {} : { sshConfig: file };
}

/** The release set for a document, unless it is left to us. */
export function containerdVersion(scope?: vscode.Uri): string | undefined {
  const version = vscode.workspace.getConfiguration(settingsPrefix, scope).get<string>('containerdVersion', 'auto');
  return version === 'auto' ? undefined : version;
}
