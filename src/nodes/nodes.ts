import * as vscode from 'vscode';
import { settingsPrefix } from '../../core/settings';

export const localNode = 'local';

/** What the ssh configuration names; set once by the extension, because only `serve` reads files. */
let sshHosts: () => Promise<readonly string[]> = () => Promise.resolve([]);

export function setSshHosts(read: typeof sshHosts): void {
  sshHosts = read;
}

/** This machine first, then the setting's nodes, then the hosts of the ssh configuration, each once. */
export async function allNodeNames(): Promise<readonly string[]> {
  const hosts = vscode.workspace.isTrusted ? await sshHosts() : [];
  return [...new Set([localNode, ...configuredNodes(), ...hosts])];
}

/** Why a name cannot be a node; undefined when it can. A leading dash would be an option of ssh. */
export function nodeNameProblem(name: string): string | undefined {
  if (name.trim() === '') return vscode.l10n.t('Type a host as you would give it to ssh.');
  if (name.startsWith('-')) return vscode.l10n.t('A node cannot start with a dash.');
  if ([localNode, ...configuredNodes()].includes(name.trim())) return vscode.l10n.t('{0} is already in the list.', name.trim());
  return undefined;
}

export async function addNode(): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add Node'),
    prompt: vscode.l10n.t('An ssh destination, or exec: and a command prefix such as exec:docker exec -i kind-control-plane'),
    placeHolder: 'root@worker-1',
    validateInput: (value) => (value === '' ? undefined : nodeNameProblem(value)),
  });
  if (name !== undefined && nodeNameProblem(name) === undefined) await save([...configuredNodes(), name.trim()]);
}

export async function removeNode(name: string): Promise<void> {
  await save(configuredNodes().filter((one) => one !== name));
}

/** The settings are a person's to edit: what is no text is passed over. */
export function configuredNodes(): readonly string[] {
  const names = vscode.workspace.getConfiguration(settingsPrefix).get<unknown>('nodes');
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string' && name.trim() !== '') : [];
}

/** Where the list already stands: a workspace's own list stays the workspace's. */
async function save(names: readonly string[]): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(settingsPrefix);
  const inWorkspace = configuration.inspect('nodes')?.workspaceValue !== undefined;
  await configuration.update('nodes', names, inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global);
}
