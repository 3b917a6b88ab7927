import * as vscode from 'vscode';
import { settingsPrefix } from '../../core/settings';
import { formatVersion, newestVersion, parseVersion, releaseLines } from '../../core/versions/versions';

const key = 'containerdVersion';

/** *Choose containerd Release*: the release that files are judged for, written to the setting where it stands already. */
export async function chooseVersion(given: vscode.Uri | undefined): Promise<void> {
  const scope = given ?? vscode.window.activeTextEditor?.document.uri;
  const configuration = vscode.workspace.getConfiguration(settingsPrefix, scope);
  const chosen = await pick(configuration.get<string>(key, 'auto'));
  if (chosen !== undefined) await configuration.update(key, chosen, target(configuration.inspect(key)));
}

async function pick(current: string): Promise<string | undefined> {
  const releases = [...releaseLines]
    .reverse()
    .map(({ line, newest }) => ({ label: line, description: formatVersion(newest), value: line }));
  const auto = { label: 'auto', description: vscode.l10n.t('the newest known release, {0}', formatVersion(newestVersion)), value: 'auto' };
  const exact = { label: vscode.l10n.t('Exact release…'), description: '', value: undefined };
  const items = [auto, ...releases, exact].map((item) => (item.value === current ? { ...item, picked: true } : item));
  const placeHolder = vscode.l10n.t('Which containerd release reads these files? Now: {0}', current);
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return picked && (picked.value ?? askExact(current));
}

async function askExact(current: string): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Exact release of containerd'),
    prompt: vscode.l10n.t('As containerd --version prints it, such as 1.7.24'),
    value: parseVersion(current) ? current : '',
    validateInput: (value) => (parseVersion(value) ? undefined : vscode.l10n.t('This is no containerd release that is known here.')),
  });
  return typed?.trim();
}

/** The narrowest place that has the setting: there it would be seen first. Without any: the workspace when there is one. */
function target(found: { workspaceFolderValue?: unknown; workspaceValue?: unknown; globalValue?: unknown } | undefined) {
  if (found?.workspaceFolderValue !== undefined) return vscode.ConfigurationTarget.WorkspaceFolder;
  if (found?.workspaceValue !== undefined) return vscode.ConfigurationTarget.Workspace;
  const hasWorkspace = found?.globalValue === undefined && (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
  return hasWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
}
