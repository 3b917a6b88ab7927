import { CodeLensRefreshRequest } from 'vscode-languageserver';
import { originOf, pathOf } from '../paths';
import type { Session } from '../session';
import { publishDiagnostics } from './publishDiagnostics';

/** Looks at open documents again after something other than their own text has changed; `uris` undefined: at all of them. */
export type Revisit = (uris?: readonly string[]) => void;

const refreshMs = 200;

/** textDocument/didOpen, didChange, didSave and didClose: which analyses fall, and what a client has to be told. */
export function documentEvents(session: Session): Revisit {
  const { documents, analyses } = session;
  const publisher = publishDiagnostics(session);
  const refresh = refresher(session);
  const pushes = () => !session.client.pullsDiagnostics;

  const revisit: Revisit = (uris) => {
    if (uris?.length === 0) return;
    if (pushes()) for (const uri of uris ?? documents.keys()) publisher.changed(uri);
    refresh();
  };

  session.revisitOrigin = (origin) => {
    const beside = documents.keys().filter((uri) => originOf(uri) === origin);
    for (const uri of beside) analyses.forget(uri);
    revisit(beside);
  };

  // Told of openings, too.
  documents.onDidChangeContent(({ document: { uri } }) => {
    if (pushes()) publisher.changed(uri);
    session.workspace.changed(pathOf(uri));
    revisit(analyses.forgetReadersOf(pathOf(uri)).filter((reader) => reader !== uri));
  });
  documents.onDidSave(({ document: { uri } }) => {
    session.filesAround.forget(uri);
    // A person who saves may have changed certificates, too, where nothing watches.
    analyses.forgetAll();
    session.workspace.forgetAll();
  });
  documents.onDidClose(({ document: { uri } }) => {
    session.settings.forget(uri);
    session.judgedVersions.forget(uri);
    analyses.forget(uri);
    session.workspace.changed(pathOf(uri));
    if (pushes()) publisher.closed(uri);
    revisit(analyses.forgetReadersOf(pathOf(uri)));
  });
  return revisit;
}

/** Asks the client to pull again, once for changes that come together. A client that cannot just keeps what it has until the next edit. */
function refresher(session: Session): () => void {
  let timer: NodeJS.Timeout | undefined;
  const ignore = () => undefined;
  const ask = () => {
    const { client, connection } = session;
    if (client.refreshesDiagnostics) connection.languages.diagnostics.refresh().catch(ignore);
    if (client.refreshesInlayHints) connection.languages.inlayHint.refresh().catch(ignore);
    if (client.refreshesCodeLenses) connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore);
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(ask, refreshMs);
  };
}
