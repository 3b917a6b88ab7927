import type { DocumentLink } from 'vscode-languageserver';
import { documentLinks } from '../../core/features/documentLinks';
import { uriOf } from '../paths';
import { rangeIn } from '../ranges';
import { say } from '../say';
import type { Session } from '../session';

/** textDocument/documentLink */
export function documentLink(session: Session) {
  return session.about('textDocument/documentLink', [], ({ context, document }): DocumentLink[] =>
    (context ? documentLinks(context) : []).map(({ range, path, tooltip }) => ({
      range: rangeIn(document, range),
      target: uriOf(path, document.uri),
      tooltip: say(tooltip),
    })),
  );
}
