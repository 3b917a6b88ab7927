import {
  DocumentDiagnosticReportKind,
  type CancellationToken,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { diagnosticsOf } from '../diagnostics';
import { stopIfCancelled, turn, type Session } from '../session';
import type { FoundFile } from '../workspaceFiles';

/** workspace/diagnostic: files of containerd in the folders of the workspace, opened or not. What is gone is reported empty once. */
export function workspaceDiagnostic(session: Session) {
  return ({ previousResultIds }: WorkspaceDiagnosticParams, token: CancellationToken): Promise<WorkspaceDiagnosticReport> =>
    session.guarded('workspace/diagnostic', { items: [] }, async () => {
      const files = await session.workspace.files(token);
      const known = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
      const items: WorkspaceDocumentDiagnosticReport[] = [];
      for (const file of files) {
        await turn();
        stopIfCancelled(token);
        const report = await reportOf(file, known.get(file.uri), session);
        if (report) items.push(report);
      }
      stopIfCancelled(token);
      const reported = new Set(items.map(({ uri }) => uri));
      return { items: [...items, ...previousResultIds.filter(({ uri }) => !reported.has(uri)).map(({ uri }) => gone(uri, session))] };
    });
}

async function reportOf(
  file: FoundFile,
  previous: string | undefined,
  session: Session,
): Promise<WorkspaceDocumentDiagnosticReport | undefined> {
  const { uri } = file;
  const open = session.documents.get(uri);
  const analysis = await (open ? session.analysisOf(uri) : session.workspace.of(file));
  if (!analysis) return undefined;
  const version = open?.version ?? null;
  const resultId = `${open ? 'open' : 'file'}-${analysis.id}`;
  return previous === resultId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, uri, version, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, uri, version, resultId, items: diagnosticsOf(analysis, session.client) };
}

function gone(uri: string, { documents }: Session): WorkspaceDocumentDiagnosticReport {
  return { kind: DocumentDiagnosticReportKind.Full, uri, version: documents.get(uri)?.version ?? null, items: [] };
}
