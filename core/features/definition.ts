/** Where a value leads: a path to its file, the name of a runtime to its table. */
import type { DocumentContext } from '../rules/context';
import { contains, type TextRange } from '../text/ranges';
import { entryAt, nodeAtOffset } from '../toml/lookup';
import { documentLinks } from './documentLinks';

export type Definition =
  | { readonly inFile: true; readonly origin: TextRange; readonly range: TextRange }
  | { readonly inFile: false; readonly origin: TextRange; readonly path: string };

export function definition(context: DocumentContext, offset: number): Definition | undefined {
  const link = documentLinks(context).find(({ range, isFolder }) => !isFolder && contains(range, offset));
  if (link) return { inFile: false, origin: link.range, path: link.path };
  return context.kind === 'config' ? runtimeTable(context, offset) : undefined;
}

/** `containerd.default_runtime_name` names a table of `containerd.runtimes` beside it. */
function runtimeTable({ config }: Extract<DocumentContext, { kind: 'config' }>, offset: number): Definition | undefined {
  const { document } = config.parsed;
  const { where, path, value } = nodeAtOffset(document, offset);
  if (where !== 'value' || path.at(-1) !== 'default_runtime_name' || value?.kind !== 'string') return undefined;
  const entry = entryAt(document.root, [...path.slice(0, -1), 'runtimes', value.value]);
  return entry && { inFile: true, origin: value.range, range: entry.key.range };
}
