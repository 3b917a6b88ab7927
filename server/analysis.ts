import type { TextDocument } from 'vscode-languageserver-textdocument';
import { contextOf, type DocumentContext } from '../core/rules/context';
import { kindOf } from '../core/rules/kind';
import { lint, lintDecoded, type LintResult } from '../core/rules/lint';
import type { DocumentKind } from '../core/rules/rule';
import { nodeTextScheme, type FilesAround } from '../core/nodeFiles';
import type { ConfigTree } from '../core/ports';
import type { ParsedToml } from '../core/toml/document';
import { fsTree } from '../files/fsTree';
import { snapshotTree } from '../files/snapshotTree';
import { mapTree, overlayTree } from '../files/tree';
import { beginsWithMark, byteOrderMark, withoutMark } from './byteOrderMark';
import { judgedFor, type Judged } from './judgedVersions';
import { isFile, originOf, pathOf } from './paths';
import type { ServerSettings } from './settings';
import { trackedTree } from './trackedTree';

/**
 * At each keystroke all of a text is read. One of this size that holds nothing but 200,000 unknown keys takes 2 to 3 seconds of a busy
 * core; twice that would be felt as a hang, so a larger text is only said to be too large. The command line has no such limit.
 */
export const maxLength = 4 * 1024 * 1024;

/** One version of a document, decoded once for all handlers. What is costly is worked out on first use and kept. */
export interface Analysis {
  /** Never the same for two analyses: it is the result id of pulled diagnostics. */
  readonly id: number;
  readonly document: TextDocument;
  readonly path: string;
  readonly settings: ServerSettings;
  readonly judged: Judged;
  /** Undefined when the text is too large to be read. */
  readonly context: DocumentContext | undefined;
  readonly lint: () => LintResult | undefined;
}

export function parsedOf(context: DocumentContext): ParsedToml {
  return context.kind === 'hosts' ? context.hosts.parsed : context.config.parsed;
}

interface Cached {
  readonly analysis: Analysis;
  readonly version: number;
  readonly around: FilesAround | undefined;
  readonly touched: ReadonlySet<string>;
}

/** A text that was never saved is judged as if it stood where its kind usually does. */
const usualPaths: Readonly<Record<DocumentKind, string>> = {
  hosts: '/etc/containerd/certs.d/registry.example/hosts.toml',
  config: '/etc/containerd/config.toml',
};

/** The newest analysis of each open document. It falls when its text, its settings or a file that it looked at changes. */
export class Analyses {
  #nextId = 1;
  readonly #cached = new Map<string, Cached>();

  constructor(private readonly openDocuments: () => readonly TextDocument[]) {}

  /** `around`: what stands around a document that is no file of this machine. */
  of(document: TextDocument, settings: ServerSettings, around?: FilesAround): Analysis | undefined {
    const cached = this.#cached.get(document.uri);
    if (cached && isCurrent(cached, document, settings) && cached.around === around) return cached.analysis;
    const touched = new Set<string>();
    const analysis = this.#analyse(document, settings, around, touched);
    if (analysis) this.#cached.set(document.uri, { analysis, version: document.version, around, touched });
    return analysis;
  }

  /** Says which other documents' analyses fell with `path`. */
  forgetReadersOf(path: string): readonly string[] {
    const readers = [...this.#cached].filter(([, { touched }]) => touched.has(path)).map(([uri]) => uri);
    for (const uri of readers) this.#cached.delete(uri);
    return readers;
  }

  forget(uri: string): void {
    this.#cached.delete(uri);
  }

  forgetAll(): void {
    this.#cached.clear();
  }

  #analyse(document: TextDocument, settings: ServerSettings, around: FilesAround | undefined, touched: Set<string>): Analysis | undefined {
    const written = pathOf(document.uri);
    const kind = kindOf(written, document.languageId);
    if (!kind || document.uri.startsWith(`${nodeTextScheme}:`)) return undefined;
    const path = written.includes('/') ? written : usualPaths[kind];
    const text = document.getText();
    const judged = judgedFor(document.uri, settings.containerdVersion, around);
    const base = { id: this.#nextId++, document, path, settings, judged };
    if (text.length > maxLength) return { ...base, context: undefined, lint: () => undefined };
    const tree = this.#treeAround(document.uri, path, text, around, touched);
    const input = { path, text, tree, version: judged.version };
    const context = contextOf(kind, input);
    const isMarked = isFile(document.uri) && !text.startsWith(byteOrderMark) && beginsWithMark(path);
    const check = () => (isMarked ? withoutMark(lint({ ...input, kind, text: byteOrderMark + text })) : lintDecoded(input, context));
    let linted: LintResult | undefined;
    return { ...base, context, lint: () => (linted ??= check()) };
  }

  /** The files of the document's machine, with what is open of them as it is in the editor. */
  #treeAround(uri: string, path: string, text: string, around: FilesAround | undefined, touched: Set<string>): ConfigTree {
    if (!isFile(uri) && !around) return mapTree({ [path]: text }, false);
    const origin = originOf(uri);
    const beside = this.openDocuments().filter((document) => originOf(document.uri) === origin);
    const texts = new Map(beside.map((document) => [pathOf(document.uri), document]));
    const tree = around ? overlayTree(snapshotTree(around), path, text) : fsTree();
    return trackedTree(tree, (wanted) => texts.get(wanted)?.getText(), touched);
  }
}

function isCurrent({ analysis, version }: Cached, document: TextDocument, settings: ServerSettings): boolean {
  return version === document.version && analysis.document === document && analysis.settings === settings;
}
