import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The path that containerd's rules see for a document: absolute, with slashes. Documents that are no files (a node's file, an untitled
 * one) keep the path part of their URI.
 */
export function pathOf(uri: string): string {
  try {
    if (isFile(uri)) return fileURLToPath(uri).replaceAll('\\', '/');
    return decodeURIComponent(new URL(uri).pathname);
  } catch {
    // A malformed URI (a host without a scheme, a broken escape) still names the document.
    return uri;
  }
}

export function isFile(uri: string): boolean {
  return uri.startsWith('file:');
}

/** The URI of a path that a file names, in the scheme of the document that names it. */
export function uriOf(path: string, from: string): string {
  if (isFile(from)) return pathToFileURL(path).href;
  const uri = new URL(from);
  uri.pathname = path.split('/').map(encodeURIComponent).join('/');
  uri.search = '';
  uri.hash = '';
  return uri.href;
}
