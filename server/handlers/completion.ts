import { CompletionItemKind, InsertTextFormat, MarkupKind, type CompletionItem, type CompletionParams } from 'vscode-languageserver';
import { completion as completionsAt } from '../../core/features/completion';
import type { Completion } from '../../core/features/completionItem';
import { withoutPlaceholders } from '../../core/features/snippets';
import { rangeIn } from '../ranges';
import { say } from '../say';
import type { Session } from '../session';

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  table: CompletionItemKind.Module,
  value: CompletionItemKind.Value,
  file: CompletionItemKind.Snippet,
};

/** textDocument/completion */
export function completion(session: Session) {
  return session.about('textDocument/completion', [], ({ context, document }, { position }: CompletionParams): CompletionItem[] => {
    if (!context) return [];
    const { range, items } = completionsAt(context, document.offsetAt(position));
    const replaced = rangeIn(document, range);
    const { takesSnippets } = session.client;
    return items.map(({ label, kind, text, isSnippet, doc }, index) => ({
      label,
      kind: kinds[kind],
      sortText: String(index).padStart(4, '0'),
      filterText: label,
      insertTextFormat: isSnippet && takesSnippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      textEdit: { range: replaced, newText: isSnippet && !takesSnippets ? withoutPlaceholders(text) : text },
      ...(doc.length > 0 && { documentation: { kind: MarkupKind.Markdown, value: doc.map(say).join('\n\n') } }),
    }));
  });
}
