import type { TextDocument } from 'vscode-languageserver-textdocument';
import { judgedVersion } from '../core/features/judgedVersion';
import { contextOf, type DocumentContext } from '../core/rules/context';
import { kindOf } from '../core/rules/kind';
import { lintContext, type LintResult } from '../core/rules/lint';
import type { DocumentKind } from '../core/rules/rule';
import type { ConfigTree } from '../core/ports';
import type { ParsedToml } from '../core/toml/document';
import { fsTree } from '../files/fsTree';
import { mapTree } from '../files/tree';
import { beginsWithMark, byteOrderMark, withoutMark } from './byteOrderMark';
import { isFile, pathOf } from './paths';
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
  readonly touched: ReadonlySet<string>;
}

/** A text that was never saved is judged as if it stood where its kind usually does. */
const usualPaths: Readonly<Record<DocumentKind, string>> = {
  hosts: '/etc/containerd/certs.d/_default/hosts.toml',
  config: '/etc/containerd/config.toml',
};

/** The newest analysis of each open document. It falls when its text, its settings or a file that it looked at changes. */
export class Analyses {
  #nextId = 1;
  readonly #cached = new Map<string, Cached>();

  constructor(private readonly openDocuments: () => readonly TextDocument[]) {}

  of(document: TextDocument, settings: ServerSettings): Analysis | undefined {
    const cached = this.#cached.get(document.uri);
    if (cached?.version === document.version && cached.analysis.document === document && cached.analysis.settings === settings)
      return cached.analysis;
    const touched = new Set<string>();
    const analysis = this.#analyse(document, settings, touched);
    if (analysis) this.#cached.set(document.uri, { analysis, version: document.version, touched });
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

  #analyse(document: TextDocument, settings: ServerSettings, touched: Set<string>): Analysis | undefined {
    const written = pathOf(document.uri);
    const kind = kindOf(written, document.languageId);
    if (!kind) return undefined;
    const path = written.includes('/') ? written : usualPaths[kind];
    const text = document.getText();
    const base = { id: this.#nextId++, document, path, settings };
    if (text.length > maxLength) return { ...base, context: undefined, lint: () => undefined };
    const tree = isFile(document.uri) ? this.#fileTree(touched) : mapTree({ [path]: text }, false);
    const input = { path, text, tree, version: judgedVersion(settings.containerdVersion) };
    const context = contextOf(kind, input);
    const isMarked = isFile(document.uri) && !text.startsWith(byteOrderMark) && beginsWithMark(path);
    const check = () =>
      isMarked ? withoutMark(lintContext(contextOf(kind, { ...input, text: byteOrderMark + text }))) : lintContext(context);
    let linted: LintResult | undefined;
    return { ...base, context, lint: () => (linted ??= check()) };
  }

  #fileTree(touched: Set<string>): ConfigTree {
    const texts = new Map(
      this.openDocuments()
        .filter(({ uri }) => isFile(uri))
        .map((document) => [pathOf(document.uri), document]),
    );
    return trackedTree(fsTree(), (path) => texts.get(path)?.getText(), touched);
  }
}
