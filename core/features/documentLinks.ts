/** Paths in a file as links to what they name on this machine. */
import type { DocumentContext } from '../rules/context';
import { catalogOf, message, type Message } from '../text/message';
import type { TextRange } from '../text/ranges';
import type { TomlString } from '../toml/document';
import { satisfies, type Version } from '../versions/versions';
import { contentRange, keyedValues, stringsIn, type KeyedValue } from './keys';

export interface DocumentLink {
  readonly range: TextRange;
  /** Absolute. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly tooltip: Message;
}

export const documentLinkTexts = catalogOf('document-link', {
  file: 'Open {path}',
  folder: 'Open the folder {path}',
});

export function documentLinks(context: DocumentContext): readonly DocumentLink[] {
  const { parsed, path, version } = context.kind === 'hosts' ? context.hosts : context.config;
  const pathsOf = context.kind === 'hosts' ? hostsPaths : configPaths;
  return [...keyedValues(parsed.document)].flatMap((keyed) =>
    pathsOf(keyed, version).flatMap((string) => linksOf(parsed.document.text, string, keyed, folderOf(path))),
  );
}

/** parseHostConfig in core/remotes/docker/config/hosts.go: `ca` and `client`, relative to the folder of hosts.toml. */
function hostsPaths({ path, value }: KeyedValue): readonly TomlString[] {
  const ofEntry = path.length === 1 || (path.length === 3 && path[0] === 'host');
  const name = path.at(-1);
  return ofEntry && (name === 'ca' || name === 'client') ? stringsIn(value) : [];
}

/** Settings of config.toml that name a file or folder which a registry pull or the daemon's own TLS reads. */
const configPathKeys: ReadonlySet<string> = new Set([
  'ca_file',
  'cert_file',
  'key_file',
  'tcp_tls_ca',
  'tcp_tls_cert',
  'tcp_tls_key',
  'tls_ca',
  'tls_cert',
  'tls_key',
  'config_path',
  'conf_template',
]);

function configPaths({ path, value }: KeyedValue, version: Version): readonly TomlString[] {
  // go-toml v2, which 2.0 came with, compares key names without case.
  const written = path.at(-1) ?? '';
  const name = satisfies(version, '>=2.0.0') ? written.toLowerCase() : written;
  if (name === 'imports' && path.length === 1) return stringsIn(value);
  const strings = configPathKeys.has(name) && path.length > 1 ? stringsIn(value) : [];
  return strings.filter((string) => string.value.startsWith('/'));
}

function linksOf(text: string, string: TomlString, { path: keyPath }: KeyedValue, folder: string): readonly DocumentLink[] {
  const content = contentRange(text, string);
  if (!content || string.value === '') return [];
  const isList = keyPath.at(-1)?.toLowerCase() === 'config_path';
  const parts = isList ? listParts(string.value) : [{ text: string.value, offset: 0 }];
  return parts.map((part) => {
    const start = content.start + part.offset;
    const { path, isFolder } = target(part.text, folder, isList);
    return {
      range: { start, end: start + part.text.length },
      path,
      isFolder,
      tooltip: message(`document-link/${isFolder ? 'folder' : 'file'}`, { path }),
    };
  });
}

/** filepath.SplitList as it is on Linux. */
function listParts(value: string): readonly { readonly text: string; readonly offset: number }[] {
  return [...value.matchAll(/[^:]+/g)].map((match) => ({ text: match[0], offset: match.index }));
}

/** A pattern leads to the folder above its first `*`. */
function target(written: string, folder: string, isFolder: boolean): { readonly path: string; readonly isFolder: boolean } {
  const pattern = /[*?[]/.exec(written);
  const fixed = pattern ? written.slice(0, written.lastIndexOf('/', pattern.index) + 1) : written;
  return { path: resolved(folder, fixed), isFolder: isFolder || pattern !== null };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** filepath.Join of the folder and the path, or the path alone when it is absolute. */
function resolved(folder: string, path: string): string {
  const seen: string[] = [];
  for (const segment of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (segment === '..') seen.pop();
    else if (segment !== '' && segment !== '.') seen.push(segment);
  }
  return `/${seen.join('/')}`;
}
