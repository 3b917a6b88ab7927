import * as vscode from 'vscode';
import { canRunAgain, Diagnosis, statusOf } from './diagnosis';
import type { Diagnoses } from './diagnoses';
import type { Row } from './row';
import { rowsOf } from './rows';

type TreeNode = Diagnosis | RowNode;

interface RowNode {
  readonly row: Row;
  readonly id: string;
  readonly parent: TreeNode;
}

/** The *Diagnoses* view: newest run first, its steps or results below it. */
export class DiagnosesView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly diagnoses: Diagnoses) {
    this.view = vscode.window.createTreeView('containerdRunbooks.diagnoses', { treeDataProvider: this, showCollapseAll: true });
    this.subscription = diagnoses.onDidChange((diagnosis) => this.refresh(diagnosis));
  }

  dispose(): void {
    this.subscription.dispose();
    this.view.dispose();
    this.changed.dispose();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node instanceof Diagnosis ? diagnosisItem(node) : rowItem(node);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (!node) return [...this.diagnoses.all];
    const id = node instanceof Diagnosis ? String(node.id) : node.id;
    const rows = node instanceof Diagnosis ? rowsOf(node) : node.row.children;
    return rows.map((row) => ({ row, id: `${id}/${row.key}`, parent: node }));
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node instanceof Diagnosis ? undefined : node.parent;
  }

  /** Shows a run that just began, without taking the keyboard from the editor. */
  async reveal(diagnosis: Diagnosis): Promise<void> {
    await this.view.reveal(diagnosis, { expand: true, select: true, focus: false });
  }

  private refresh(diagnosis: Diagnosis | undefined): void {
    this.changed.fire(diagnosis);
    const running = this.diagnoses.all.filter((one) => !one.outcome).length;
    this.view.badge = running === 0 ? undefined : { value: running, tooltip: vscode.l10n.t('{0} running', running) };
  }
}

function diagnosisItem(diagnosis: Diagnosis): vscode.TreeItem {
  const { title, place } = diagnosis.subject;
  const status = statusOf(diagnosis);
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
  item.id = String(diagnosis.id);
  item.description = `${place} · ${diagnosis.startedAt.toLocaleTimeString(vscode.env.language, { timeStyle: 'short' })}`;
  item.iconPath = iconOf(status);
  item.contextValue = status === 'running' ? 'diagnosis.running' : canRunAgain(diagnosis) ? 'diagnosis.done.again' : 'diagnosis.done';
  item.tooltip = `${title}\n${place}`;
  item.accessibilityInformation = { label: [title, place, spoken(status)].filter(Boolean).join(', ') };
  return item;
}

function rowItem({ row, id }: RowNode): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, stateOf(row));
  item.id = id;
  item.iconPath = iconOf(row.icon);
  item.contextValue = 'row';
  item.accessibilityInformation = { label: [spoken(row.icon), row.label, row.description].filter(Boolean).join(', ') };
  if (row.description !== undefined) item.description = row.description;
  if (row.tooltip !== undefined) item.tooltip = row.tooltip;
  if (row.target) item.command = { command: 'containerdRunbooks.follow', title: vscode.l10n.t('Open'), arguments: [row.target] };
  return item;
}

function stateOf({ children, expanded }: Row): vscode.TreeItemCollapsibleState {
  if (children.length === 0) return vscode.TreeItemCollapsibleState.None;
  return expanded === true ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}

const icons: Readonly<Record<Row['icon'], vscode.ThemeIcon>> = {
  running: new vscode.ThemeIcon('loading~spin'),
  pass: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  warn: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  fail: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  skip: new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('testing.iconSkipped')),
  page: new vscode.ThemeIcon('book'),
  fix: new vscode.ThemeIcon('lightbulb-autofix'),
  file: new vscode.ThemeIcon('go-to-file'),
  advice: new vscode.ThemeIcon('lightbulb'),
  information: new vscode.ThemeIcon('info'),
};

function iconOf(name: Row['icon']): vscode.ThemeIcon {
  return icons[name];
}

/** What the icon says, for those who hear the tree. */
function spoken(icon: Row['icon']): string {
  switch (icon) {
    case 'running':
      return vscode.l10n.t('running');
    case 'pass':
      return vscode.l10n.t('passed');
    case 'warn':
      return vscode.l10n.t('warning');
    case 'fail':
      return vscode.l10n.t('failed');
    case 'skip':
      return vscode.l10n.t('skipped');
    default:
      return '';
  }
}
