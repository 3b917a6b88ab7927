/** dockerFetcher.Fetch (core/remotes/docker/fetcher.go), and what content.Copy and the commit say of what came. */
import { failureText } from '../go/netErrors';
import { formatUrl, parseQuery, encodeQuery, parseUrl } from '../go/url';
import type { HttpRequest } from '../ports';
import { does } from './behaviours';
import type { CallResponse } from './client';
import { fail, failedPrecondition, notFound, ok, pullError, wrap, type PullError, type Result } from './errors';
import { headerValue, setHeader, type Headers } from './headers';
import { foreignHost, withCapabilities } from './hosts';
import type { Machine, Phase, PullContext } from './machine';
import { isIndexType, isManifestType, refKey, schema1Manifest } from './mediaTypes';
import { registryErrorText } from './registryErrors';
import { isCtrLocal } from './wrap';
import { baseHeaders, doWithRetries, registryRequest, requestUrl, type LiveHost, type RegistryRequest } from './request';
import type { Descriptor } from './resolve';
import { responseError, statusLine } from './statusError';

export interface Fetched {
  /** What was answered with it. */
  readonly request?: { readonly method: string; readonly url: string };
  readonly body?: string;
  readonly diffId?: string;
  readonly archiveError?: string;
  /** Why nothing unpacks a layer of this media type. */
  readonly refused?: string;
}

/** `size` undefined: the converter of schema 1 does not know it. */
type Wanted = Omit<Descriptor, 'size'> & { readonly size: number | undefined };

/** remotes.Fetch: one piece of content into the store. `want` none: the answer was closed after its headers, nothing was checked. */
export function* fetchContent(
  context: PullContext,
  hosts: readonly LiveHost[],
  phase: Phase,
  descriptor: Wanted,
  want: HttpRequest['want'],
): Machine<Result<Fetched>> {
  if (descriptor.size === 0) {
    return fail(
      pullError(
        `unable to fetch descriptor (${descriptor.digest}) which reports content size of zero: invalid argument`,
        'InvalidArgument',
      ),
    );
  }
  if (withCapabilities(hosts, ['pull']).length === 0) return fail(notFound('no pull hosts'));
  const opened = yield* open(context, hosts, phase, descriptor, want, 0);
  if (!opened.ok) return fail(wrap('failed to copy: httpReadSeeker: failed open', opened.error));
  if (want.body === 'none') return ok({});
  const { method, url } = opened.value;
  const request = { method, url };
  const copied = yield* resume(context, hosts, phase, descriptor, want, opened.value);
  if (!copied.ok) return fail({ ...copied.error, content: request });
  const problem = unpackProblem(descriptor, copied.value) ?? commitProblem(context, descriptor, copied.value);
  return problem
    ? fail({ ...problem, content: request })
    : ok({
        request,
        ...(copied.value.body === undefined ? {} : { body: copied.value.body }),
        ...(copied.value.diffId === undefined ? {} : { diffId: copied.value.diffId }),
        ...(copied.value.archiveError === undefined ? {} : { archiveError: copied.value.archiveError }),
      });
}

/** schema1 Converter.fetchBlob unpacks a layer while it is copied: gzip's complaint comes before the commit. */
function unpackProblem({ size }: Wanted, { archiveError }: Copied): PullError | undefined {
  return size === undefined && archiveError !== undefined && /^(?:gzip|flate): /.test(archiveError) ? pullError(archiveError) : undefined;
}

/** The text of a manifest that is read outside the content store: no size or digest is checked. */
export function* readContent(
  context: PullContext,
  hosts: readonly LiveHost[],
  descriptor: Descriptor,
  maxBytes: number,
): Machine<Result<string>> {
  if (withCapabilities(hosts, ['pull']).length === 0) return fail(notFound('no pull hosts'));
  // httpReadSeeker.reader opens nothing where there is nothing to read.
  if (descriptor.size === 0) return ok('');
  const opened = yield* open(context, hosts, 'manifest', descriptor, { body: 'text', maxBytes }, 0);
  return opened.ok ? ok(opened.value.body ?? '') : fail(wrap('httpReadSeeker: failed open', opened.error));
}

/** The function that httpReadSeeker opens: foreign URLs, then manifests or blobs on every host, whatever its capabilities. */
function* open(
  context: PullContext,
  hosts: readonly LiveHost[],
  phase: Phase,
  descriptor: Wanted,
  want: HttpRequest['want'],
  offset: number,
): Machine<Result<CallResponse>> {
  const foreign = yield* openForeign(context, phase, descriptor, want, offset);
  if (foreign) return foreign;
  const endpoint = usesManifests(context, descriptor.mediaType) ? 'manifests' : 'blobs';
  let first: PullError | undefined;
  for (const [index, target] of hosts.entries()) {
    const request = registryRequest(
      context,
      target,
      phase,
      'GET',
      [endpoint, descriptor.digest],
      contentHeaders(context, target, descriptor, offset),
      want,
    );
    const answer = yield* openOne(context, request, offset, index === hosts.length - 1);
    if (answer.ok) return answer;
    first ??= answer.error;
  }
  if (endpoint === 'blobs' && first?.code === 'NotFound') {
    return fail({
      ...first,
      text: notFound(`could not fetch content descriptor ${descriptor.digest} (${descriptor.mediaType}) from remote`).text,
    });
  }
  return fail(first ?? notFound('no pull hosts'));
}

function usesManifests({ version }: PullContext, mediaType: string): boolean {
  if (isManifestType(mediaType) || isIndexType(mediaType)) return true;
  return mediaType === schema1Manifest && (does(version, 'schema1Converts') || does(version, 'schema1Disabled'));
}

function contentHeaders(context: PullContext, { host }: LiveHost, { mediaType }: Wanted, offset: number): Headers {
  const accept = setHeader(baseHeaders(context, host), 'Accept', mediaType === '' ? '*/*' : `${mediaType}, */*`);
  const encoding = does(context.version, 'acceptsEncodings')
    ? setHeader(accept, 'Accept-Encoding', 'zstd;q=1.0, gzip;q=0.8, deflate;q=0.5')
    : accept;
  return offset > 0 ? setHeader(encoding, 'Range', `bytes=${offset}-`) : encoding;
}

/** dockerFetcher.open. */
function* openOne(context: PullContext, request: RegistryRequest, offset: number, lastHost: boolean): Machine<Result<CallResponse>> {
  const answer = yield* doWithRetries(request, lastHost);
  if (!answer.ok) return answer;
  const error = contentError(context, requestUrl(request), answer.value, offset);
  return error ? fail(error) : answer;
}

function contentError({ version }: PullContext, url: string, answer: CallResponse, offset: number): PullError | undefined {
  const encoding = does(version, 'acceptsEncodings') ? (headerValue(answer.headers, 'content-encoding') ?? '') : '';
  // Who names encodings gets an error's body as it was sent, and that is no JSON.
  const response = encoding === '' ? answer : { ...answer, body: '' };
  if (response.status === 404)
    return {
      ...notFound(`content at ${does(version, 'fetchHidesQuery') ? hideQuery(url) : url} not found`),
      status: 404,
      request: response,
    };
  if (response.status > 299) {
    if (does(version, 'fetchSaysStatusError')) return responseError(version, response);
    const said = registryErrorText(response.body, 'first');
    return {
      ...pullError(`unexpected status code ${url}: ${statusLine(response)}${said === undefined ? '' : ` - Server message: ${said}`}`),
      status: response.status,
      request: response,
    };
  }
  const range = headerValue(response.headers, 'content-range') ?? '';
  if (offset > 0 && response.status !== 206 && range !== '' && !range.startsWith(`bytes ${offset}-`))
    return pullError(`unhandled content range in response: ${range}`);
  return encodingError(encoding) ?? (encoding === '' ? undefined : unpackError(answer, encoding));
}

/** gzip.NewReader looks at the first bytes; everything else shows while content is copied. */
function unpackError({ headers, bodyFailure, size }: CallResponse, encoding: string): PullError | undefined {
  if (/(?:^|[ \t,])gzip$/i.test(encoding.trim()) && headerValue(headers, 'content-length') === '0') return pullError('EOF');
  return bodyFailure?.kind === 'words' && bodyFailure.text === 'gzip: invalid header' && size === 0
    ? pullError(bodyFailure.text)
    : undefined;
}

function encodingError(header: string): PullError | undefined {
  const unknown = header
    .toLowerCase()
    .split(/[ \t,]+/)
    .reverse()
    .find((algorithm) => !['', 'identity', 'gzip', 'zstd', 'deflate'].includes(algorithm));
  return unknown === undefined ? undefined : pullError(`unsupported Content-Encoding algorithm: ${unknown}`);
}

/** request.sanitizedURL: every query value but that of ns. */
function hideQuery(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed.ok || parsed.url.query === undefined) return url;
  const hidden = parseQuery(parsed.url.query).map(([key, value]) => [key, key === 'ns' || value === '' ? value : 'REDACTED'] as const);
  return formatUrl({ ...parsed.url, query: encodeQuery(hidden) });
}

/** `urls` of a descriptor: asked first, without registry authorization; anything but a 404 there is final. */
function* openForeign(
  context: PullContext,
  phase: Phase,
  descriptor: Wanted,
  want: HttpRequest['want'],
  offset: number,
): Machine<Result<CallResponse> | undefined> {
  for (const url of descriptor.urls ?? []) {
    const parsed = parseUrl(url);
    if (!parsed.ok || (parsed.url.scheme !== 'http' && parsed.url.scheme !== 'https')) continue;
    const { plainPath, query } = parsed.url;
    const target = foreignHost(context, parsed.url);
    const headers = contentHeaders(context, target, descriptor, offset);
    const path = `${plainPath}${query === undefined || query === '' ? '' : `?${query}`}`;
    const answer = yield* openOne(context, { phase, method: 'GET', target, path, headers, want }, offset, false);
    if (answer.ok || answer.error.code !== 'NotFound') return answer;
  }
  return undefined;
}

/** containerd has no such bound; a server that hands out a few bytes at a time must not keep us for ever. */
const maxReopened = 100;

interface Copied {
  readonly body: string | undefined;
  readonly size: number;
  readonly digest: string | undefined;
  readonly diffId: string | undefined;
  readonly archiveError: string | undefined;
}

/** httpReadSeeker.Read: a body cut short is asked for again from where it ended, until three tries bring nothing. */
function* resume(
  context: PullContext,
  hosts: readonly LiveHost[],
  phase: Phase,
  descriptor: Wanted,
  want: HttpRequest['want'],
  first: CallResponse,
): Machine<Result<Copied>> {
  const { body, size = 0, digest, diffId, archiveError } = first;
  let copied: Copied = { body, size, digest, diffId, archiveError };
  let { bodyFailure } = first;
  let fruitless = 0;
  for (
    let reopened = 0;
    reopened < maxReopened && fruitless < 3 && bodyFailure?.kind === 'unexpected-eof' && mayGoOn(descriptor, copied);
    reopened++
  ) {
    const again = yield* open(context, hosts, phase, descriptor, want, copied.size);
    if (!again.ok) break;
    const more = continuation(again.value, copied);
    if (more === undefined) break;
    fruitless = more.size > copied.size ? 0 : fruitless + 1;
    copied = more;
    bodyFailure = again.value.bodyFailure;
  }
  if (bodyFailure && bodyFailure.kind !== 'unexpected-eof')
    return fail(wrap('failed to copy', pullError(failureText(bodyFailure, context.go))));
  return ok(copied);
}

/** httpReadSeeker.reader. */
function mayGoOn({ size = -1 }: Wanted, copied: Copied): boolean {
  return size === -1 || copied.size < size;
}

/** What stands after a re-open: 206 goes on from the offset, 200 starts anew and is read over what is already there. */
function continuation(response: CallResponse, copied: Copied): Copied | undefined {
  const size = response.size ?? 0;
  if (response.status === 206) {
    if (size === 0) return copied;
    return {
      body: copied.body === undefined ? undefined : copied.body + (response.body ?? ''),
      size: copied.size + size,
      digest: undefined,
      diffId: undefined,
      archiveError: undefined,
    };
  }
  const { body, digest, diffId, archiveError } = response;
  return size < copied.size ? undefined : { body, size, digest, diffId, archiveError };
}

/**
 * content.Copy and namespacedWriter.commit. To copyWithBuffer a body that is cut short has ended: of a size that nobody knows its digest is
 * what is wrong. A body that came in parts has no digest to compare.
 */
function commitProblem(context: PullContext, { mediaType, digest, size }: Wanted, copied: Copied): PullError | undefined {
  const { version } = context;
  if (size !== undefined && copied.size < size && does(version, 'noticesShortRead')) {
    const what = does(version, 'shortReadHasCounts')
      ? `short read: expected ${size} bytes but got ${copied.size}`
      : 'failed to read expected number of bytes';
    return pullError(`${what}: unexpected EOF`);
  }
  const key = refKey(mediaType, digest, version);
  // ctr's own pull writes through the daemon's content service: remoteWriter.Commit has words of its own.
  const failed = `failed commit on ref "${key}"${isCtrLocal(context) ? ': commit failed' : ''}`;
  if (size !== undefined && copied.size !== size)
    return failedPrecondition(`${failed}: "${key}" failed size validation: ${copied.size} != ${size}`);
  if (copied.digest === undefined || copied.digest === digest) return undefined;
  return failedPrecondition(`${failed}: unexpected commit digest ${copied.digest}, expected ${digest}`);
}
