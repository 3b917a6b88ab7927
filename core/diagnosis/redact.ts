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
  const found = new Set<string>();
  const files = evidence.files.map((file) => redactFile(file, found));
  const dump = evidence.dump === null ? null : redactToml(evidence.dump, found);
  const note = (text: string): string => redactText(text, (secret) => addSecret(found, secret));
  // The first pass finds secrets wherever they look like one; the second takes them out where they do not.
  const once = mapStrings({ ...evidence, files, dump }, note);
  const secrets = [...found].sort((a, b) => b.length - a.length).slice(0, maxSecrets);
  return mapStrings(once, (text) => withoutSecrets(text, secrets));
}

/** Secrets of one node; more than any has, and few enough to look for each in every text. */
const maxSecrets = 300;

function redactFile(file: FileEvidence, found: Set<string>): FileEvidence {
  if (file.text === undefined) return file;
  if (/\.(?:toml|tmpl)$/.test(file.path)) return { ...file, text: redactToml(file.text, found) };
  if (/\.ya?ml$/.test(file.path)) return { ...file, text: redactYaml(file.text, found) };
  return file;
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** Values of headers and of credentials become `REDACTED`; types and the word `Basic` stay, since rules judge by them. */
export function redactToml(text: string, found: Set<string>): string {
  const { document, errors } = parse(text);
  const cuts: Cut[] = [];
  for (const { header, path, value } of document.assignments) {
    const names = [...(header?.path ?? []), ...path].map(({ name }) => name);
    collectCuts(names, value, cuts, found);
  }
  const cleaned = applied(text, cuts);
  return errors.length === 0 ? cleaned : redactBroken(cleaned, found);
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
function applied(text: string, cuts: readonly Cut[]): string {
  let result = text;
  let limit = text.length + 1;
  for (const { start, end, by } of [...cuts].sort((a, b) => b.start - a.start)) {
    if (end > limit) continue;
    result = result.slice(0, start) + by + result.slice(end);
    limit = start;
  }
  return result;
}

/** What the parser could not read: in sections of headers everything right of `=`, elsewhere what stands behind a secret's name. */
function redactBroken(text: string, found: Set<string>): string {
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
        return redacted;
      }
      if (!secret || equals < 0) return line;
      const value = line.slice(equals + 1);
      open = /^\s*(?:"""|'''|\[|\{)/.test(value) && !/(?:"""|'''|\]|\})\s*(?:#.*)?$/.test(value.slice(4));
      addWords(found, value);
      return `${line.slice(0, equals + 1)} "${redacted}"`;
    })
    .join('\n');
}

/** registries.yaml of k3s. */
function redactYaml(text: string, found: Set<string>): string {
  return text.replace(
    /^([ \t-]{0,80}["']?([\w.-]{1,80})["']?[ \t]*:[ \t]+)([^\s#][^\n]*)$/gm,
    (line, head: string, key: string, value: string) => {
      if (!secretKey.test(key) || plainKey.test(key)) return line;
      addWords(found, value);
      return `${head}${redacted}`;
    },
  );
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
