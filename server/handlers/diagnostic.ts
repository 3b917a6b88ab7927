import { DocumentDiagnosticReportKind, type DocumentDiagnosticParams, type DocumentDiagnosticReport } from 'vscode-languageserver';
import { diagnosticsOf } from '../diagnostics';
import { logDiagnostics } from '../logDocuments';
import type { Session } from '../session';

/** textDocument/diagnostic: answered at once. The result id names the analysis, so an unchanged document costs one comparison. */
export function diagnostic(session: Session) {
  const nothing: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };
  return session.about(
    'textDocument/diagnostic',
    nothing,
    (analysis, params: DocumentDiagnosticParams): DocumentDiagnosticReport => {
      const resultId = String(analysis.id);
      if (params.previousResultId === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items: diagnosticsOf(analysis, session.client) };
    },
    (log, { previousResultId }): DocumentDiagnosticReport => {
      const resultId = `log/${log.version}`;
      if (previousResultId === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items: logDiagnostics(log, session.client) };
    },
  );
}
