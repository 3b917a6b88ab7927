import { diagnosticsOf } from '../diagnostics';
import { isLog, logDiagnostics } from '../logDocuments';
import type { Session } from '../session';

const quietMs = 150;

export interface Publisher {
  /** To be called for every version of a document, the first too. */
  changed(uri: string): void;
  closed(uri: string): void;
}

/**
 * Pushed diagnostics, for clients that do not pull: at once when a document opens, afterwards when typing pauses. One timer per document:
 * a newer edit takes the older one's place, and what is published is always of the newest text.
 */
export function publishDiagnostics(session: Session): Publisher {
  /** Open documents, with the timer where one runs. */
  const timers = new Map<string, NodeJS.Timeout | undefined>();

  const publish = (uri: string) =>
    session.guarded('textDocument/publishDiagnostics', undefined, async () => {
      const log = session.documents.get(uri);
      if (isLog(log)) {
        await session.connection.sendDiagnostics({ uri, version: log.version, diagnostics: logDiagnostics(log, session.client) });
        return;
      }
      const analysis = await session.analysisOf(uri);
      if (!analysis) return;
      const { version } = analysis.document;
      await session.connection.sendDiagnostics({ uri, version, diagnostics: diagnosticsOf(analysis, session.client) });
    });

  return {
    changed: (uri) => {
      const isFirst = !timers.has(uri);
      clearTimeout(timers.get(uri));
      timers.set(uri, isFirst ? undefined : setTimeout(() => void publish(uri), quietMs));
      if (isFirst) void publish(uri);
    },
    closed: (uri) => {
      clearTimeout(timers.get(uri));
      timers.delete(uri);
      void session.connection.sendDiagnostics({ uri, diagnostics: [] });
    },
  };
}
