/** What cannot be read off a hosts.toml at once: where requests really go, in which order, and that the image's own registry comes last. */
import type { HostEntry } from '../hosts/hostsFile';
import type { DocumentContext } from '../rules/context';
import type { HostsContext } from '../rules/rule';
import { catalogOf, message, type Message } from '../text/message';
import type { TomlDocument } from '../toml/document';
import { hostNamespace } from './hostNamespace';
import { urlOf } from './hostsHover';

export interface InlayHint {
  readonly offset: number;
  readonly label: Message;
  readonly tooltip: Message;
}

export const inlayHintTexts = catalogOf('inlay-hint', {
  host: '{number} of {count}: {url}/…',
  'host-no-tags': '{number} of {count}: {url}/…, not asked for tags',
  'host-tooltip': 'The address that requests to this entry begin with, and when it is its turn.',
  'then-upstream': ', then {upstream}',
  'then-upstream-tooltip': 'Without `server` the image’s own registry is tried last.',
});

export function inlayHints(context: DocumentContext): readonly InlayHint[] {
  if (context.kind === 'config') return [];
  const { file, parsed } = context.hosts;
  const ends = hostHeaderEnds(parsed.document);
  const endOf = (name: string | undefined) => (name === undefined ? serverEnd(parsed.document) : ends.get(name));
  return [
    ...file.entries.flatMap((entry, index) => entryHint(entry, index, file.entries.length, endOf(entry.name))),
    ...upstreamHint(context.hosts, endOf),
  ];
}

function entryHint({ name, host }: HostEntry, index: number, count: number, offset: number | undefined): readonly InlayHint[] {
  if (offset === undefined) return [];
  const { capabilities } = host;
  // A tag is only asked of hosts that may both resolve and pull (registry.go: RegistryHosts are filtered in dockerResolver.Resolve).
  const key = name !== undefined && !(capabilities.includes('pull') && capabilities.includes('resolve')) ? 'host-no-tags' : 'host';
  const label = message(`inlay-hint/${key}`, { number: index + 1, count, url: urlOf({ host }) });
  return [{ offset, label, tooltip: message('inlay-hint/host-tooltip') }];
}

/** Said at the last entry. ConfigureHosts appends the default host where the top level has no `server`. */
function upstreamHint({ file, path }: HostsContext, endOf: (name: string) => number | undefined): readonly InlayHint[] {
  const last = file.entries.at(-1)?.name;
  const offset = last === undefined ? undefined : endOf(last);
  const upstream = hostNamespace(path)?.upstream;
  if (offset === undefined || upstream === undefined) return [];
  return [{ offset, label: message('inlay-hint/then-upstream', { upstream }), tooltip: message('inlay-hint/then-upstream-tooltip') }];
}

/** Host name → end of its first header. */
function hostHeaderEnds({ headers }: TomlDocument): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { path, range } of headers) {
    const [first, name] = path;
    if (first?.name === 'host' && name && !ends.has(name.name)) ends.set(name.name, range.end);
  }
  return ends;
}

function serverEnd({ assignments }: TomlDocument): number | undefined {
  return assignments.find(({ header, path }) => !header && path[0]?.name === 'server')?.range.end;
}
