import type { HostsContext } from '../rules/rule';
import { hostsKeysOf, type HostsKey } from '../schema/hostsKeys';
import { message } from '../text/message';
import { printString, type TomlNode } from '../toml/lookup';
import { satisfies } from '../versions/versions';
import type { Completion } from './completionItem';
import { nameOf } from './keys';
import { escapeSnippet } from './snippets';

/** Without the brackets around it. */
export function hostsHeaders({ parsed }: HostsContext): readonly Completion[] {
  const hosts = [...new Set(parsed.document.headers.flatMap(({ path }) => (path[0]?.name === 'host' && path[1] ? [path[1].name] : [])))];
  return [
    table('host."https://…"', 'host."https://${1:mirror.example.com}"', true),
    ...hosts.map((host) => table(`host.${printString(host)}.header`, `host.${printString(host)}.header`, false)),
    table('header', 'header', false),
  ];
}

export function hostsKeyItems({ parsed, version }: HostsContext, { header, path }: TomlNode, typed: string): readonly Completion[] {
  const above = (header?.path ?? []).map(nameOf);
  const inHost = above[0] === 'host' && above.length === 2;
  const newHost = {
    ...table('[host."https://…"]', '[host."https://${1:mirror.example.com}"]\n  capabilities = ["pull", "resolve"]', true),
  };
  if (above.length > 0 && !inHost) return [newHost];
  const written = (header?.table ?? parsed.document.root).entries;
  const keys = hostsKeysOf(version).filter(
    ({ name, where, types }) =>
      where !== (inHost ? 'top' : 'host') && !types.includes('table') && (name === typed || !written.has(name) || path.at(-1) === name),
  );
  return [...keys.map(keyItem), newHost];
}

export function hostsValues({ version, tree, path: file }: HostsContext, path: readonly string[]): readonly Completion[] {
  const inEntry = path[0] === 'host' ? path.slice(2) : path;
  const key = inEntry.length === 1 ? hostsKeysOf(version).find(({ name }) => name === inEntry[0]) : undefined;
  if (!key) return [];
  if (key.types.includes('bool')) return ['true', 'false'].map((text) => plainValue(text, key.doc));
  if (key.values)
    return key.values.filter(({ releases }) => satisfies(version, releases)).map(({ value, doc }) => plainValue(printString(value), doc));
  if (key.name === 'ca' || key.name === 'client')
    return (tree.list(file.slice(0, file.lastIndexOf('/'))) ?? []).filter(isPem).map((name) => plainValue(printString(name), key.doc));
  return [];
}

function isPem(name: string): boolean {
  return /\.(?:crt|cert|pem|key|cer)$/.test(name);
}

function keyItem(key: HostsKey): Completion {
  const doc = [
    message('completion/doc', { doc: key.doc }),
    ...(key.default === undefined ? [] : [message('completion/default', { default: key.default })]),
  ];
  return { label: key.name, kind: 'key', text: `${key.name} = ${placeholder(key)}`, isSnippet: true, doc };
}

function placeholder({ name, types, example, values }: HostsKey): string {
  if (types.includes('bool')) return '${1:true}';
  if (values) return '[$1]';
  const shown = example.startsWith(`${name} = `) ? example.slice(name.length + 3) : '""';
  const quoted = /^"([^"]*)"$/.exec(shown)?.[1];
  return quoted === undefined ? `\${1:${escapeSnippet(shown)}}` : `"\${1:${escapeSnippet(quoted)}}"`;
}

function table(label: string, text: string, isSnippet: boolean): Completion {
  return { label, kind: 'table', text, isSnippet, doc: [] };
}

function plainValue(text: string, doc: string): Completion {
  return { label: text, kind: 'value', text, isSnippet: false, doc: [message('completion/doc', { doc })] };
}
