import type { CancellationToken, Connection } from 'vscode-languageserver';
import { LSPErrorCodes, ResponseError, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Analyses, type Analysis } from './analysis';
import type { Client } from './client';
import { clientOf } from './client';
import { FilesAroundDocuments } from './filesAround';
import { isLog } from './logDocuments';
import { JudgedVersions } from './judgedVersions';
import { SettingsOfDocuments } from './settingsOfDocuments';
import { WorkspaceAnalyses } from './workspaceAnalyses';

/** One client's connection from initialize to exit, and what the handlers share while it lasts. */
export class Session {
  readonly documents = new TextDocuments(TextDocument);
  readonly analyses = new Analyses(() => this.documents.all());
  readonly settings: SettingsOfDocuments;
  readonly judgedVersions: JudgedVersions;
  readonly workspace: WorkspaceAnalyses;
  readonly filesAround: FilesAroundDocuments;
  /** Looks again at the open documents of one machine: what is around them has come, or changed. Set by documentEvents. */
  revisitOrigin: (origin: string) => void = () => undefined;
  client: Client = clientOf({ capabilities: {} });

  constructor(readonly connection: Connection) {
    this.settings = new SettingsOfDocuments(connection, () => this.client);
    const cut = (count: number) => {
      connection.console.info(`workspace/diagnostic: the workspace is large, only the first ${count} files of containerd are checked`);
    };
    this.workspace = new WorkspaceAnalyses(() => this.documents.all(), this.settings, cut);
    this.judgedVersions = new JudgedVersions(connection, () => this.client);
    this.filesAround = new FilesAroundDocuments(
      connection,
      () => this.client,
      (origin) => this.revisitOrigin(origin),
    );
  }

  /** What is known of an open document as it is now; undefined when it is closed or none of our kinds. */
  async analysisOf(uri: string): Promise<Analysis | undefined> {
    const document = this.documents.get(uri);
    if (!document) return undefined;
    const [settings, around] = await Promise.all([this.settings.of(uri), this.filesAround.of(uri)]);
    // It may have been edited or closed while the settings came: always the newest text is analysed, an older one never.
    const newest = this.documents.get(uri);
    const analysis = newest && this.analyses.of(newest, settings, around);
    if (analysis) this.judgedVersions.tell(uri, analysis.judged);
    return analysis;
  }

  /** Runs a handler's work so that nothing it throws reaches the client but a line in its log; `empty` is answered instead. */
  async guarded<R>(method: string, empty: R, work: () => R | Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      this.connection.console.error(`${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return empty;
    }
  }

  /**
   * A request about one document as a handler: waits a turn, so that edits and cancellations that came in behind it are seen first, and
   * gives the work the analysis of the newest text.
   */
  about<P extends { readonly textDocument: { readonly uri: string } }, R>(
    method: string,
    empty: R,
    work: (analysis: Analysis, params: P) => R,
    ofLog: (log: TextDocument, params: P) => R = () => empty,
  ): (params: P, token: CancellationToken) => Promise<R> {
    return (params, token) =>
      this.guarded(method, empty, async () => {
        await turn();
        stopIfCancelled(token);
        const log = this.documents.get(params.textDocument.uri);
        if (isLog(log)) return ofLog(log, params);
        const analysis = await this.analysisOf(params.textDocument.uri);
        stopIfCancelled(token);
        return analysis ? work(analysis, params) : empty;
      });
  }
}

export function stopIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}

/** Lets messages that are already there be read first. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
