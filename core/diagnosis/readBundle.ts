/** A bundle is hostile input: every value is checked before it is believed. */
import { unmarshal } from '../go/json';
import { bundleKind, type Evidence } from './evidence';

export type ReadBundle = { readonly ok: true; readonly evidence: Evidence } | { readonly ok: false; readonly error: string };

export function readBundle(text: string): ReadBundle {
  const parsed = unmarshal(text);
  if (!parsed.ok) return { ok: false, error: 'it is no JSON: it was cut off, or is no bundle' };
  const { value } = parsed;
  if (!isObject(value) || value['kind'] !== bundleKind) return { ok: false, error: 'it is no bundle of containerd-runbooks collect' };
  if (value['schema'] !== 1) return { ok: false, error: `its schema is ${shown(value['schema'])}; this version reads schema 1` };
  const wrong = wrongField(value);
  if (wrong !== undefined) return { ok: false, error: `"${wrong}" is not what a bundle has there` };
  return { ok: true, evidence: value as unknown as Evidence };
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isTruth: Check = (value) => typeof value === 'boolean';
const isArgs: Check = (value) => areArgs(value, 3);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(Object.hasOwn(value, name) ? value[name] : undefined));

const isMessage = { message: isText, messageId: isText, args: isArgs };
const isCheck = record({ id: isText, subject: isText, status: oneOf('pass', 'warn', 'fail', 'skip'), ...isMessage, evidence: isText });
const isCertificate = record({
  subject: isText,
  issuer: isText,
  notBeforeMs: isNumber,
  notAfterMs: isNumber,
  isCa: isTruth,
  dnsNames: list(isText),
  ipAddresses: list(isText),
  publicKeyId: isText,
});
const isPem = record({
  certificates: list(isCertificate),
  privateKeys: list(record({ publicKeyId: orNull(isText) })),
  broken: list(isText),
});
const isFile = record({
  path: (value) => typeof value === 'string' && value.startsWith('/'),
  kind: oneOf('file', 'directory', 'missing', 'unreadable'),
  text: optional(isText),
  pem: optional(isPem),
});
const isFinding = record({ id: isText, severity: oneOf('error', 'warning', 'info', 'hint'), ...isMessage, docs: isText });
const isAttempt = record({
  method: isText,
  url: isText,
  host: isText,
  phase: isText,
  status: orNull(isNumber),
  error: orNull(isText),
  startedMs: isNumber,
  timings: isArgs,
});
const isReplay = record({
  reference: isText,
  containerd: isText,
  via: isText,
  ok: isTruth,
  digest: orNull(isText),
  mediaType: orNull(isText),
  attempts: list(isAttempt),
  reported: orNull(isText),
  grpcCode: orNull(isText),
  rootCause: orNull(record({ attempt: isNumber, class: isText, message: isText })),
  masked: orNull(record({ by: isText, versions: isText })),
  findings: list(isFinding),
});

const fields: Readonly<Record<string, Check>> = {
  node: isText,
  takenMs: isNumber,
  reference: orNull(isText),
  containerd: orNull(isText),
  checks: list(isCheck),
  configPath: orNull(isText),
  files: list(isFile),
  dump: orNull(isText),
  journal: orNull(record({ source: isText, text: isText })),
  replays: list(isReplay),
  gaps: list(record({ stage: oneOf('readiness', 'configuration', 'journal', 'replay'), id: isText, args: isArgs })),
};

/** Messages may stand in messages, though not endlessly. */
function areArgs(value: unknown, depth: number): boolean {
  const isValue = (one: unknown): boolean =>
    isText(one) || isNumber(one) || (depth > 0 && isObject(one) && isText(one['id']) && areArgs(one['args'], depth - 1));
  return isObject(value) && Object.values(value).every(isValue);
}

function wrongField(value: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(fields).find(([name, check]) => !check(Object.hasOwn(value, name) ? value[name] : undefined))?.[0];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : 'missing';
}
