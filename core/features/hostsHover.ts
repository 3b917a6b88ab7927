import type { HostEntry } from '../hosts/hostsFile';
import type { HostsContext } from '../rules/rule';
import { hostsKeys, type HostsKey } from '../schema/hostsKeys';
import { catalogOf, message, type Message } from '../text/message';
import type { TomlNode } from '../toml/lookup';
import { releasesMessage } from './releases';

export const hostsHoverTexts = catalogOf('hosts-hover', {
  key: '`{key}` · {types}',
  'key-default': '`{key}` · {types} · default `{default}`',
  capability: '`{value}`: {doc}',
  host: 'Tried as number {number} of {count}: requests go to `{url}/<repository>/…`.',
  'host-unused': 'containerd makes no host of this entry.',
  asked: 'Asked for: {capabilities}.',
  unverified: 'Its certificate is not verified.',
  'https-first': 'https is tried before http, because the entry has TLS settings.',
  header: 'The HTTP header `{name}`, sent with every manifest and blob request to this host.',
  doc: '{doc}',
  example: '```toml\n{example}\n```',
});

/** The keys of parseHostConfig in core/remotes/docker/config/hosts.go, and what a whole `[host."URL"]` comes to. */
export function hostsHover(context: HostsContext, node: TomlNode): readonly Message[] {
  const { path } = node;
  if (node.where !== 'value' && path[0] === 'host' && path.length === 2) return hostHover(context, path[1] ?? '');
  const inEntry = path[0] === 'host' && path.length > 2 ? path.slice(2) : path;
  const [name, header] = inEntry;
  const key = hostsKeys.find((known) => known.name === name && (known.where !== 'top' || path.length === 1));
  if (!key) return [];
  if (name === 'header' && header !== undefined) return [message('hosts-hover/header', { name: header })];
  const value = node.where === 'value' && node.value?.kind === 'string' ? node.value.value : undefined;
  return (value === undefined ? undefined : valueHover(key, value)) ?? keyHover(key);
}

function keyHover(key: HostsKey): readonly Message[] {
  const types = key.types.map((type) => typeNames[type]).join(', ');
  const head =
    key.default === undefined
      ? message('hosts-hover/key', { key: key.name, types })
      : message('hosts-hover/key-default', { key: key.name, types, default: key.default });
  const since = releasesMessage(key.releases);
  return [
    head,
    message('hosts-hover/doc', { doc: key.doc }),
    ...(since ? [since] : []),
    message('hosts-hover/example', { example: key.example }),
  ];
}

const typeNames: Readonly<Record<HostsKey['types'][number], string>> = {
  string: 'string',
  bool: 'boolean',
  table: 'table',
  array: 'array',
};

/** parseHostConfig lowers the case of capabilities before it compares them. */
function valueHover(key: HostsKey, written: string): readonly Message[] | undefined {
  const known = key.values?.find(({ value }) => value === written.toLowerCase());
  if (!known) return undefined;
  const since = releasesMessage(known.releases);
  return [message('hosts-hover/capability', { value: known.value, doc: known.doc }), ...(since ? [since] : [])];
}

function hostHover({ file }: HostsContext, name: string): readonly Message[] {
  const number = file.entries.findIndex((entry) => entry.name === name) + 1;
  const entry = file.entries[number - 1];
  if (!entry || entry.host.host === '') return [message('hosts-hover/host-unused')];
  return [message('hosts-hover/host', { number, count: file.entries.length, url: urlOf(entry) }), ...traits(entry)];
}

function traits({ host }: HostEntry): readonly Message[] {
  const said = [message('hosts-hover/asked', { capabilities: host.capabilities.join(', ') })];
  if (host.skipVerify === true && host.scheme === 'https') said.push(message('hosts-hover/unverified'));
  if (host.tryHttpsFirst) said.push(message('hosts-hover/https-first'));
  return said;
}

/** Where requests to an entry begin: the repository comes behind it. */
export function urlOf({ host }: Pick<HostEntry, 'host'>): string {
  return `${host.scheme}://${host.host}${host.path === '/' ? '' : host.path}`;
}
