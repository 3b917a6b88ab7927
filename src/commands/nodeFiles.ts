import { posix } from 'node:path';
import * as vscode from 'vscode';
import { hostsFileText, type OwnSettings } from '../../core/features/hostsFileText';
import type { NodePath } from '../../core/nodeFiles';
import type { FileRow } from '../nodes/fileRows';
import { allNodeNames } from '../nodes/nodes';
import type { ConsentedWrites } from '../remoteFiles/consentedWrites';
import type { NodeTexts } from '../remoteFiles/nodeTexts';
import type { NodeTrees } from '../remoteFiles/nodeTrees';
import { fileUri, nodePathIn } from '../remoteFiles/nodeUri';
import type { Diagnoses } from '../views/diagnoses';
import type { HostsFileTarget } from '../views/row';
import { guidedStep, type StepParts } from './guidedStep';
import { askNode } from './inputs';
import { registerCommand as register } from './registerCommand';

export interface NodeFileParts {
  readonly trees: NodeTrees;
  readonly texts: NodeTexts;
  readonly writes: ConsentedWrites;
}

/** Commands of the *Nodes* view's files. `openNodeFile` is only for its rows. */
export function registerNodeFileCommands({ trees, texts, writes }: NodeFileParts, steps: StepParts): vscode.Disposable {
  return vscode.Disposable.from(
    register('openNodeFile', (uri: vscode.Uri) => openNodeFile(uri, trees)),
    register('refreshNode', async (given) => trees.refresh((await askNode(typeof given === 'string' ? given : undefined)) ?? '')),
    register('compareNodeFile', (given) => compareFile(given)),
    register('newHostsFile', (given) => newHostsFile(given, { trees, texts, writes }, steps.diagnoses)),
    register('guidedStep', (given) => guidedStep(given, steps)),
    register('rollBack', (given) => rollBack(given, writes)),
    register('openEffectiveSettings', (given) => openEffective(given, trees, texts)),
    register('compareEffectiveSettings', (given) => compareEffective(given, trees, texts)),
  );
}

/** Of a name that tells no language, the node knows what containerd takes it for. */
export async function openNodeFile(uri: vscode.Uri, trees: NodeTrees): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(uri);
  const place = nodePathIn(uri);
  const linted = place && (await trees.of(place.node)).files.find(({ path }) => path === place.path);
  if (linted && !document.languageId.startsWith('containerd-'))
    await vscode.languages.setTextDocumentLanguage(document, linted.kind === 'hosts' ? 'containerd-hosts' : 'containerd-config');
  return vscode.window.showTextDocument(document);
}

interface Chosen extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** With the file at the same place on another node, or with one of the workspace. */
async function compareFile(given: unknown): Promise<void> {
  const place = placeOf(given);
  if (!place || (await askNode(place.node)) === undefined) return;
  const picked = await vscode.window.showQuickPick(candidates(place), {
    placeHolder: vscode.l10n.t('Compare {0} of {1} with…', posix.basename(place.path), place.node),
    matchOnDescription: true,
  });
  if (!picked) return;
  const title = `${picked.label} ↔ ${place.node}: ${posix.basename(place.path)}`;
  await vscode.commands.executeCommand('vscode.diff', picked.uri, fileUri(place), title);
}

/** The workspace's files that end most like the node's path come first; VS Code finds them in no order. */
async function candidates({ node, path }: NodePath): Promise<Chosen[]> {
  const found = await vscode.workspace.findFiles(`**/${posix.basename(path)}`, '**/node_modules/**', 200);
  const files = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), description: vscode.l10n.t('workspace'), uri }));
  files.sort((a, b) => commonEnd(b.uri.path, path) - commonEnd(a.uri.path, path) || a.label.localeCompare(b.label));
  const nodes = (await allNodeNames()).filter((name) => name !== node);
  return [...files, ...nodes.map((name) => ({ label: name, description: path, uri: fileUri({ node: name, path }) }))];
}

function commonEnd(a: string, b: string): number {
  const [left, right] = [a.split('/').reverse(), b.split('/').reverse()];
  const end = left.findIndex((part, index) => part !== right[index]);
  return end < 0 ? left.length : end;
}

async function rollBack(given: unknown, writes: ConsentedWrites): Promise<void> {
  const place = placeOf(given);
  if (!place || place.node === 'local') {
    await vscode.window.showInformationMessage(vscode.l10n.t('Open a file of a node first, or choose it in the Nodes view.'));
  } else if ((await askNode(place.node)) !== undefined) await writes.rollBack({ ...place, uri: fileUri(place) });
}

/** *New hosts.toml on Node*: where containerd there looks for the registry, written like any other change. What asked for it runs again. */
async function newHostsFile(given: unknown, { trees, writes }: NodeFileParts, diagnoses: Diagnoses): Promise<void> {
  const target = isHostsFile(given) ? given : undefined;
  const node = await askNode(target?.node ?? (typeof given === 'string' ? given : undefined));
  if (node === undefined) return;
  const own: OwnSettings | undefined = target ?? (await askRegistry(node));
  if (!own) return;
  const tree = await trees.again(node);
  const path = posix.join(tree.certsD ?? '/etc/containerd/certs.d', own.registry, 'hosts.toml');
  const uri = fileUri({ node, path });
  const isThere = tree.snapshot.places.some((one) => one.path === path && one.kind !== 'missing');
  if (!isThere) await writes.write({ node, path, uri, base: null, text: hostsFileText(own) });
  await openNodeFile(uri, trees);
  if (target && !isThere) await diagnoses.again(target.run);
}

async function askRegistry(node: string): Promise<OwnSettings | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('New hosts.toml on {0}', node),
    prompt: vscode.l10n.t('Registry as image references name it: a host, with its port where it has one'),
    placeHolder: 'registry.example.com:5000',
    validateInput: (value) => (isRegistry(value.trim()) ? undefined : vscode.l10n.t('Type a host such as registry.example.com:5000.')),
  });
  const registry = typed?.trim();
  return registry !== undefined && isRegistry(registry) ? { registry } : undefined;
}

function isHostsFile(given: unknown): given is HostsFileTarget {
  return typeof given === 'object' && given !== null && 'kind' in given && given.kind === 'hostsFile';
}

function isRegistry(text: string): boolean {
  return /^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(text);
}

async function openEffective(given: unknown, trees: NodeTrees, texts: NodeTexts): Promise<void> {
  const node = await askNode(typeof given === 'string' ? given : undefined);
  const uri = node === undefined ? undefined : await effective(node, trees, texts);
  if (uri) await vscode.window.showTextDocument(uri);
}

async function compareEffective(given: unknown, trees: NodeTrees, texts: NodeTexts): Promise<void> {
  const node = await askNode(typeof given === 'string' ? given : undefined);
  if (node === undefined) return;
  const others = (await allNodeNames()).filter((name) => name !== node);
  const other = await vscode.window.showQuickPick(others, {
    placeHolder: vscode.l10n.t('Compare the settings in effect on {0} with…', node),
  });
  if (other === undefined) return;
  const [left, right] = [await effective(other, trees, texts), await effective(node, trees, texts)];
  if (left && right) await vscode.commands.executeCommand('vscode.diff', left, right, `${other} ↔ ${node}: containerd config dump`);
}

/** `containerd config dump` of the node, as a text to look at. */
async function effective(node: string, trees: NodeTrees, texts: NodeTexts): Promise<vscode.Uri | undefined> {
  const { dump } = await trees.again(node);
  if ('text' in dump) return texts.add(`/${node.replaceAll('/', ' ')}/containerd config dump.toml`, dump.text);
  await vscode.window.showWarningMessage(vscode.l10n.t('containerd on {0} does not tell its settings: {1}', node, dump.failure));
  return undefined;
}

/** A row of the view, a document from a menu, or the document that is open. */
function placeOf(given: unknown): NodePath | undefined {
  if (isRow(given)) return { node: given.node, path: given.path };
  const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  return uri && nodePathIn(uri);
}

function isRow(given: unknown): given is FileRow {
  return typeof given === 'object' && given !== null && 'node' in given && 'path' in given;
}
