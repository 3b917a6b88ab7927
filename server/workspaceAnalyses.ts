import { pathToFileURL, fileURLToPath } from 'node:url';
import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Analyses, type Analysis } from './analysis';
import { isFile } from './paths';
import type { SettingsOfDocuments } from './settingsOfDocuments';
import { scan, textOf, type FoundFile, type Scan } from './workspaceFiles';

/** Clients ask again every few seconds; the folders are looked through no more often than this. */
const listEveryMs = 5000;

interface Read {
  readonly document: TextDocument;
  readonly stamp: string;
}

/** The files of containerd in the workspace that nobody has opened, each analysed again only when it or what it looked at has changed. */
export class WorkspaceAnalyses {
  readonly #analyses: Analyses;
  readonly #read = new Map<string, Read>();
  #folders: readonly string[] = [];
  #scan: { readonly files: readonly FoundFile[]; readonly atMs: number } | undefined;

  constructor(
    openDocuments: () => readonly TextDocument[],
    private readonly settings: SettingsOfDocuments,
    private readonly onCut: (count: number) => void,
  ) {
    this.#analyses = new Analyses(openDocuments);
  }

  setFolders(uris: readonly string[]): void {
    this.#folders = uris.filter(isFile).map((uri) => fileURLToPath(uri));
    this.#scan = undefined;
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    const left = this.#folders.map((folder) => pathToFileURL(folder).href).filter((uri) => !removed.includes(uri));
    this.setFolders([...left, ...added]);
  }

  async files(token: CancellationToken): Promise<readonly FoundFile[]> {
    if (this.#scan && performance.now() - this.#scan.atMs < listEveryMs) return this.#scan.files;
    const found: Scan = await scan(this.#folders, token);
    if (token.isCancellationRequested) return found.files;
    if (found.isCut && this.#scan?.files.length !== found.files.length) this.onCut(found.files.length);
    const there = new Set(found.files.map(({ uri }) => uri));
    for (const uri of [...this.#read.keys()].filter((one) => !there.has(one))) this.#forget(uri);
    this.#scan = { files: found.files, atMs: performance.now() };
    return found.files;
  }

  async of({ uri, file, folder, stamp }: FoundFile): Promise<Analysis | undefined> {
    let read = this.#read.get(uri);
    if (read?.stamp !== stamp) {
      const text = await textOf(file);
      if (text === undefined) return undefined;
      read = { document: TextDocument.create(uri, '', 0, text), stamp };
      this.#read.set(uri, read);
    }
    return this.#analyses.of(read.document, await this.settings.of(pathToFileURL(folder).href));
  }

  /** The file at `path`, or one beside it, was changed, opened or closed. */
  changed(path: string): void {
    this.#scan = undefined;
    this.#analyses.forgetReadersOf(path);
  }

  forgetAll(): void {
    this.#scan = undefined;
    this.#analyses.forgetAll();
  }

  #forget(uri: string): void {
    this.#read.delete(uri);
    this.#analyses.forget(uri);
  }
}
