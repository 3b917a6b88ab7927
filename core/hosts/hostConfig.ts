/** hosts.go parseHostConfig: one table of the file as containerd keeps it, before any file that it names is opened. */
import { parseDuration } from '../go/duration';
import { pathClean, pathJoin } from '../go/path';
import { parseUrl } from '../go/url';
import { hostsKeys } from '../schema/hostsKeys';
import type { TextRange } from '../text/ranges';
import type { TomlValue } from '../toml/document';
import { tomlLibraryOf } from '../toml/goToml';
import { satisfies, type Version } from '../versions/versions';
import { goType, goValue } from './goValue';
import type { HostCapability, HostFields, HostsProblem } from './hostsFile';
import { libraryOf } from './library';

export interface HostConfig {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly capabilities: readonly HostCapability[];
  readonly skipVerify: boolean | undefined;
  /** An empty list counts as TLS settings, as a nil slice in Go does not. */
  readonly caCerts: readonly NamedFile[] | undefined;
  readonly clientPairs: readonly ClientPair[] | undefined;
  readonly header: Readonly<Record<string, readonly string[]>> | undefined;
  readonly dialTimeoutMs: number | undefined;
}

/** A file that the table names. `range` is where; undefined for one that was found in the folder. */
export interface NamedFile {
  readonly path: string;
  readonly range: TextRange | undefined;
  /** It was written as a path from the root, so it is meant for the machine that containerd runs on. */
  readonly absolute: boolean;
}

/** Without `key`, the certificate's file has to hold the key too. */
export interface ClientPair {
  readonly cert: NamedFile;
  readonly key: NamedFile | undefined;
}

export interface HostConfigContext {
  readonly version: Version;
  /** The folder of hosts.toml. */
  readonly baseDir: string;
}

/** Collects problems in the order in which containerd would meet them; it stops at the first. */
type Report = (problem: Omit<HostsProblem, 'effect'>) => void;

/** `url` is the name of a `[host]` table or the value of `server`; empty: the default host. */
export function parseHostConfig(
  url: { readonly text: string; readonly range: TextRange; readonly key: 'server' | 'host' },
  fields: HostFields,
  context: HostConfigContext,
): { readonly config: HostConfig; readonly problems: readonly HostsProblem[] } {
  const problems: HostsProblem[] = [];
  const report: Report = (problem) => problems.push({ ...problem, effect: 'dropped' });
  const address = parseAddress(url, booleanOf(fields, 'override_path') ?? false, report);
  const config: HostConfig = {
    ...address,
    skipVerify: booleanOf(fields, 'skip_verify'),
    capabilities: parseCapabilities(fields, context.version, report),
    caCerts: parseCa(fields, context, report),
    clientPairs: parseClient(fields, context, report),
    header: parseHeader(fields, report),
    dialTimeoutMs: parseDialTimeout(fields, report),
  };
  return { config, problems };
}

/** Every capability that a release knows, which is also what a missing or empty list means. */
export function allCapabilities(version: Version): readonly HostCapability[] {
  const known = hostsKeys.find(({ name }) => name === 'capabilities')?.values ?? [];
  return known.filter(({ releases }) => satisfies(version, releases)).map(({ value }) => value as HostCapability);
}

type Address = Pick<HostConfig, 'scheme' | 'host' | 'path'>;

/** Anything that does not start with `http` gets `https://` in front; the path is cleaned and ends in /v2 unless override_path is set. */
function parseAddress(
  url: { readonly text: string; readonly range: TextRange; readonly key: string },
  override: boolean,
  report: Report,
): Address {
  if (url.text === '') return { scheme: '', host: '', path: '' };
  const full = url.text.startsWith('http') ? url.text : `https://${url.text}`;
  const parsed = parseUrl(full);
  if (!parsed.ok) {
    const reason = parsed.error.slice(parsed.error.lastIndexOf('": ') + 3);
    report({
      code: 'bad-url',
      range: url.range,
      args: { key: url.key, url: url.text, reason },
      text: `unable to parse server ${full}: ${parsed.error}`,
    });
    return { scheme: '', host: '', path: '' };
  }
  const { scheme, host, plainPath: path } = parsed.url;
  if (path === '') return { scheme, host, path: override ? '' : '/v2' };
  const clean = pathClean(path);
  return { scheme, host, path: override || clean.endsWith('/v2') ? clean : `${clean}/v2` };
}

function parseCapabilities(fields: HostFields, version: Version, report: Report): readonly HostCapability[] {
  const all = allCapabilities(version);
  const value = fields.get('capabilities')?.value;
  if (value?.kind !== 'array' || value.items.length === 0) return all;
  const named = new Set<string>();
  for (const item of value.items) {
    if (item.kind !== 'string') continue;
    const name = item.value.toLowerCase();
    if (all.some((known) => known === name)) named.add(name);
    else
      report({
        code: 'unknown-capability',
        range: item.range,
        args: { value: item.value, known: all.join(', ') },
        text: `unknown capability ${item.value}`,
      });
  }
  return all.filter((capability) => named.has(capability));
}

function parseCa(fields: HostFields, context: HostConfigContext, report: Report): readonly NamedFile[] | undefined {
  const value = anyValue(fields, 'ca', context.version);
  if (!value) return undefined;
  if (value.kind === 'string') return [namedFile(value, context)];
  if (value.kind === 'array' && !isTables(value, context.version))
    return strings(value.items, 'ca', report).map((item) => namedFile(item, context));
  report(wrongType('ca', value, 'a string or a list of strings', printed('invalid type ', goValue(value), ' for "ca"')));
  return [];
}

function parseClient(fields: HostFields, context: HostConfigContext, report: Report): readonly ClientPair[] | undefined {
  const value = anyValue(fields, 'client', context.version);
  if (!value) return undefined;
  if (value.kind === 'string') return [{ cert: namedFile(value, context), key: undefined }];
  if (value.kind !== 'array' || isTables(value, context.version)) {
    report(wrongType('client', value, clientShape, printed('invalid type ', goValue(value), ' for "client"')));
    return [];
  }
  const pairs = value.items.flatMap((item) => parsePair(item, context, report));
  return pairs.length === 0 ? undefined : pairs;
}

const clientShape = 'a list of pairs, [["client.crt", "client.key"]], or one file that holds both';

function parsePair(item: TomlValue, context: HostConfigContext, report: Report): readonly ClientPair[] {
  if (item.kind === 'invalid') return [];
  if (item.kind === 'string') return [{ cert: namedFile(item, context), key: undefined }];
  if (item.kind !== 'array') {
    report(wrongType('client', item, clientShape, printed('invalid type ', goType(item), ' for "client"')));
    return [];
  }
  const [cert, key] = strings(item.items, 'client', report).map((one) => namedFile(one, context));
  if (item.items.length === 2) return cert && key ? [{ cert, key }] : [];
  if (item.items.every(({ kind }) => kind === 'string')) {
    const text = printed('invalid pair ', goValue(item), ' for "client"');
    report({ code: 'client-pair-size', range: item.range, args: { count: item.items.length }, ...text });
  }
  return [];
}

function parseHeader(fields: HostFields, report: Report): HostConfig['header'] {
  const value = fields.get('header')?.value;
  if (value?.kind !== 'table') return undefined;
  const header = new Map<string, readonly string[]>();
  for (const [name, entry] of value.entries) {
    if (entry.value.kind === 'string') header.set(name, [entry.value.value]);
    else if (entry.value.kind === 'array' && !entry.value.ofTables) {
      header.set(
        name,
        strings(entry.value.items, `header "${name}"`, report).map((item) => item.value),
      );
    } else if (entry.value.kind !== 'invalid') {
      const shown = { ...entry.value, range: entry.value.kind === 'table' ? entry.key.range : entry.value.range };
      report(
        wrongType(
          `header "${name}"`,
          shown,
          'a string or a list of strings',
          printed('invalid type ', goValue(entry.value), ` for header "${name}"`),
        ),
      );
    }
  }
  return Object.fromEntries(header);
}

function parseDialTimeout(fields: HostFields, report: Report): number | undefined {
  const value = fields.get('dial_timeout')?.value;
  if (value?.kind !== 'string' || value.value === '') return undefined;
  const parsed = parseDuration(value.value);
  if (parsed.ok) return parsed.ms;
  report({ code: 'bad-duration', range: value.range, args: { value: value.value, reason: parsed.error }, text: parsed.error });
  return undefined;
}

function booleanOf(fields: HostFields, name: string): boolean | undefined {
  const value = fields.get(name)?.value;
  return value?.kind === 'boolean' ? value.value : undefined;
}

/** A field of type any. v2 leaves it nil for a header that nothing stands under; v1 makes an empty map, and so does v2.4. */
function anyValue(fields: HostFields, name: string, version: Version): TomlValue | undefined {
  const value = fields.get(name)?.value;
  if (value === undefined || value.kind === 'invalid') return undefined;
  const untouched = value.kind === 'table' && value.form === 'header' && value.entries.size === 0;
  return untouched && libraryOf(version) === 'v2' && tomlLibraryOf(version) !== 'v2.4' ? undefined : value;
}

/** A list of nothing but tables is a Go type of its own in v1. In v2 it is a list like any other, whose elements are no strings. */
function isTables(value: TomlValue, version: Version): boolean {
  if (value.kind !== 'array') return false;
  return value.ofTables || (libraryOf(version) === 'v1' && value.items.length > 0 && value.items.every(({ kind }) => kind === 'table'));
}

type StringValue = Extract<TomlValue, { readonly kind: 'string' }>;

/** hosts.go makeStringSlice: the strings of a list; the first other value ends it. */
function strings(items: readonly TomlValue[], key: string, report: Report): readonly StringValue[] {
  const other = items.find(({ kind }) => kind !== 'string' && kind !== 'invalid');
  if (other) report(wrongType(key, other, 'strings in its list', printed('unable to cast ', goValue(other), ' to string')));
  return items.filter((item) => item.kind === 'string');
}

function wrongType(key: string, value: TomlValue, wanted: string, text: { readonly text?: string }): Omit<HostsProblem, 'effect'> {
  return { code: 'wrong-type', range: value.range, args: { key, wanted, found: kindOf(value) }, ...text };
}

function kindOf(value: TomlValue): string {
  return value.kind === 'array'
    ? 'a list'
    : value.kind === 'integer'
      ? 'an integer'
      : `a ${value.kind === 'datetime' ? 'date' : value.kind}`;
}

function printed(before: string, value: string | undefined, after: string): { readonly text?: string } {
  return value === undefined ? {} : { text: `${before}${value}${after}` };
}

/** hosts.go makeAbsPath: an empty name is the folder itself, which cannot be read as a file. */
function namedFile(value: StringValue, { baseDir }: HostConfigContext): NamedFile {
  const absolute = value.value.startsWith('/');
  return { path: absolute ? value.value : pathJoin(baseDir, value.value), range: value.range, absolute };
}
