import type { Connection } from 'vscode-languageserver';
import { filesAroundChangedMethod } from '../core/nodeFiles';
import { codeAction } from './handlers/codeAction';
import { codeActionResolve } from './handlers/codeActionResolve';
import { codeLens } from './handlers/codeLens';
import { completion } from './handlers/completion';
import { definition } from './handlers/definition';
import { diagnostic } from './handlers/diagnostic';
import { didChangeConfiguration } from './handlers/didChangeConfiguration';
import { didChangeWatchedFiles } from './handlers/didChangeWatchedFiles';
import { documentEvents } from './handlers/documentEvents';
import { filesAroundChanged } from './handlers/filesAroundChanged';
import { documentLink } from './handlers/documentLink';
import { documentSymbol } from './handlers/documentSymbol';
import { foldingRange } from './handlers/foldingRange';
import { hover } from './handlers/hover';
import { initialize, initialized } from './handlers/initialize';
import { inlayHint } from './handlers/inlayHint';
import { workspaceDiagnostic } from './handlers/workspaceDiagnostic';
import { Session } from './session';

/** Gives every method its handler and starts to listen. */
export function serve(connection: Connection): void {
  const session = new Session(connection);
  connection.onInitialize(initialize(session));
  connection.onInitialized(initialized(session));
  const revisit = documentEvents(session);
  connection.onDidChangeConfiguration(didChangeConfiguration(session, revisit));
  connection.onDidChangeWatchedFiles(didChangeWatchedFiles(session, revisit));
  connection.onNotification(filesAroundChangedMethod, filesAroundChanged(session));
  connection.languages.diagnostics.on(diagnostic(session));
  connection.languages.diagnostics.onWorkspace(workspaceDiagnostic(session));
  connection.languages.inlayHint.on(inlayHint(session));
  connection.onHover(hover(session));
  connection.onDocumentLinks(documentLink(session));
  connection.onCodeAction(codeAction(session));
  connection.onCodeActionResolve(codeActionResolve(session));
  connection.onDocumentSymbol(documentSymbol(session));
  connection.onFoldingRanges(foldingRange(session));
  connection.onCompletion(completion(session));
  connection.onCodeLens(codeLens(session));
  connection.onDefinition(definition(session));
  session.documents.listen(connection);
  connection.listen();
}
