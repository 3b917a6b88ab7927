/** A node's files in the editor: how they are named there, and what the extension tells the language server of their neighbours. */
import type { PathKind, PemFile } from './ports';

/** `containerd-node:/<node>/etc/containerd/config.toml`; the node is one segment, escaped as in a URI. */
export const nodeScheme = 'containerd-node';

export interface NodePath {
  readonly node: string;
  /** Absolute, on the node. */
  readonly path: string;
}

export function nodeUriPath({ node, path }: NodePath): string {
  return `/${encodeURIComponent(node)}${path}`;
}

/** Undefined when it names no file of a node. */
export function nodePathOf(uriPath: string): NodePath | undefined {
  const match = /^\/([^/]+)(\/.*)$/s.exec(uriPath);
  if (!match) return undefined;
  try {
    return { node: decodeURIComponent(match[1] ?? ''), path: match[2] ?? '' };
  } catch {
    return undefined;
  }
}

/** What was seen at one path. Files that are only looked at for their certificates and keys have no text here: no key travels. */
export interface FilePlace {
  readonly path: string;
  readonly kind: PathKind;
  readonly text?: string;
  readonly pem?: PemFile;
}

/** Files of one machine as they were at one time. */
export interface FileSnapshot {
  /** The machine is the one the files are meant for: what is missing there is missing. */
  readonly rooted: boolean;
  readonly takenMs: number;
  readonly places: readonly FilePlace[];
}

/** Language server → extension: the files around a document that is no file of this machine. The result is null when there are none. */
export const filesAroundMethod = 'containerdRunbooks/filesAround';
export interface FilesAroundParams {
  readonly uri: string;
}
export interface FilesAround extends FileSnapshot {
  /** The release that runs on the machine of the files. */
  readonly containerd?: string;
}

/** Extension → language server: what filesAround answered for documents beside this one holds no more. */
export const filesAroundChangedMethod = 'containerdRunbooks/filesAroundChanged';
