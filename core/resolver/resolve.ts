/** dockerResolver.Resolve (core/remotes/docker/resolver.go): from a reference to a descriptor. */
import { minorOf } from '../go/json';
import { failureText } from '../go/netErrors';
import { quote } from '../go/quote';
import { digestProblem } from '../reference/names';
import { does } from './behaviours';
import type { CallResponse } from './client';
import { fail, notFound, ok, pullError, wrap, type PullError, type Result } from './errors';
import { headerValue, type Headers } from './headers';
import { withCapabilities } from './hosts';
import type { Machine, PullContext } from './machine';
import { resolveAccept, schema1Manifest } from './mediaTypes';
import { baseHeaders, doWithRetries, registryRequest, type LiveHost } from './request';
import { schema1InResolve, stripSignature } from './schema1';
import { responseError, statusError, statusLine, withRegistryError } from './statusError';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly urls?: readonly string[];
}

/** MaxManifestSize: 4 * 1048 * 1048, as it stands in the source. */
const maxManifestSize = 4_393_216;

export function* resolve(context: PullContext, hosts: readonly LiveHost[]): Machine<Result<Descriptor>> {
  const { reference, version } = context;
  const { digest } = reference;
  if (reference.object === '') return fail(pullError('object required'));
  const problem = digest === undefined ? undefined : digestProblem(digest);
  if (problem !== undefined) return fail(pullError(problem));
  const candidates = withCapabilities(hosts, digest === undefined ? ['pull', 'resolve'] : ['pull']);
  if (candidates.length === 0) return fail(notFound('no resolve hosts'));
  const paths =
    digest === undefined
      ? [['manifests', reference.object]]
      : [
          ['manifests', digest],
          ['blobs', digest],
        ];
  let best: Ranked | undefined;
  for (const path of paths) {
    if (best && best.rank > rank.notFound && does(version, 'blobFallbackOnlyIfMissing')) break;
    for (const [index, target] of candidates.entries()) {
      const outcome = yield* askHost(context, target, path, index === candidates.length - 1);
      if (outcome.kind === 'done') return outcome.result;
      best = moreRelevant(context, best, outcome);
    }
  }
  return fail(best?.error ?? notFound(reference.name));
}

interface Ranked {
  readonly error: PullError;
  readonly rank: number;
}

/** firstErrPriority. */
const rank = { transport: 1, notFound: 2, status: 3, tooLarge: 4 } as const;

type HostOutcome = { readonly kind: 'done'; readonly result: Result<Descriptor> } | ({ readonly kind: 'next' } & Ranked);

/** 2.0+: the first of the highest rank. Before: the first that is no 404. */
function moreRelevant({ version }: PullContext, best: Ranked | undefined, next: Ranked): Ranked | undefined {
  if (does(version, 'errorPriority')) return best && best.rank >= next.rank ? best : next;
  return best ?? (next.rank === rank.notFound ? undefined : next);
}

function* askHost(context: PullContext, target: LiveHost, path: readonly string[], lastHost: boolean): Machine<HostOutcome> {
  const { reference } = context;
  const request = registryRequest(context, target, 'resolve', 'HEAD', path, resolveHeaders(context, target), { body: 'none' });
  const answer = yield* doWithRetries(request, lastHost);
  if (!answer.ok) return { kind: 'next', rank: rank.transport, error: accessDenied(answer.error) };
  const response = answer.value;
  if (response.status === 404) return { kind: 'next', rank: rank.notFound, error: { ...notFound(reference.name), request: response } };
  if (response.status > 299) {
    const error = yield* badStatus(context, target, path, response, request.method);
    return response.status > 399 ? { kind: 'next', rank: rank.status, error } : { kind: 'done', result: fail(error) };
  }
  const descriptor = yield* describe(context, target, path, response);
  if (!descriptor.ok) return { kind: 'done', result: descriptor };
  const { size } = descriptor.value;
  if (size <= maxManifestSize) return { kind: 'done', result: descriptor };
  return { kind: 'next', rank: rank.tooLarge, error: notFound(`rejecting ${size} byte manifest for ${reference.name}`) };
}

/** NewResolver: an Accept among the resolver's own headers goes with resolve alone, in place of containerd's. */
function resolveHeaders(context: PullContext, { host }: LiveHost): Headers {
  const own = Object.hasOwn(context.headers, 'Accept') ? context.headers['Accept'] : undefined;
  return [...baseHeaders(context, host), ...(own ?? [resolveAccept]).map((accept) => ['Accept', accept] as const)];
}

function accessDenied(error: PullError): PullError {
  return error.invalidAuthorization === true
    ? wrap('pull access denied, repository does not exist or may require authorization', error)
    : error;
}

function* badStatus(
  context: PullContext,
  target: LiveHost,
  path: readonly string[],
  response: CallResponse,
  method: string,
): Machine<PullError> {
  const { version } = context;
  if (!does(version, 'statusErrorNamesRequest')) {
    const failed = response.status > 399 ? 'failed with status code' : 'failed with unexpected status code';
    return {
      ...pullError(`pulling from host ${target.host.host} ${failed} [${path.join(' ')}]: ${statusLine(response)}`),
      status: response.status,
      request: response,
    };
  }
  // The body was closed before the error is made, even that of a GET: only the status is left.
  const error = statusError(version, response);
  if (response.status !== 403 || method !== 'HEAD' || !does(version, 'getAfterForbiddenHead')) return error;
  const get = registryRequest(context, target, 'resolve', 'GET', path, resolveHeaders(context, target), { body: 'text', maxBytes: 64_000 });
  const said = yield* doWithRetries(get, false);
  return said.ok && said.value.status === 403 ? withRegistryError(version, error, said.value) : error;
}

/** From the headers of a good HEAD, or from a GET where they do not tell digest and size. */
function* describe(context: PullContext, target: LiveHost, path: readonly string[], response: CallResponse): Machine<Result<Descriptor>> {
  const size = contentLength(response, context.go);
  const known = context.reference.digest;
  const header = headerValue(response.headers, 'docker-content-digest') ?? '';
  if (known !== undefined && size >= 0) return ok({ mediaType: manifestType(response), digest: known, size });
  if (known === undefined && header !== '' && size >= 0) {
    const problem = digestProblem(header);
    if (problem !== undefined) return fail(pullError(`${quote(header)} in header not a valid digest: ${problem}`));
    return ok({ mediaType: manifestType(response), digest: header, size });
  }
  return yield* describeByGet(context, target, path, known);
}

function* describeByGet(
  context: PullContext,
  target: LiveHost,
  path: readonly string[],
  known: string | undefined,
): Machine<Result<Descriptor>> {
  const { version } = context;
  const answer = yield* doWithRetries(
    registryRequest(context, target, 'resolve', 'GET', path, resolveHeaders(context, target), { body: 'text', maxBytes: 8_000_000 }),
    true,
  );
  if (!answer.ok) return answer;
  const response = answer.value;
  if (response.status >= 400 && does(version, 'resolveGetChecksStatus')) return fail(responseError(version, response));
  const mediaType = manifestType(response);
  if (known === undefined && mediaType === schema1Manifest) {
    const refused = schema1InResolve(version);
    if (refused) return fail(refused);
    const stripped = stripSignature(response.body ?? '');
    if (!stripped.ok) return stripped;
  }
  if (response.bodyFailure) return fail(pullError(failureText(response.bodyFailure, context.go)));
  return ok({ mediaType, digest: known ?? response.digest ?? '', size: response.size ?? 0 });
}

/** getManifestMediaType. */
function manifestType(response: CallResponse): string {
  const type = (headerValue(response.headers, 'content-type') ?? '').split(';', 1)[0] ?? '';
  return type === 'text/plain' ? schema1Manifest : type;
}

/** http.Response.ContentLength of a HEAD: -1 when unknown. To Go before 1.23 a chunked answer has no length, whatever it says (transfer.go). */
function contentLength(response: CallResponse, go: string): number {
  if (minorOf(go) < 23 && headerValue(response.headers, 'transfer-encoding')?.toLowerCase() === 'chunked') return -1;
  const value = headerValue(response.headers, 'content-length');
  return value !== undefined && /^\d{1,15}$/.test(value.trim()) ? Number(value) : -1;
}
