/** One link of an error chain: `failed to resolve reference "…"`. Offsets in the normalized text. */
export interface Clause {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits what Go's `fmt.Errorf("…: %w", err)` joined, outermost first. `: ` inside quotes, URLs and brackets does not split; a bracket or
 * quote that is never closed (a cut-off text) is taken as an ordinary character. One pass with the closing positions known beforehand.
 */
export function splitClauses(text: string, from: number, to: number): readonly Clause[] {
  const closing = closingPositions(text, from, to);
  const clauses: Clause[] = [];
  let start = from;
  let i = from;
  while (i < to) {
    const close = closing.get(i);
    if (close !== undefined) {
      i = close + 1;
      continue;
    }
    if (text[i] === '\n' || (text[i] === ':' && (text[i + 1] === ' ' || i + 1 === to))) {
      push(clauses, text, start, i);
      start = text[i] === '\n' ? i + 1 : i + 2;
      i = start;
    } else i += 1;
  }
  push(clauses, text, start, to);
  return clauses;
}

function push(clauses: Clause[], text: string, start: number, end: number): void {
  if (text.slice(start, end).trim() !== '') clauses.push({ text: text.slice(start, end), start, end });
}

/** Where each opening quote or bracket closes. Quotes that hold whole messages (logfmt's `error="…"`) are not skipped. */
function closingPositions(text: string, from: number, to: number): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const brackets: number[] = [];
  let quote = -1;
  for (let i = from; i < to; i++) {
    const c = text[i];
    if (c === '"') {
      if (quote >= 0 && i - quote <= MAX_QUOTED) {
        closing.set(quote, i);
        quote = -1;
      } else if (!/[=]/.test(text[i - 1] ?? '')) quote = i;
    } else if (c === '\n') {
      quote = -1;
      brackets.length = 0;
    } else if (c === '(' || c === '[') brackets.push(i);
    else if (c === ')' || c === ']') {
      const open = brackets.pop();
      if (open !== undefined && i - open <= MAX_QUOTED) closing.set(open, i);
    }
  }
  return closing;
}

/** References, URLs and paths are shorter; a longer quotation is a message of its own. */
const MAX_QUOTED = 600;
