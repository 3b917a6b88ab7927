import { MarkupKind, type Hover, type HoverParams } from 'vscode-languageserver';
import { hover as hoverAt } from '../../core/features/hover';
import { logHover } from '../logDocuments';
import { rangeIn } from '../ranges';
import { say } from '../say';
import type { Session } from '../session';

/** textDocument/hover */
export function hover(session: Session) {
  return session.about(
    'textDocument/hover',
    null,
    ({ context, document }, { position }: HoverParams): Hover | null => {
      const found = context && hoverAt(context, document.offsetAt(position));
      if (!found) return null;
      const markdown = found.paragraphs.map(say).join('\n\n');
      const contents = session.client.takesMarkdown
        ? { kind: MarkupKind.Markdown, value: markdown }
        : { kind: MarkupKind.PlainText, value: markdown.replace(/[`*]/g, '') };
      return { contents, range: rangeIn(document, found.range) };
    },
    (log, { position }) => logHover(log, position, session.client),
  );
}
