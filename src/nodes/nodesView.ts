import * as vscode from 'vscode';
import { settingsPrefix } from '../../core/settings';
import type { NodeTrees } from '../remoteFiles/nodeTrees';
import type { Diagnoses } from '../views/diagnoses';
import { fileItem } from './fileItem';
import { fileRows, type FileRow } from './fileRows';
import { allNodeNames, configuredNodes, localNode } from './nodes';

/** Why a node's files are not shown. */
interface Problem {
  readonly node: string;
  readonly problem: string;
}

type Element = string | FileRow | Problem;

/** The *Nodes* view: each node with what its last readiness check said, and its configuration below it. */
export class NodesView implements vscode.TreeDataProvider<Element>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Element | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** What the row of a node says of its readiness. */
  private readonly said = new Map<string, string | undefined>();
  private readonly disposables: readonly { dispose(): unknown }[];

  constructor(
    private readonly diagnoses: Diagnoses,
    private readonly trees: NodeTrees,
  ) {
    const view = vscode.window.createTreeView('containerdRunbooks.nodes', { treeDataProvider: this, showCollapseAll: true });
    view.message = trustMessage();
    this.disposables = [
      view,
      // A node that is unfolded once more is read once more.
      view.onDidCollapseElement(({ element }) => {
        if (typeof element !== 'string') return;
        trees.forget(element);
        this.changed.fire(element);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingsPrefix)) this.changed.fire(undefined);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        view.message = trustMessage();
        this.changed.fire(undefined);
      }),
      diagnoses.onDidChange(() => this.tellReadiness()),
      trees.onDidChange((node) => this.changed.fire(node)),
      this.changed,
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  async getChildren(element?: Element): Promise<Element[]> {
    if (element === undefined) return [...(await allNodeNames())];
    if (typeof element !== 'string') return 'children' in element ? [...element.children] : [];
    try {
      return [...fileRows(await this.trees.of(element))];
    } catch (error) {
      return [{ node: element, problem: error instanceof Error ? error.message : String(error) }];
    }
  }

  getTreeItem(element: Element): vscode.TreeItem {
    if (typeof element === 'string') return this.nodeItem(element);
    return 'problem' in element ? problemItem(element) : fileItem(element);
  }

  private nodeItem(node: string): vscode.TreeItem {
    const state = vscode.workspace.isTrusted ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const label = node === localNode ? vscode.l10n.t('local') : node;
    const item = new vscode.TreeItem(label, state);
    const ready = this.lastReadiness(node);
    this.said.set(node, ready);
    item.id = node;
    item.description = [node === localNode ? vscode.l10n.t('this machine') : undefined, ready].filter(Boolean).join(' · ');
    item.iconPath = new vscode.ThemeIcon(node === localNode ? 'device-desktop' : node.startsWith('exec:') ? 'terminal' : 'server');
    item.contextValue = node === localNode ? 'node.local' : configuredNodes().includes(node) ? 'node.remote' : 'node.ssh';
    item.accessibilityInformation = { label: [vscode.l10n.t('node {0}', label), ready].filter(Boolean).join(', ') };
    return item;
  }

  /** Only to rows that say something else: to draw the others again could ask their nodes again. */
  private tellReadiness(): void {
    for (const [node, said] of this.said) {
      const ready = this.lastReadiness(node);
      if (ready === said) continue;
      this.said.set(node, ready);
      this.changed.fire(node);
    }
  }

  private lastReadiness(node: string): string | undefined {
    for (const { outcome } of this.diagnoses.all) {
      if (outcome?.kind !== 'ready' || outcome.document.node !== node) continue;
      return outcome.document.ready ? vscode.l10n.t('ready') : vscode.l10n.t('not ready');
    }
    return undefined;
  }
}

/** Empty where nothing stands in the way. */
function trustMessage(): string {
  return vscode.workspace.isTrusted ? '' : vscode.l10n.t('This workspace is not trusted: nodes are reached only from a trusted workspace.');
}

/** A click tries again. */
function problemItem({ node, problem }: Problem): vscode.TreeItem {
  const item = new vscode.TreeItem(problem);
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  item.tooltip = problem;
  item.command = { command: 'containerdRunbooks.refreshNode', title: vscode.l10n.t('Read Again'), arguments: [node] };
  return item;
}
