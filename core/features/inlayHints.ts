/** What cannot be read off a hosts.toml at once: where requests really go, in which order, and that the image's own registry comes last. */
import type { HostEntry } from '../hosts/hostsFile';
import type { DocumentContext } from '../rules/context';
import type { HostsContext } from '../rules/rule';
import { catalogOf, message, type Message } from '../text/message';
import type { TomlHeader } from '../toml/document';
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
  const { entries } = context.hosts.file;
  return [...entries.flatMap((entry, index) => entryHint(context.hosts, entry, index)), ...upstreamHint(context.hosts)];
}

function entryHint({ parsed, file }: HostsContext, entry: HostEntry, index: number): readonly InlayHint[] {
  const { headers, assignments } = parsed.document;
  const at =
    entry.name === undefined
      ? assignments.find(({ header, path }) => !header && path[0]?.name === 'server')?.range.end
      : headers.find((header) => isHostHeader(header, entry.name))?.range.end;
  if (at === undefined) return [];
  const { capabilities } = entry.host;
  const key = capabilities.includes('pull') && capabilities.includes('resolve') ? 'host' : 'host-no-tags';
  const label = message(`inlay-hint/${key}`, { number: index + 1, count: file.entries.length, url: urlOf(entry) });
  return [{ offset: at, label, tooltip: message('inlay-hint/host-tooltip') }];
}

/** Said at the last entry. ConfigureHosts appends the default host where the top level has no `server`. */
function upstreamHint({ parsed, file, path }: HostsContext): readonly InlayHint[] {
  const last = file.entries.at(-1);
  if (last?.name === undefined) return [];
  const header = parsed.document.headers.find((candidate) => isHostHeader(candidate, last.name));
  const upstream = hostNamespace(path)?.upstream;
  if (!header || upstream === undefined) return [];
  return [
    {
      offset: header.range.end,
      label: message('inlay-hint/then-upstream', { upstream }),
      tooltip: message('inlay-hint/then-upstream-tooltip'),
    },
  ];
}

export function isHostHeader({ path }: TomlHeader, name: string | undefined): boolean {
  return path.length === 2 && path[0]?.name === 'host' && path[1]?.name === name;
}
