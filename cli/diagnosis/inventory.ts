/** `--nodes FILE`: destinations one a line, or an Ansible inventory. Of an inventory only the hosts are taken, no variable is run. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CallError } from '../command';
import { reasonOf } from './bundle';

const maxNodes = 100_000;

export function fleetNodes(file: string | undefined, cwd: string): readonly string[] {
  if (file === undefined) return [];
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new CallError(`--nodes ${file}: ${reasonOf(error)}`);
  }
  if (/[\0\ufffd]/.test(text)) throw new CallError(`--nodes ${file}: it is no text; one destination a line, or an Ansible inventory`);
  const nodes = [...new Set(nodesOf(text))];
  if (nodes.length === 0) throw new CallError(`--nodes ${file}: it names no node`);
  if (nodes.length > maxNodes)
    throw new CallError(`--nodes ${file}: it names ${nodes.length} nodes; for so many see collect --print-script`);
  return nodes;
}

export function nodesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.some((line) => /^\s*\[[^\]]+\]\s*$/.test(line))) return ofIni(lines);
  const keys = lines.map((line) => yamlLine(line)?.key);
  if (keys.includes('hosts') || keys.includes('children')) return ofYaml(lines);
  return lines.map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter((line) => line !== '');
}

/** `[group:vars]` holds no hosts, `[group:children]` names groups. `ansible_host=` is where a host is reached. */
function ofIni(lines: readonly string[]): readonly string[] {
  const nodes: string[] = [];
  let isHosts = true;
  for (const raw of lines) {
    const line = raw.replace(/(?:^|\s)[#;].*$/, '').trim();
    const section = /^\[([^\]]+)\]$/.exec(line)?.[1];
    if (section !== undefined) isHosts = !/:(?:vars|children)$/.test(section);
    else if (line !== '' && isHosts) nodes.push(...iniHosts(line));
  }
  return nodes;
}

function iniHosts(line: string): readonly string[] {
  const [name = '', ...variables] = line.split(/\s+/);
  const of = (key: string): string | undefined =>
    variables
      .find((one) => one.startsWith(`${key}=`))
      ?.slice(key.length + 1)
      .replace(/^["']|["']$/g, '');
  const hosts = expanded(name);
  if (of('ansible_connection') === 'local') return ['local'];
  return hosts.map((host) => destination(of('ansible_host') ?? host, of('ansible_user') ?? of('ansible_ssh_user'), of('ansible_port')));
}

/** `web[01:20].example`: the range as Ansible writes it out. */
function expanded(name: string): readonly string[] {
  const match = /^([^[]*)\[(\d{1,6}):(\d{1,6})\](.*)$/.exec(name);
  if (!match) return [name];
  const [, head = '', from = '', to = '', tail = ''] = match;
  const count = Math.min(Number(to) - Number(from) + 1, maxNodes);
  return Array.from({ length: Math.max(0, count) }, (_, index) => String(Number(from) + index).padStart(from.length, '0')).flatMap(
    (number) => expanded(`${head}${number}${tail}`),
  );
}

/** Every key below a `hosts:`, by indentation; enough of YAML for an inventory. */
function ofYaml(lines: readonly string[]): readonly string[] {
  const nodes: { name: string; host?: string; user?: string; port?: string }[] = [];
  let hostsAt: number | undefined;
  let hostAt: number | undefined;
  for (const raw of lines) {
    const line = yamlLine(raw);
    if (!line) continue;
    const { at, key, value } = line;
    if (hostsAt !== undefined && at <= hostsAt) hostsAt = hostAt = undefined;
    if (hostsAt === undefined) {
      if (key === 'hosts') hostsAt = at;
      continue;
    }
    hostAt ??= at;
    const last = nodes.at(-1);
    if (at === hostAt) nodes.push({ name: key });
    else if (last && key === 'ansible_host') last.host = unquoted(value);
    else if (last && key === 'ansible_user') last.user = unquoted(value);
    else if (last && key === 'ansible_port') last.port = unquoted(value);
  }
  return nodes.flatMap(({ name, host, user, port }) => expanded(name).map((one) => destination(host ?? one, user, port)));
}

/** `key: value` with its indentation; comments are left out. */
function yamlLine(raw: string): { readonly at: number; readonly key: string; readonly value: string } | undefined {
  const comment = raw.search(/(?:^|\s)#/);
  const line = comment < 0 ? raw : raw.slice(0, comment);
  const at = line.length - line.trimStart().length;
  const colon = /:(?:\s|$)/.exec(line)?.index ?? -1;
  if (colon <= at) return undefined;
  return { at, key: unquoted(line.slice(at, colon)), value: line.slice(colon + 1) };
}

function unquoted(value: string): string {
  return value.trim().replace(/^["']|["']$/g, '');
}

function destination(host: string, user: string | undefined, port: string | undefined): string {
  const login = user === undefined || user === '' ? host : `${user}@${host}`;
  return port === undefined || port === '' ? login : `ssh://${login}:${port}`;
}
