import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  type InitializeParams,
  type InitializeResult,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { clientOf } from '../client';
import type { Session } from '../session';
import { settingsPrefix } from '../settings';
import { speakLanguageOf } from '../say';

export function initialize(session: Session) {
  return (params: InitializeParams): InitializeResult => {
    session.client = clientOf(params);
    speakLanguageOf(params.locale);
    session.workspace.setFolders(foldersOf(params));
    return { capabilities, serverInfo: { name: 'containerd-runbooks' } };
  };
}

/** A client that knows no folders may have one root. */
function foldersOf({ workspaceFolders, ...older }: InitializeParams): readonly string[] {
  const { rootUri } = older as { readonly rootUri?: string | null };
  return workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
}

export const capabilities: ServerCapabilities = {
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  // config.toml and the files it imports are judged together.
  diagnosticProvider: { identifier: 'containerd', interFileDependencies: true, workspaceDiagnostics: true },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  hoverProvider: true,
  documentLinkProvider: { resolveProvider: false },
  codeActionProvider: {
    codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, `${CodeActionKind.SourceFixAll}.containerd`],
    resolveProvider: true,
  },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  completionProvider: { triggerCharacters: ['[', '"', '.', '='], resolveProvider: false },
  codeLensProvider: { resolveProvider: false },
  inlayHintProvider: { resolveProvider: false },
  definitionProvider: true,
};

/** Files that other files' findings depend on: host namespaces with their certificates, config.toml and what it may import. */
const watched = ['**/certs.d/**', '**/hosts.toml', '**/config*.toml', '**/config*.toml.tmpl', '**/conf.d/*.toml'];

export function initialized(session: Session) {
  return (): void => {
    const { client, connection } = session;
    if (client.tellsFolders)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        session.workspace.changeFolders(
          added.map(({ uri }) => uri),
          removed.map(({ uri }) => uri),
        );
      });
    if (client.registersConfiguration)
      void connection.client.register(DidChangeConfigurationNotification.type, { section: settingsPrefix });
    if (client.registersWatchers)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: watched.map((globPattern) => ({ globPattern })),
      });
  };
}
