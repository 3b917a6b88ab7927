import { posix } from 'node:path';
import type { NodeTreeDocument } from '../../core/protocol/nodeTree';
import type { FileOutcome } from '../../core/rules/rule';

/** A folder or file of a node, as the *Nodes* view shows it. */
export interface FileRow {
  readonly node: string;
  readonly path: string;
  /** Folders that hold nothing but one folder are one row: `etc/containerd`. */
  readonly label: string;
  readonly kind: 'folder' | 'file' | 'missing' | 'unreadable' | 'secret';
  /** What containerd there does with it; only of files it reads as configuration. */
  readonly outcome?: FileOutcome;
  readonly findings: number;
  readonly children: readonly FileRow[];
}

interface Branch {
  readonly path: string;
  readonly children: Map<string, Branch>;
}

const backup = /\.\d{8}T\d{6}\.\d{3}Z\.bak$/;
/** A file that a configuration names; that one of the usual places is not there says nothing. */
const named = /\.(?:toml|tmpl|crt|cert|pem|key)$/;

/** Everything that was read, folders first. Backups of our own are found by *Roll Back*. */
export function fileRows(document: NodeTreeDocument): readonly FileRow[] {
  const root: Branch = { path: '/', children: new Map() };
  for (const { path, kind } of document.snapshot.places) {
    if (backup.test(path) || (kind === 'missing' && !named.test(path)) || kind === 'directory') continue;
    grow(root, path);
  }
  return below(root, document);
}

function grow(root: Branch, path: string): void {
  let branch = root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    const next = branch.children.get(name) ?? { path: posix.join(branch.path, name), children: new Map() };
    branch.children.set(name, next);
    branch = next;
  }
}

function below(branch: Branch, document: NodeTreeDocument): readonly FileRow[] {
  const rows = [...branch.children.values()].map((child) => rowOf(child, branch.path, document));
  return rows.sort((a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || (a.label < b.label ? -1 : 1));
}

function rowOf(branch: Branch, above: string, document: NodeTreeDocument): FileRow {
  let folder = branch;
  for (let only = onlyFolder(folder); only; only = onlyFolder(folder)) folder = only;
  const label = above === '/' ? folder.path : folder.path.slice(above.length + 1);
  const row = { node: document.node, path: folder.path, label };
  if (folder.children.size > 0) return { ...row, kind: 'folder', findings: 0, children: below(folder, document) };
  return { ...row, ...seen(folder.path, document), children: [] };
}

function onlyFolder({ children }: Branch): Branch | undefined {
  const [only, ...others] = children.values();
  return only && others.length === 0 && only.children.size > 0 ? only : undefined;
}

function seen(path: string, { snapshot, files }: NodeTreeDocument): Pick<FileRow, 'kind' | 'outcome' | 'findings'> {
  const place = snapshot.places.find((one) => one.path === path);
  const kind = place?.kind === 'missing' || place?.kind === 'unreadable' ? place.kind : 'file';
  const linted = files.find((one) => one.path === path);
  if (linted) return { kind, outcome: linted.outcome, findings: linted.findings.filter(({ severity }) => severity !== 'hint').length };
  return { kind: (place?.pem?.privateKeys.length ?? 0) > 0 ? 'secret' : kind, findings: 0 };
}
