/** Where a value leads: a path to its file, the name of a runtime to its table. */
import type { DocumentContext } from '../rules/context';
import { contains, type TextRange } from '../text/ranges';
import { entryAt, nodeAtOffset } from '../toml/lookup';
import { documentLinks } from './documentLinks';
import { placeBeside } from './migration';

export type Definition =
  | { readonly inFile: true; readonly origin: TextRange; readonly range: TextRange }
  | { readonly inFile: false; readonly origin: TextRange; readonly paths: readonly string[] };

export function definition(context: DocumentContext, offset: number): Definition | undefined {
  const link = documentLinks(context).find(({ range }) => contains(range, offset));
  const paths = link ? (link.isFolder ? filesBelow(context, link.path) : [link.path]) : [];
  if (link && paths.length > 0) return { inFile: false, origin: link.range, paths };
  return context.kind === 'config' ? runtimeTable(context, offset) : undefined;
}

/** What containerd reads of a folder that is named: the drop-ins of `imports`, the hosts.toml files of `config_path`. */
function filesBelow(context: DocumentContext, named: string): readonly string[] {
  const { tree, path } = context.kind === 'hosts' ? context.hosts : context.config;
  const folder = [named, placeBeside(path, named)].find((one) => one !== undefined && tree.stat(one) === 'directory') ?? named;
  return (tree.list(folder) ?? [])
    .flatMap((name) => [`${folder}/${name}`, `${folder}/${name}/hosts.toml`])
    .filter((file) => file.endsWith('.toml') && tree.stat(file) === 'file');
}

/** `containerd.default_runtime_name` names a table of `containerd.runtimes` beside it. */
function runtimeTable({ config }: Extract<DocumentContext, { kind: 'config' }>, offset: number): Definition | undefined {
  const { document } = config.parsed;
  const { where, path, value } = nodeAtOffset(document, offset);
  if (where !== 'value' || path.at(-1) !== 'default_runtime_name' || value?.kind !== 'string') return undefined;
  const entry = entryAt(document.root, [...path.slice(0, -1), 'runtimes', value.value]);
  return entry && { inFile: true, origin: value.range, range: entry.key.range };
}
