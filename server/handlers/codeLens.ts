import type { CodeLens } from 'vscode-languageserver';
import { codeLenses } from '../../core/features/codeLens';
import { say } from '../say';
import type { Session } from '../session';

/** textDocument/codeLens */
export function codeLens(session: Session) {
  return session.about('textDocument/codeLens', [], ({ context, lint }): CodeLens[] => {
    const linted = lint();
    if (!context || !linted) return [];
    const start = { line: 0, character: 0 };
    return codeLenses(context, linted).map(({ title, command }) => ({
      range: { start, end: start },
      // A command without an id is shown as plain text.
      command: { title: say(title), command: command?.id ?? '', ...(command && { arguments: [...command.args] }) },
    }));
  });
}
