import type { CodeAction } from 'vscode-languageserver';
import { chosenMigration, type MigrationData } from '../migrations';
import { say } from '../say';
import type { Session } from '../session';

/**
 * codeAction/resolve: a person has chosen a migration that leaves something out. An editor shows its edits by file, without their
 * description, so what is left out is said in a message that stays beside them.
 */
export function codeActionResolve(session: Session) {
  return (action: CodeAction): Promise<CodeAction> =>
    session.guarded('codeAction/resolve', action, async () => {
      const { data } = action as { readonly data?: unknown };
      const analysis = isMigration(data) ? await session.analysisOf(data.uri) : undefined;
      const chosen = isMigration(data) && analysis ? chosenMigration(analysis, data, session.client) : undefined;
      if (!chosen) return action;
      void session.connection.window.showWarningMessage(chosen.notes, { title: say({ id: 'server/understood', args: {} }) });
      return { ...action, edit: chosen.edit };
    });
}

function isMigration(data: unknown): data is MigrationData {
  return typeof data === 'object' && data !== null && 'uri' in data && 'range' in data && 'migration' in data;
}
