/**
 * A node's files in the editor: how they are named there, what the extension tells the language server of their neighbours, and what its
 * `serve` child answers about them. Plain data only.
 */
import type { PathKind, PemFile } from './ports';

/** `containerd-node:/<node>/etc/containerd/config.toml`; the node is one segment, escaped as in a URI. */
export const nodeScheme = 'containerd-node';

/** Texts that are only compared or looked at: nobody can mend them where they are, so nothing is said of them. */
export const nodeTextScheme = 'containerd-node-text';

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

/** Which machine a request is about. */
export interface OnNode {
  readonly node: string;
  readonly sshConfig?: string;
}

/** What of a person's ssh configuration names one machine; patterns name none. */
export interface NodesDocument {
  readonly nodes: readonly { readonly name: string; readonly hostName: string | null }[];
  /** Why it could not be read as a whole. */
  readonly problem: string | null;
}

/** How replacing a file on a node ended. */
export type WriteFileDocument =
  | {
      readonly status: 'written';
      /** Null where there was nothing to keep. */
      readonly backup: string | null;
      /** The login user may not write there: it was done with `sudo -n`. */
      readonly sudo: boolean;
      readonly validation: ValidationDocument;
      /** What makes the change take effect; null where containerd reads the file for each pull. */
      readonly restart: string | null;
    }
  /** Not what was read before: nothing was written. */
  | { readonly status: 'changed' | 'missing' }
  /** `refused`: nothing was written. `unknown`: it broke off; the file holds the old text or the new one. */
  | { readonly status: 'refused' | 'unknown'; readonly reason: string };

export interface ValidationDocument {
  readonly status: 'passed' | 'failed' | 'skipped';
  /** The command, or what it said. */
  readonly detail: string;
}
