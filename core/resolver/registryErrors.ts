/** What a registry says in the body of an error, as core/remotes/docker/errcode.go prints it. */
import { decode, field, unmarshal, type JsonResult } from '../go/json';

/** errdesc.go: the codes containerd knows, with their default messages. Any other prints as unknown. */
const knownCodes: ReadonlyMap<string, string> = new Map([
  ['UNKNOWN', 'unknown error'],
  ['UNSUPPORTED', 'The operation is unsupported.'],
  ['UNAUTHORIZED', 'authentication required'],
  ['DENIED', 'requested access to the resource is denied'],
  ['UNAVAILABLE', 'service unavailable'],
  ['TOOMANYREQUESTS', 'too many requests'],
]);

/** The errors of a body as text, undefined when it has none. `first`: only the first JSON value counts (a Decoder, before 2.1.3). */
export function registryErrorText(body: string | undefined, reading: 'all' | 'first'): string | undefined {
  if (body === undefined || body === '') return undefined;
  const decoded: JsonResult = reading === 'all' ? unmarshal(body) : decode(body);
  const errors = decoded.ok ? field(decoded.value, 'errors') : undefined;
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const texts = errors.map(oneError);
  if (texts.includes(undefined)) return undefined;
  return texts.length === 1 ? texts[0] : `errors:\n${texts.map((text) => `${text ?? ''}\n`).join('')}`;
}

/** Errors.UnmarshalJSON and Error.Error: the code alone when nothing but the default message stands beside it. */
function oneError(error: unknown): string | undefined {
  if (error !== null && (typeof error !== 'object' || Array.isArray(error))) return undefined;
  const [code, message, detail] = [field(error, 'code') ?? '', field(error, 'message') ?? '', field(error, 'detail') ?? null];
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  const known = knownCodes.has(code) ? code : 'UNKNOWN';
  const word = known.toLowerCase();
  return detail === null && (message === '' || message === knownCodes.get(known)) ? word : `${word}: ${message}`;
}
