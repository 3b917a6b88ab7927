import * as vscode from 'vscode';
import { settingsPrefix } from '../../core/settings';
import type { Diagnoses } from '../views/diagnoses';
import { localNode, nodeNames } from './nodes';

/** The *Nodes* view: each node with what its last readiness check said. */
export class NodesView implements vscode.TreeDataProvider<string>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly disposables: readonly { dispose(): unknown }[];

  constructor(private readonly diagnoses: Diagnoses) {
    this.disposables = [
      vscode.window.createTreeView('containerdRunbooks.nodes', { treeDataProvider: this }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${settingsPrefix}.nodes`)) this.changed.fire(undefined);
      }),
      diagnoses.onDidChange((diagnosis) => {
        if (diagnosis?.outcome?.kind === 'ready') this.changed.fire(undefined);
      }),
      this.changed,
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  getChildren(node?: string): string[] {
    return node === undefined ? [...nodeNames()] : [];
  }

  getTreeItem(node: string): vscode.TreeItem {
    const item = new vscode.TreeItem(node === localNode ? vscode.l10n.t('local') : node);
    const state = this.lastReadiness(node);
    item.id = node;
    item.description = [node === localNode ? vscode.l10n.t('this machine') : undefined, state].filter(Boolean).join(' · ');
    item.iconPath = new vscode.ThemeIcon(node === localNode ? 'device-desktop' : node.startsWith('exec:') ? 'terminal' : 'server');
    item.contextValue = node === localNode ? 'node.local' : 'node.remote';
    item.accessibilityInformation = { label: [vscode.l10n.t('node {0}', node), state].filter(Boolean).join(', ') };
    return item;
  }

  private lastReadiness(node: string): string | undefined {
    for (const { outcome } of this.diagnoses.all) {
      if (outcome?.kind !== 'ready' || outcome.document.node !== node) continue;
      return outcome.document.ready ? vscode.l10n.t('ready') : vscode.l10n.t('not ready');
    }
    return undefined;
  }
}
