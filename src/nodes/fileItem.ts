import * as vscode from 'vscode';
import type { FileOutcome } from '../../core/rules/rule';
import { fileUri } from '../remoteFiles/nodeUri';
import type { FileRow } from './fileRows';

/** A row of the *Nodes* view below a node. */
export function fileItem(row: FileRow): vscode.TreeItem {
  const state = row.kind === 'folder' ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None;
  const item = new vscode.TreeItem(row.label, state);
  const description = descriptionOf(row);
  item.id = `${row.node} ${row.path}`;
  item.description = description;
  item.tooltip = [row.path, description].filter((text) => text !== '').join('\n');
  item.iconPath = iconOf(row);
  item.contextValue = row.kind === 'file' ? (row.node === 'local' ? 'file.local' : 'file.node') : row.kind;
  item.accessibilityInformation = { label: [row.label, description].filter((text) => text !== '').join(', ') };
  if (row.kind === 'file')
    item.command = { command: 'containerdRunbooks.openNodeFile', title: vscode.l10n.t('Open'), arguments: [fileUri(row), row] };
  return item;
}

function descriptionOf({ kind, outcome, findings }: FileRow): string {
  if (kind === 'missing') return vscode.l10n.t('is not there');
  if (kind === 'unreadable') return vscode.l10n.t('cannot be read');
  if (kind === 'secret') return vscode.l10n.t('private key');
  if (outcome === undefined) return '';
  const said = outcomeText(outcome);
  if (findings === 0) return said;
  return `${said} · ${findings === 1 ? vscode.l10n.t('1 finding') : vscode.l10n.t('{0} findings', findings)}`;
}

/** What containerd of the node does with the file, in a word. */
export function outcomeText(outcome: FileOutcome): string {
  switch (outcome) {
    case 'used':
      return vscode.l10n.t('used');
    case 'partly-ignored':
      return vscode.l10n.t('partly ignored');
    case 'dropped':
      return vscode.l10n.t('dropped');
    case 'fatal':
      return vscode.l10n.t('fatal');
    case 'not-read':
      return vscode.l10n.t('not read');
  }
}

const pass = new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
const warn = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
const fail = new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));

function iconOf({ kind, outcome, findings }: FileRow): vscode.ThemeIcon {
  if (kind === 'folder') return new vscode.ThemeIcon('folder');
  if (kind === 'secret') return new vscode.ThemeIcon('lock');
  if (kind === 'unreadable') return new vscode.ThemeIcon('circle-slash');
  if (kind === 'missing' || outcome === 'partly-ignored') return warn;
  if (outcome === 'dropped' || outcome === 'fatal') return fail;
  if (outcome === 'not-read') return new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('list.warningForeground'));
  if (outcome === 'used') return findings === 0 ? pass : warn;
  return new vscode.ThemeIcon('file');
}
