/** docker.request: one request to one registry host with its authorization and retries. */
import { pathJoin } from '../go/path';
import { encodeQuery, parseUrl, type GoUrl } from '../go/url';
import { isProxy } from '../hosts/configureHosts';
import { withUserAgent } from './userAgent';
import type { RegistryHost } from '../hosts/hostsFile';
import type { HttpRequest } from '../ports';
import { addResponses, answersChallenge, authorize, type Authorizer } from './authorizer';
import { does } from './behaviours';
import { callWithRedirects, type AuthorizeRedirect, type Call, type CallResponse, type Client } from './client';
import { fail, ok, pullError, wrap, type PullError, type Result } from './errors';
import { flatten, setHeader, type Headers } from './headers';
import { isDeadline, isTimeout } from '../go/netErrors';
import type { Machine, Phase, PullContext } from './machine';

/** A RegistryHost with what ConfigureHosts makes for it: client and authorizer, the latter shared by hosts without settings of their own. */
export interface LiveHost {
  readonly host: RegistryHost;
  readonly client: Client;
  readonly authorizer: Authorizer | undefined;
}

export interface RegistryRequest {
  readonly phase: Phase;
  method: 'HEAD' | 'GET';
  readonly target: LiveHost;
  /** Path with its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly want: HttpRequest['want'];
}

/** dockerBase.request and addNamespace. */
export function registryRequest(
  context: PullContext,
  target: LiveHost,
  phase: Phase,
  method: 'HEAD' | 'GET',
  parts: readonly string[],
  headers: Headers,
  want: HttpRequest['want'],
): RegistryRequest {
  const { host } = target;
  const path = pathJoin('/', host.path, context.reference.repository, ...parts);
  return {
    phase,
    method,
    target,
    path: isProxy(host, context.reference.host) ? `${path}?${encodeQuery([['ns', context.reference.host]])}` : path,
    headers,
    want,
  };
}

/** request.String. */
export function requestUrl({ target: { host }, path }: RegistryRequest): string {
  return `${host.scheme}://${host.host}${path}`;
}

/** doWithRetries. */
export function* doWithRetries(request: RegistryRequest, lastHost: boolean): Machine<Result<CallResponse>> {
  const { version } = request.target.client;
  const countsEveryTry = does(version, 'retriesTransportOnLastHost');
  const responses: CallResponse[] = [];
  for (let tries = 1; ; tries++) {
    const before = responses.at(-1)?.status;
    const answer = yield* doOnce(request, (status, headers, host) => isClosedUnread(request, before, lastHost, { status, headers, host }));
    if (!answer.ok) {
      if (countsEveryTry && lastHost && tries < maxAttempts && isTransient(answer.error)) continue;
      return answer;
    }
    responses.push(answer.value);
    // Before 2.3.2 the sixth answer is taken before anyone looks at it; since then a 401 still counts when no try is left.
    if (!countsEveryTry && responses.length > maxAttempts) return answer;
    const next = retryRequest(request, responses, lastHost);
    if (next.error) return fail(next.error);
    if (!next.retry || (countsEveryTry && tries >= maxAttempts)) return answer;
  }
}

const maxAttempts = 5;

/** dockerBase.request: the resolver's headers, then the host's. Before 2.1 the resolver has its user agent before the host is looked at. */
export function baseHeaders({ version, headers }: PullContext, host: RegistryHost): Headers {
  const resolver = flatten(headers).filter(([name]) => name !== 'Accept');
  if (does(version, 'userAgentOfHost')) return withUserAgent([...resolver, ...flatten(host.headers)], version);
  const hasAgent = resolver.some(([name]) => name === 'User-Agent');
  return [...(hasAgent ? resolver : withUserAgent(resolver, version)), ...flatten(host.headers)];
}

/** request.do. */
function* doOnce(request: RegistryRequest, closesUnread: Call['closesUnread'] & {}): Machine<Result<CallResponse>> {
  const { client, authorizer } = request.target;
  const url = parseUrl(requestUrl(request));
  if (!url.ok) return fail(pullError(url.error));
  const token = authorizer ? yield* authorize(authorizer, url.url) : ok(undefined);
  if (!token.ok) return fail(wrap('failed to authorize', token.error));
  const redirect: AuthorizeRedirect | undefined = authorizer && ((target: GoUrl) => authorize(authorizer, target));
  const answer = yield* callWithRedirects(
    client,
    {
      phase: request.phase,
      method: request.method,
      url: requestUrl(request),
      // Nobody authorizes for the address of a foreign layer: a manifest names it.
      registry: authorizer ? request.target.host.host : '',
      headers: token.value === undefined ? request.headers : setHeader(request.headers, 'Authorization', token.value.value),
      want: request.want,
      closesUnread,
    },
    redirect,
  );
  return answer.ok ? answer : fail(wrap('failed to do request', answer.error));
}

interface Retry {
  readonly retry: boolean;
  readonly error?: PullError;
}

/** retryRequest. */
function retryRequest(request: RegistryRequest, responses: readonly CallResponse[], lastHost: boolean): Retry {
  const last = responses.at(-1);
  const { authorizer } = request.target;
  switch (last?.status) {
    case 401: {
      const verdict = authorizer
        ? addResponses(authorizer, responses, hostOf(last.url), request.target.host.host)
        : { kind: 'unsupported' as const };
      return verdict.kind === 'error' ? { retry: false, error: { ...verdict.error, request: last } } : { retry: verdict.kind === 'retry' };
    }
    case 405: {
      const switches = request.method === 'HEAD' && request.path.includes('/manifests/');
      if (switches) request.method = 'GET';
      return { retry: switches };
    }
    case 408:
    case 429:
      return { retry: true };
    default:
      return { retry: last !== undefined && retries5xx(request, responses.at(-2)?.status, last.status, lastHost) };
  }
}

function retries5xx({ target: { client } }: RegistryRequest, before: number | undefined, status: number, lastHost: boolean): boolean {
  return [500, 503, 504].includes(status) && does(client.version, 'retries5xxOnLastHost') && lastHost && before !== status;
}

/** doWithRetries closes what it has made again, and dockerFetcher.open a 404, with its body unread. */
function isClosedUnread(
  request: RegistryRequest,
  before: number | undefined,
  lastHost: boolean,
  { status, headers, host }: Pick<CallResponse, 'status' | 'headers'> & { readonly host: string },
): boolean {
  const { authorizer } = request.target;
  if (status === 401) return authorizer !== undefined && answersChallenge(authorizer, headers, host);
  return [404, 408, 429].includes(status) || retries5xx(request, before, status, lastHost);
}

function hostOf(url: string): string {
  const parsed = parseUrl(url);
  return parsed.ok ? parsed.url.host : '';
}

/** isTransientTransportErr. What counts as an expired context is never tried again, and a timed out dial counts as one. */
function isTransient({ failure }: PullError): boolean {
  if (!failure || isDeadline(failure) || failure.kind === 'cancelled') return false;
  return failure.kind === 'eof' || failure.kind === 'unexpected-eof' || isTimeout(failure);
}
