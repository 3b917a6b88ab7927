import * as vscode from 'vscode';
import { settingsPrefix } from '../../core/settings';
import type { Diagnoses } from '../views/diagnoses';
import { askNode, askText, listFrom, sshConfig } from './inputs';

/** *Check Node Readiness*: which node, which interfaces, which registries, then the run. A row gives the node, a page the registry. */
export async function checkReadiness(diagnoses: Diagnoses, memory: vscode.Memento, given: unknown): Promise<void> {
  const node = await askNode(typeof given === 'string' ? given : undefined);
  if (node === undefined) return;
  const interfaces = await askText(memory, `interfaces/${node}`, {
    title: vscode.l10n.t('Check Node Readiness: {0}', node),
    prompt: vscode.l10n.t('Interfaces that must be up and have an address, separated by commas. Leave it empty to check none by name.'),
    placeHolder: 'eth0, eth1',
  });
  if (interfaces === undefined) return;
  const registries = await askText(memory, `registries/${node}`, {
    title: vscode.l10n.t('Check Node Readiness: {0}', node),
    prompt: vscode.l10n.t('Registries that must answer /v2/ from the node, separated by commas. A bare host means https.'),
    placeHolder: 'registry-1.docker.io, http://10.0.0.5:5000',
    value: configuredRegistries().join(', '),
    ...(isRegistry(given) && { given: given.registry }),
  });
  if (registries === undefined) return;
  const params = { node, ...sshConfig(), interfaces: listFrom(interfaces), registries: listFrom(registries) };
  await diagnoses.run({ title: vscode.l10n.t('Readiness'), place: node }, { command: 'ready', params });
}

/** The registry that a pull error names. */
function isRegistry(given: unknown): given is { readonly registry: string } {
  return typeof given === 'object' && given !== null && 'registry' in given && typeof given.registry === 'string';
}

function configuredRegistries(): readonly string[] {
  const value = vscode.workspace.getConfiguration(settingsPrefix).get<unknown>('registries');
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
