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
    const start = { line: 0, character: 0 };
    const target = found.inFile
      ? { targetUri: document.uri, targetRange: rangeIn(document, found.range), targetSelectionRange: rangeIn(document, found.range) }
      : { targetUri: uriOf(found.path, document.uri), targetRange: { start, end: start }, targetSelectionRange: { start, end: start } };
    return [{ originSelectionRange: rangeIn(document, found.origin), ...target }];
  });
}
