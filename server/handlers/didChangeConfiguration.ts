import type { DidChangeConfigurationParams } from 'vscode-languageserver';
import type { Session } from '../session';
import { settingsPrefix } from '../settings';
import type { Revisit } from './documentEvents';

/** workspace/didChangeConfiguration: every document is judged anew with settings asked for again. */
export function didChangeConfiguration(session: Session, revisit: Revisit) {
  return ({ settings }: DidChangeConfigurationParams): void => {
    const sections = settings as Readonly<Record<string, unknown>> | null | undefined;
    session.settings.changed(sections?.[settingsPrefix]);
    session.analyses.forgetAll();
    session.workspace.forgetAll();
    revisit();
  };
}
