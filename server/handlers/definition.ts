import type { DefinitionParams, LocationLink } from 'vscode-languageserver';
import { definition as definitionAt } from '../../core/features/definition';
import { uriOf } from '../paths';
import { rangeIn } from '../ranges';
import type { Session } from '../session';

/** textDocument/definition */
export function definition(session: Session) {
  return session.about('textDocument/definition', null, ({ context, document }, { position }: DefinitionParams): LocationLink[] | null => {
    const found = context && definitionAt(context, document.offsetAt(position));
    if (!found) return null;
    const originSelectionRange = rangeIn(document, found.origin);
    if (found.inFile) {
      const range = rangeIn(document, found.range);
      return [{ originSelectionRange, targetUri: document.uri, targetRange: range, targetSelectionRange: range }];
    }
    const start = { line: 0, character: 0 };
    const range = { start, end: start };
    return found.paths.map((path) => ({
      originSelectionRange,
      targetUri: uriOf(path, document.uri),
      targetRange: range,
      targetSelectionRange: range,
    }));
  });
}
