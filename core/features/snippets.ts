/** Text that stands for itself inside a placeholder of a snippet. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** What a snippet becomes where the client knows none: its placeholders filled with their own text. */
export function withoutPlaceholders(snippet: string): string {
  return snippet.replace(/\$\{\d+:((?:[^}\\]|\\.)*)\}|\$\d+/g, (_, text: string | undefined) => (text ?? '').replace(/\\(.)/g, '$1'));
}
