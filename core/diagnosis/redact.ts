/**
 * collect → redact → diagnose: what leaves a collection holds no secret. Three nets, one behind the other: values of TOML by where they
 * stand, texts by how secrets look, and every secret that was found anywhere is taken out everywhere.
 */
import { decodeBase64, fromUtf8 } from '../go/bytes';
import type { TomlValue } from '../toml/document';
import { parse } from '../toml/parse';
import type { Evidence, FileEvidence } from './evidence';
import { redactText } from './redactText';

export const redacted = 'REDACTED';

export function redactEvidence(evidence: Evidence): Evidence {
  return redactStrings((found) => ({
    ...evidence,
    files: evidence.files.map((file) => redactFile(file, found)),
    dump: evidence.dump === null ? null : redactToml(evidence.dump, found),
  }));
}

/** `byPlace` takes out what it knows by where it stands, and notes it. Then every string of its value goes through the other two nets. */
export function redactStrings<T>(byPlace: (found: Set<string>) => T): T {
  const found = new Set<string>();
  const value = byPlace(found);
  const note = (text: string): string => redactText(text, (secret) => addSecret(found, secret));
  // The first pass finds secrets wherever they look like one; the second takes them out where they do not.
  const once = mapStrings(value, note);
  const secrets = longestFirst(found);
  return mapStrings(once, (text) => withoutSecrets(text, secrets));
}

/** A configuration with stars in place of secrets: every line and column stays where it is. */
export function maskToml(text: string): string {
  const found = new Set<string>();
  const once = redactToml(text, found, stars);
  redactText(once, (secret) => addSecret(found, secret));
  return longestFirst(found).reduce((all, secret) => all.replaceAll(secret, stars(secret)), once);
}

function stars(text: string): string {
  const scheme = /^["']{0,3}(?:Basic|Bearer|Digest) /i.exec(text)?.[0] ?? '';
  return scheme + text.slice(scheme.length).replace(/[^\s"'[\]{}]/g, '*');
}

/** Secrets of one node; more than any has, and few enough to look for each in every text. */
const maxSecrets = 300;

function longestFirst(secrets: ReadonlySet<string>): readonly string[] {
  return [...secrets].sort((a, b) => b.length - a.length).slice(0, maxSecrets);
}

export function redactFile(file: FileEvidence, found: Set<string>): FileEvidence {
  if (file.text === undefined) return file;
  if (/\.(?:toml|tmpl)$/.test(file.path)) return { ...file, text: redactToml(file.text, found) };
  if (/\.(?:ya?ml|json)$/.test(file.path)) return { ...file, text: redactYaml(redactJson(file.text, found), found) };
  return file;
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** What stands in place of a secret: `by`, or something made of the secret's own text. */
type Hide = (secret: string, by: string) => string;
const byWord: Hide = (_, by) => by;

/** Values of headers and of credentials become `REDACTED`; types and the word `Basic` stay, since rules judge by them. */
export function redactToml(text: string, found: Set<string>, hide = byWord): string {
  const { document, errors } = parse(text);
  const cuts: Cut[] = [];
  for (const { header, path, value } of document.assignments) {
    const names = [...(header?.path ?? []), ...path].map(({ name }) => name);
    collectCuts(names, value, cuts, found);
  }
  const cleaned = applied(text, cuts, hide);
  return errors.length === 0 ? cleaned : redactBroken(cleaned, found, hide);
}

function collectCuts(path: readonly string[], value: TomlValue, cuts: Cut[], found: Set<string>): void {
  if (value.kind === 'table') {
    for (const [name, entry] of value.entries) collectCuts([...path, name], entry.value, cuts, found);
  } else if (value.kind === 'array') {
    for (const item of value.items) collectCuts(path, item, cuts, found);
  } else if (isSecretPath(path)) {
    const cut = cutOf(value, found);
    if (cut !== undefined) cuts.push({ ...value.range, by: cut });
  }
}

function cutOf(value: Exclude<TomlValue, { kind: 'table' | 'array' }>, found: Set<string>): string | undefined {
  switch (value.kind) {
    case 'string': {
      if (value.value === '') return undefined;
      addSecret(found, value.value);
      const scheme = /^(?:Basic|Bearer|Digest) /i.exec(value.value)?.[0] ?? '';
      return `"${scheme}${redacted}"`;
    }
    case 'integer':
      found.add(String(value.value));
      return '0';
    case 'float':
      return '0.0';
    case 'datetime':
      return '1970-01-01';
    case 'boolean':
      return undefined;
    case 'invalid':
      return redacted;
  }
}

/** Everything in a table of headers, and what names itself a secret. A user's name is none. */
function isSecretPath(path: readonly string[]): boolean {
  const last = path.at(-1) ?? '';
  if (path.slice(0, -1).some((name) => /^headers?$/i.test(name))) return true;
  return secretKey.test(last) && !plainKey.test(last);
}

const secretKey = /pass|secret|token|^auth$|authorization|credential|cookie|api.?key|private.?key|access.?key/i;
const plainKey = /^(?:credential_helper|username|credential_process|token_url|.*(?:path|file|dir|type|ttl|timeout|expir\w*))$/i;

/** From the end, so that offsets stay right. Ranges of duplicate keys may meet twice; the second is left out. */
function applied(text: string, cuts: readonly Cut[], hide: Hide): string {
  let result = text;
  let limit = text.length + 1;
  for (const { start, end, by } of [...cuts].sort((a, b) => b.start - a.start)) {
    if (end > limit) continue;
    result = result.slice(0, start) + hide(result.slice(start, end), by) + result.slice(end);
    limit = start;
  }
  return result;
}

/** What the parser could not read: in sections of headers everything right of `=`, elsewhere what stands behind a secret's name. */
function redactBroken(text: string, found: Set<string>, hide: Hide): string {
  let inHeader = false;
  let open = false;
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*\[/.test(line) && !open) inHeader = /\.\s*["']?headers?["']?\s*(?:\]\s*)?(?:#.*)?$/i.test(line.slice(0, 1000));
      const equals = line.indexOf('=');
      const key = equals < 0 ? '' : line.slice(0, Math.min(equals, 300));
      const secret = inHeader || /header/i.test(key) || (secretKey.test(key) && !plainKey.test(key.trim()));
      if (open) {
        open = !/["'\]}]{1,3}\s*$/.test(line.slice(-20));
        addWords(found, line);
        return hide(line, redacted);
      }
      if (!secret || equals < 0) return line;
      const value = line.slice(equals + 1);
      open = /^\s*(?:"""|'''|\[|\{)/.test(value) && !/(?:"""|'''|\]|\})\s*(?:#.*)?$/.test(value.slice(4));
      addWords(found, value);
      return line.slice(0, equals + 1) + hide(value, ` "${redacted}"`);
    })
    .join('\n');
}

/** Variables of a kubelet's credential providers; the names of other secrets say so themselves. */
function redactJson(text: string, found: Set<string>): string {
  return text.replace(/("value"\s{0,20}:\s{0,20})"((?:[^"\\]|\\.)+)"/g, (_, head: string, value: string) => {
    addSecret(found, value);
    return `${head}"${redacted}"`;
  });
}

/** registries.yaml of k3s, and the kubelet's credential providers. */
function redactYaml(text: string, found: Set<string>): string {
  return text.replace(
    /^([ \t-]{0,80}["']?([\w.-]{1,80})["']?[ \t]*:[ \t]+)([^\s#][^\n]*)$/gm,
    (line, head: string, key: string, value: string) => {
      // An entry of a list of variables: what it holds is known to its reader only.
      if (key !== 'value' && (!secretKey.test(key) || plainKey.test(key))) return line;
      addWords(found, value);
      return `${head}${redacted}`;
    },
  );
}

/** The value of a header that is known to carry credentials, or says so itself. */
export function redactHeader(name: string, value: string): string {
  const scheme = /^(?:Basic|Bearer|Digest|Negotiate) /i.exec(value)?.[0] ?? '';
  return value !== '' && (scheme !== '' || (secretKey.test(name) && !plainKey.test(name))) ? scheme + redacted : value;
}

function addWords(found: Set<string>, text: string): void {
  for (const word of text.split(/[\s"'[\]{},]+/)) addSecret(found, word);
}

/** A secret with what hides in it: the part after `Basic `, and the password in base64. Short or plain words would blot out the rest. */
function addSecret(found: Set<string>, secret: string): void {
  const bare = secret.replace(/^(?:Basic|Bearer|Digest)\s+/i, '').trim();
  for (const one of [bare, ...inBase64(bare)]) if (looksSecret(one)) found.add(one);
  if (bare.length >= 4 && bare.includes('\n')) for (const line of bare.split('\n')) if (looksSecret(line.trim())) found.add(line.trim());
}

function inBase64(text: string): readonly string[] {
  const decoded = /^[\w+/-]{8,4000}={0,2}$/.test(text) ? decodeBase64(text) : undefined;
  if (!decoded?.ok) return [];
  const plain = fromUtf8(decoded.bytes);
  const colon = plain.indexOf(':');
  return colon < 0 || plain.includes('\0') ? [] : [plain, plain.slice(colon + 1)];
}

function looksSecret(text: string): boolean {
  if (text.length < 6 || text === redacted || text.startsWith('sha256:')) return false;
  return text.length >= 20 || /\d|[^\w.-]/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text.slice(1)));
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) if (result.includes(secret)) result = result.replaceAll(secret, redacted);
  return result;
}

/** The same value with every string put through `change`; keys stay. */
export function mapStrings<T>(value: T, change: (text: string) => string): T {
  return mapped(value, change) as T;
}

function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one: unknown) => mapped(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]: [string, unknown]) => [key, mapped(one, change)]));
}
