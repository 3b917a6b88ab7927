import type { CodeLens } from 'vscode-languageserver';
import { codeLenses } from '../../core/features/codeLens';
import { nodeOf } from '../paths';
import { logCodeLenses } from '../logDocuments';
import { say } from '../say';
import type { Session } from '../session';

/** textDocument/codeLens */
export function codeLens(session: Session) {
  return session.about(
    'textDocument/codeLens',
    [],
    ({ context, document, lint }): CodeLens[] => {
      const linted = lint();
      if (!context || !linted) return [];
      const start = { line: 0, character: 0 };
      return codeLenses(context, linted).map(({ title, command }) => ({
        range: { start, end: start },
        // A command without an id is shown as plain text.
        command: { title: say(title), command: command?.id ?? '', ...(command && { arguments: ofNode(command.args, document.uri) }) },
      }));
    },
    logCodeLenses,
  );
}

/** What a command is told of a file: on a node, the node too. */
function ofNode(args: readonly unknown[], uri: string): unknown[] {
  const node = nodeOf(uri);
  return args.map((arg) => (node !== undefined && typeof arg === 'object' && arg !== null ? { ...arg, node } : arg));
}
