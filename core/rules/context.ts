import { importingRoot } from '../config/imports';
import { loadConfig } from '../config/loadConfig';
import { decodeHostsFile } from '../hosts/hostsDecode';
import type { ConfigTree } from '../ports';
import { parse } from '../toml/parse';
import type { Version } from '../versions/versions';
import type { ConfigContext, DocumentKind, HostsContext } from './rule';

export interface DocumentInput {
  /** Absolute POSIX path on the machine. */
  readonly path: string;
  readonly text: string;
  readonly version: Version;
  /** Must hold `text` at `path` too where other files refer to it (overlayTree for unsaved text). */
  readonly tree: ConfigTree;
  /** The config.toml that imports this file, when that is known; otherwise it is looked for beside the file's folder. */
  readonly importedBy?: string;
  /** Folders known to be roots of host namespaces. */
  readonly certsDirs?: readonly string[];
}

export type DocumentContext =
  { readonly kind: 'hosts'; readonly hosts: HostsContext } | { readonly kind: 'config'; readonly config: ConfigContext };

/** Decodes a text once for all rules of its kind. */
export function contextOf(kind: DocumentKind, input: DocumentInput): DocumentContext {
  return kind === 'hosts' ? { kind, hosts: hostsContext(input) } : { kind, config: configContext(input) };
}

function hostsContext(input: DocumentInput): HostsContext {
  const { path, text, version, tree } = input;
  const parsed = parse(text, { notUtf8: tree.notUtf8?.(path) ?? false });
  return { ...shared(input), parsed, file: decodeHostsFile(parsed, { path, version, tree }) };
}

/** A drop-in is judged together with the config.toml that imports it, if that one is found. */
function configContext(input: DocumentInput): ConfigContext {
  const { path, text, version, tree } = input;
  const parsed = parse(text, { notUtf8: tree.notUtf8?.(path) ?? false });
  const root = input.importedBy ?? importingRoot(path, tree, version);
  return { ...shared(input), parsed, file: loadConfig({ path: root ?? path, tree, version, open: { path, parsed } }) };
}

function shared({ path, version, tree, certsDirs }: DocumentInput): Pick<HostsContext, 'path' | 'version' | 'tree' | 'certsDirs'> {
  return { path, version, tree, ...(certsDirs && { certsDirs }) };
}
