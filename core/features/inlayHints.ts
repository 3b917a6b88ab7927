/** What cannot be read off a hosts.toml at once: where requests really go, in which order, and that the image's own registry comes last. */
import type { HostEntry } from '../hosts/hostsFile';
import type { DocumentContext } from '../rules/context';
import type { HostsContext } from '../rules/rule';
import { catalogOf, message, type Message } from '../text/message';
import type { TomlDocument } from '../toml/document';
import { hostNamespace, upstreamUrl } from './hostNamespace';
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
  upstream: ', then {url}/…',
  'upstream-unknown': ', then the image’s own registry',
  'upstream-tooltip': 'Without `server` the image’s own registry is tried last.',
});

/** In file order. */
export function inlayHints(context: DocumentContext): readonly InlayHint[] {
  if (context.kind === 'config') return [];
  const { file, parsed } = context.hosts;
  const ends = hostHeaderEnds(parsed.document);
  const hints = file.entries.flatMap((entry, index) => {
    const hint = entryHint(
      entry,
      `${index + 1}`,
      file.entries.length,
      entry.name === undefined ? serverEnd(parsed.document) : ends.get(entry.name),
    );
    return hint ?? [];
  });
  return [...hints, ...upstreamHint(context.hosts, ends)].sort((a, b) => a.offset - b.offset);
}

function entryHint({ name, host }: HostEntry, number: string, count: number, offset: number | undefined): InlayHint | undefined {
  // Without an address it is the default host (ConfigureHosts), which upstreamHint speaks of, or a dead entry.
  if (offset === undefined || host.host === '') return undefined;
  const { capabilities } = host;
  // registry.go HostCapabilities: a tag is only asked of hosts that may both pull and resolve.
  const takesTags = name === undefined || (capabilities.includes('pull') && capabilities.includes('resolve'));
  const label = message(`inlay-hint/${takesTags ? 'host' : 'host-no-tags'}`, { number, count, url: urlOf({ host }) });
  return { offset, label, tooltip: message('inlay-hint/host-tooltip') };
}

/** Said behind the last `[host]` where the file has no `server`. */
function upstreamHint(context: HostsContext, ends: ReadonlyMap<string, number>): readonly InlayHint[] {
  const { entries } = context.file;
  const [lastNamed, last] = entries.slice(-2);
  const offset = lastNamed?.name === undefined ? undefined : ends.get(lastNamed.name);
  if (offset === undefined || last?.name !== undefined || last?.host.host !== '') return [];
  const namespace = hostNamespace(context);
  const url = namespace === undefined ? undefined : upstreamUrl(namespace, context);
  const label = url === undefined ? message('inlay-hint/upstream-unknown') : message('inlay-hint/upstream', { url });
  return [{ offset, label, tooltip: message('inlay-hint/upstream-tooltip') }];
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
