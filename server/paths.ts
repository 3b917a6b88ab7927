import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodePathOf, nodeScheme, nodeUriPath, type NodePath } from '../core/nodeFiles';

/**
 * The path that containerd's rules see for a document: absolute, with slashes. A node's file has the path that it
 * has there; other documents that are no files (an untitled one) keep the path part of their URI.
 */
export function pathOf(uri: string): string {
  try {
    if (isFile(uri)) return fileURLToPath(uri).replaceAll('\\', '/');
    return nodePartOf(uri)?.path ?? decodeURIComponent(new URL(uri).pathname);
  } catch {
    // A malformed URI (a host without a scheme, a broken escape) still names the document.
    return uri;
  }
}

export function isFile(uri: string): boolean {
  return uri.startsWith('file:');
}

/** The machine that a document is of, so far as that can be told: documents with the same origin stand side by side. */
export function originOf(uri: string): string {
  if (isFile(uri)) return 'file:';
  const node = nodePartOf(uri)?.node;
  return node === undefined ? uri : `${nodeScheme}:${node}`;
}

/** The node of a document of one. */
export function nodeOf(uri: string): string | undefined {
  return nodePartOf(uri)?.node;
}

function nodePartOf(uri: string): NodePath | undefined {
  if (!uri.startsWith(`${nodeScheme}:`)) return undefined;
  try {
    return nodePathOf(decodeURIComponent(new URL(uri).pathname));
  } catch {
    return undefined;
  }
}

/** The URI of a path that a file names, in the scheme of the document that names it. */
export function uriOf(path: string, from: string): string {
  if (isFile(from)) return pathToFileURL(path).href;
  const uri = new URL(from);
  const node = nodeOf(from);
  const whole = node === undefined ? path : nodeUriPath({ node, path });
  uri.pathname = whole.split('/').map(encodeURIComponent).join('/');
  uri.search = '';
  uri.hash = '';
  return uri.href;
}
