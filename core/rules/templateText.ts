/** Files that another program fills in before containerd reads them, and their text without what is to be filled in. */
import { lineIndex } from '../text/lineIndex';
import type { TextRange } from '../text/ranges';
import { parse } from '../toml/parse';
import type { ConfigTree } from '../ports';

export interface Template {
  /** Of the same length and lines: an action inside a key or string is letters, a line that only an action makes TOML is blank. */
  readonly text: string;
  /** In file order; none reaches into another line. */
  readonly actions: readonly TextRange[];
  readonly lengths: ReadonlySet<number>;
  /** The name says that it is a template, so that nobody takes it for the file itself. */
  readonly named: boolean;
}

interface Readable {
  readonly path: string;
  readonly text: string;
  readonly tree: ConfigTree;
}

/** `hosts.toml.j2` and the like: the endings of Jinja, Go, ERB and Terraform templates. */
const templateEnding = /\.(?:tmpl|gotmpl|tpl|j2|jinja2?|erb|tftpl|template)$/;

/** The name of the file that is made of a template; other names as they are. */
export function withoutTemplateEnding(name: string): string {
  return name.replace(templateEnding, '');
}

/**
 * What stands for something else in the text. Undefined when there is nothing, or when the file stands where containerd reads it: on a
 * node, or in a folder of a machine that no project keeps its templates in.
 */
export function templateOf({ path, text, tree }: Readable): Template | undefined {
  const named = templateEnding.test(path);
  const isInPlace = tree.rooted || /^\/(?:etc|var|run|usr)\//.test(path);
  if (isInPlace && !named) return undefined;
  const actions = actionsIn(text);
  if (actions.length === 0) return undefined;
  const lengths = new Set(actions.map(({ start, end }) => end - start));
  const blanked = blankedLines(lettersFor(text, actions), actions);
  return { text: withoutRepeats(blanked, otherBranches(text, actions)), actions, lengths, named };
}

/** Which spans begin or end on a line with an action. */
export function besideActions({ text, actions }: Pick<Template, 'text' | 'actions'>): (range: TextRange) => boolean {
  const lines = lineIndex(text);
  const lineOf = (offset: number): number => lines.positionAt(offset).line;
  const withAction = new Set(actions.map(({ start }) => lineOf(start)));
  return ({ start, end }) => withAction.has(lineOf(start)) || withAction.has(lineOf(end));
}

/** What stands elsewhere may quote what was put in place of an action. */
export function withoutLetters(quoted: string, { lengths }: Template): string {
  return quoted.replaceAll(/x{2,}/g, (letters) => (lengths.has(letters.length) ? '…' : letters));
}

/** Go, Jinja, ERB and EJS actions, variables of a shell or Terraform, `@@NAME@@`, and the verbs of printf. */
const action =
  /\{\{[^{}\n]*\}\}|\{#[^#\n]*#\}|\{%[^%\n]*%\}|<%[^%\n]*%>|\$\{[^{}\n]*\}|@@?[A-Z][A-Z0-9_]+@@?|%(?:\[\d\])?[sdvq](?![0-9A-Za-z])/g;

function actionsIn(text: string): readonly TextRange[] {
  return Array.from(text.matchAll(action), ({ 0: written, index }) => ({ start: index, end: index + written.length }));
}

function lettersFor(text: string, actions: readonly TextRange[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of actions) {
    parts.push(text.slice(from, start), 'x'.repeat(end - start));
    from = end;
  }
  return parts.join('') + text.slice(from);
}

/** What stands between `else` and the next `else` or `end` of the same `if`, in file order. */
function otherBranches(text: string, actions: readonly TextRange[]): readonly TextRange[] {
  const open: (number | undefined)[] = [];
  const found: TextRange[] = [];
  for (const { start, end } of actions) {
    const written = text.slice(start, end);
    const word = /^(?:\{\{|\{%|<%)[-~\s]*([a-z]+)/.exec(written)?.[1] ?? '';
    const from = /^(?:end|el)/.test(word) ? open.pop() : undefined;
    if (from !== undefined) found.push({ start: from, end: start });
    if (/^(?:else|elif|elsif)$/.test(word)) open.push(end);
    else if (opening.has(word) || /\bdo\b[^%]*%>$/.test(written)) open.push(undefined);
  }
  return found.sort((a, b) => a.start - b.start);
}

const opening: ReadonlySet<string> = new Set([
  'if',
  'unless',
  'range',
  'with',
  'for',
  'block',
  'define',
  'raw',
  'macro',
  'filter',
  'call',
  'case',
]);

/** Only one branch of an `if` will be there: a later one that sets again what an earlier one has is left out. */
function withoutRepeats(text: string, branches: readonly TextRange[]): string {
  if (branches.length === 0) return text;
  const repeats = parse(text).errors.flatMap(({ code, range }) => (isRepeat.has(code) ? [range.start] : []));
  repeats.sort((a, b) => a - b);
  const parts: string[] = [];
  let from = 0;
  let next = 0;
  for (const { start, end } of branches) {
    while ((repeats[next] ?? end) < start) next++;
    if (start < from || (repeats[next] ?? end) >= end) continue;
    parts.push(text.slice(from, start), text.slice(start, end).replaceAll(/[^\r\n]/g, ' '));
    from = end;
  }
  return parts.join('') + text.slice(from);
}

const isRepeat: ReadonlySet<string> = new Set(['duplicate-key', 'duplicate-table']);

/** Lines that are no TOML with letters either: `{{ if … }}`, `key = {{ value }}`, a key once per branch of an `if`. */
function blankedLines(text: string, actions: readonly TextRange[]): string {
  const lines = lineIndex(text);
  const refused = parse(text).errors.map(({ range }) => range);
  const numbers = new Set(refused.filter(besideActions({ text, actions })).map(({ start }) => lines.positionAt(start).line));
  return text
    .split('\n')
    .map((line, i) => (numbers.has(i) ? line.replaceAll(/[^\r]/g, ' ') : line))
    .join('\n');
}
