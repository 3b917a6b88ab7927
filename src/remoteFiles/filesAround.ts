import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  filesAroundChangedMethod,
  filesAroundMethod,
  nodeUriPath,
  nodeScheme,
  type FilePlace,
  type FilesAround,
  type FilesAroundParams,
} from '../../core/nodeFiles';
import { nodePathIn } from './nodeUri';
import type { NodeTrees } from './nodeTrees';

const maxFiles = 200;
const maxFileBytes = 1024 * 1024;
const maxDepth = 3;

/** Answers the language server, which can read only this machine, and tells it when a node was read again. */
export function answerFilesAround(client: LanguageClient, trees: NodeTrees): vscode.Disposable {
  return vscode.Disposable.from(
    client.onRequest(filesAroundMethod, ({ uri }: FilesAroundParams) => filesAround(client.protocol2CodeConverter.asUri(uri), trees)),
    trees.onDidChange((node) => {
      const uri = vscode.Uri.from({ scheme: nodeScheme, path: nodeUriPath({ node, path: '/' }) });
      void client.sendNotification(filesAroundChangedMethod, { uri: client.code2ProtocolConverter.asUri(uri) });
    }),
  );
}

/** Null where there is nothing to read: an unsaved text, a node that cannot be reached. */
async function filesAround(uri: vscode.Uri, trees: NodeTrees): Promise<FilesAround | null> {
  const place = nodePathIn(uri);
  try {
    if (!place) return await workspaceFiles(uri);
    const { snapshot, containerd } = await trees.of(place.node);
    return { ...snapshot, ...(containerd !== null && { containerd }) };
  } catch {
    return null;
  }
}

/** The folder of a document in a virtual workspace, and what is below it. */
async function workspaceFiles(uri: vscode.Uri): Promise<FilesAround | null> {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === undefined) return null;
  const places: FilePlace[] = [];
  await walk(vscode.Uri.joinPath(uri, '..'), maxDepth, places);
  return { rooted: false, takenMs: Date.now(), places };
}

async function walk(folder: vscode.Uri, depth: number, places: FilePlace[]): Promise<void> {
  places.push({ path: folder.path, kind: depth > 0 ? 'directory' : 'unreadable' });
  if (depth === 0) return;
  for (const [name, type] of await vscode.workspace.fs.readDirectory(folder)) {
    if (places.length >= maxFiles) return;
    const uri = vscode.Uri.joinPath(folder, name);
    if (type === vscode.FileType.Directory) await walk(uri, depth - 1, places);
    else if (/\.(?:toml|tmpl|crt|cert|pem)$/.test(name)) places.push(await fileAt(uri));
    else places.push({ path: posix.join(folder.path, name), kind: 'unreadable' });
  }
}

async function fileAt(uri: vscode.Uri): Promise<FilePlace> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > maxFileBytes) return { path: uri.path, kind: 'unreadable' };
  return { path: uri.path, kind: 'file', text: Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8') };
}
