/** What may be written at the cursor, in the judged release. Works on half-typed lines: the line decides, the tree says what is around it. */
import type { DocumentContext } from '../rules/context';
import type { TextRange } from '../text/ranges';
import { nodeAtOffset, type TomlNode } from '../toml/lookup';
import type { Completion } from './completionItem';
import { configHeaders, configKeys, configValues } from './configCompletion';
import { hostsHeaders, hostsKeyItems, hostsValues } from './hostsCompletion';
import { newHostsFile } from './newHostsFile';

export interface Completions {
  /** What the chosen text takes the place of; within one line. */
  readonly range: TextRange;
  readonly items: readonly Completion[];
}

const nothing: Completions = { range: { start: 0, end: 0 }, items: [] };

export function completion(context: DocumentContext, offset: number): Completions {
  const { document } = (context.kind === 'hosts' ? context.hosts : context.config).parsed;
  const node = nodeAtOffset(document, offset);
  if (node.where === 'comment') return nothing;
  const line = lineAround(document.text, offset);
  if (/^\s*\[/.test(line.before) && !node.assignment) return headerCompletions(context, line, offset);
  const value = valueAtCursor(node, line);
  return value ? valueCompletions(context, value, line, offset) : keyCompletions(context, node, line, offset);
}

interface Line {
  readonly before: string;
  readonly after: string;
}

function lineAround(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return { before: text.slice(start, offset), after: text.slice(offset, end < 0 ? text.length : end).replace(/\r$/, '') };
}

/** Inside the brackets of a header, up to the closing one; that is written along when it is missing. */
function headerCompletions(context: DocumentContext, { before, after }: Line, offset: number): Completions {
  const opening = /^\s*\[\[?/.exec(before)?.[0].length ?? 0;
  const rest = /^[^\]#]*/.exec(after)?.[0].trimEnd() ?? '';
  const closing = after.includes(']') ? '' : ']';
  const items = context.kind === 'hosts' ? hostsHeaders(context.hosts) : configHeaders(context.config);
  return {
    range: { start: offset - before.length + opening, end: offset + rest.length },
    items: items.map((item) => ({ ...item, text: item.text + closing })),
  };
}

interface ValueAtCursor {
  readonly path: readonly string[];
  /** The string under the cursor, with its quotes. */
  readonly range: TextRange | undefined;
}

function valueAtCursor(node: TomlNode, { before }: Line): ValueAtCursor | undefined {
  const isString = node.value?.kind === 'string';
  if (node.where === 'value') return { path: node.path, range: isString ? node.value.range : undefined };
  // `key = ` with nothing behind it yet may have left no value in the tree.
  const key = /^\s*([\w-]+)\s*=/.exec(before)?.[1];
  if (key === undefined) return undefined;
  return { path: [...(node.header?.path ?? []).map(({ name }) => name), key], range: undefined };
}

function valueCompletions(context: DocumentContext, { path, range }: ValueAtCursor, { before }: Line, offset: number): Completions {
  const items = context.kind === 'hosts' ? hostsValues(context.hosts, path) : configValues(context.config, path);
  const word = wordLength(before);
  // A string that runs on to other lines was never closed: only what stands before the cursor is replaced then.
  const onLine = range && range.start >= offset - before.length && !before.slice(0, -1).includes('\n');
  return { range: onLine ? clipped(range, context, offset) : { start: offset - word, end: offset }, items };
}

/** Characters before the cursor that belong to a half-typed value. */
function wordLength(before: string): number {
  let start = before.length;
  while (start > 0 && /["'\w./:-]/.test(before.charAt(start - 1))) start--;
  return before.length - start;
}

function clipped({ start, end }: TextRange, context: DocumentContext, offset: number): TextRange {
  const { text } = (context.kind === 'hosts' ? context.hosts : context.config).parsed.document;
  const lineEnd = text.indexOf('\n', offset);
  return { start, end: lineEnd < 0 ? end : Math.min(end, lineEnd) };
}

/** Keys of the table that the cursor is in; behind the key nothing is written when there is a `=` already. */
function keyCompletions(context: DocumentContext, node: TomlNode, { before, after }: Line, offset: number): Completions {
  const typed = /^\s*([\w-]*)$/.exec(before)?.[1];
  if (typed === undefined) return nothing;
  const rest = /^[\w-]*/.exec(after)?.[0] ?? '';
  const items =
    context.kind === 'hosts' ? hostsKeyItems(context.hosts, node, typed + rest) : configKeys(context.config, node, typed + rest);
  const files = context.kind === 'hosts' ? newHostsFile(context.hosts) : [];
  const hasValue = /^\s*=/.test(after.slice(rest.length));
  return {
    range: { start: offset - typed.length, end: offset + rest.length },
    items: hasValue
      ? items.filter(({ kind }) => kind === 'key').map((item) => ({ ...item, text: item.label, isSnippet: false }))
      : [...items, ...files],
  };
}
