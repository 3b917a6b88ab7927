import * as vscode from 'vscode';
import { nodePathOf, nodeScheme, nodeUriPath, type NodePath } from '../../core/nodeFiles';

/** A file as the editor opens it: one of this machine as such, one of a node through us. */
export function fileUri({ node, path }: NodePath): vscode.Uri {
  return node === 'local' ? vscode.Uri.file(path) : vscode.Uri.from({ scheme: nodeScheme, path: nodeUriPath({ node, path }) });
}

/** Undefined for every document that is no file of a node. */
export function nodePathIn(uri: vscode.Uri): NodePath | undefined {
  return uri.scheme === nodeScheme ? nodePathOf(uri.path) : undefined;
}
