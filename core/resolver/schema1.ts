/** What each release makes of Docker's schema 1 manifests (remotes/docker/schema1/converter.go and what followed). */
import { decodeBase64, fromUtf8 } from '../go/bytes';
import { field, unmarshal } from '../go/json';
import type { Version } from '../versions/versions';
import { does } from './behaviours';
import { fail, ok, pullError, type PullError, type Result } from './errors';
import { dockerManifest, ociManifest, schema1Manifest } from './mediaTypes';

/** A GET during resolve turns out to be schema 1: an error since 2.1. */
export function schema1InResolve(version: Version): PullError | undefined {
  return does(version, 'schema1Converts') || does(version, 'schema1Disabled') ? undefined : unsupported('2.0');
}

/** The descriptor is schema 1: an error, or undefined where it is converted. */
export function schema1Error(version: Version, reference: string, transfer: boolean): PullError | undefined {
  if (does(version, 'schema1Converts')) return transfer ? transferError : undefined;
  if (transfer) return transferError;
  if (!does(version, 'schema1Disabled')) return unsupported('2.1');
  return pullError(
    `failed to get converter for "${reference}": Pulling Schema 1 images have been deprecated and disabled by default since containerd v2.0. ` +
      'As a workaround you may set an environment variable `CONTAINERD_ENABLE_DEPRECATED_PULL_SCHEMA_1_IMAGE=1`, but this will be completely removed in containerd v2.1.',
  );
}

const transferError = pullError('schema 1 image manifests are no longer supported: invalid argument', 'InvalidArgument');

function unsupported(since: string): PullError {
  return pullError(
    `not implemented: media type "${schema1Manifest}" is no longer supported since containerd v${since}, please rebuild the image as "${dockerManifest}" or "${ociManifest}"`,
    'Unimplemented',
  );
}

/** The layers of a signed manifest, last first, without those known to be empty: Converter.Handle. */
export function schema1Layers(text: string): Result<readonly string[]> {
  const stripped = stripSignature(text);
  if (!stripped.ok) return stripped;
  const parsed = unmarshal(stripped.value);
  if (!parsed.ok) return fail(pullError(parsed.error));
  const isEmpty = (name: string): boolean =>
    (field(parsed.value, name) ?? null) === null || JSON.stringify(field(parsed.value, name)) === '[]';
  if (!isEmpty('manifests') || !isEmpty('layers')) return fail(pullError('converter: expected schema1 document but found extra keys'));
  const [sums, history] = [listOf(parsed.value, 'fsLayers', 'blobSum'), listOf(parsed.value, 'history', 'v1Compatibility')];
  if (sums.length !== history.length) return fail(pullError('invalid schema 1 manifest, history and layer mismatch'));
  const kept = sums.filter((_, index) => !isThrowaway(history[index] ?? ''));
  return ok([...new Set(kept)].reverse());
}

function listOf(document: unknown, name: string, member: string): readonly string[] {
  const list = field(document, name);
  return Array.isArray(list) ? list.map((one) => textOf(field(one, member))) : [];
}

function isThrowaway(compatibility: string): boolean {
  const parsed = unmarshal(compatibility);
  return parsed.ok && field(parsed.value, 'throwaway') === true;
}

/** stripSignature: the manifest that was signed. */
export function stripSignature(text: string): Result<string> {
  const parsed = unmarshal(text);
  if (!parsed.ok) return fail(pullError(parsed.error));
  const signatures = field(parsed.value, 'signatures');
  if (!Array.isArray(signatures) || signatures.length === 0) return fail(pullError('no signatures'));
  const protectedText = field(signatures[0], 'protected');
  const encoded = typeof protectedText === 'string' ? protectedText : '';
  const decoded = joseDecode(encoded);
  if (!decoded.ok) return fail(pullError(`could not decode ${encoded}: ${decoded.error}`));
  const block = unmarshal(decoded.text);
  if (!block.ok) return fail(pullError(block.error));
  const [length, tail] = [field(block.value, 'formatLength') ?? 0, field(block.value, 'formatTail') ?? ''];
  if (typeof length !== 'number' || length > text.length) return fail(pullError('invalid protected length block'));
  const end = joseDecode(typeof tail === 'string' ? tail : '');
  return end.ok ? ok(text.slice(0, length) + end.text) : fail(pullError(`invalid tail base 64 value: ${end.error}`));
}

type Decoded = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

function joseDecode(text: string): Decoded {
  if (text.length % 4 === 1) return { ok: false, error: 'illegal base64url string' };
  const padded = text.replace(/-/g, '+').replace(/_/g, '/') + '='.repeat((4 - (text.length % 4)) % 4);
  const decoded = decodeBase64(padded);
  return decoded.ok ? { ok: true, text: fromUtf8(decoded.bytes) } : decoded;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
