/** docker.dockerAuthorizer: learns from 401 answers how to authorize later requests to the same host. */
import { base64, utf8 } from '../go/bytes';
import type { GoUrl } from '../go/url';
import { message, type Message } from '../text/message';
import type { Version } from '../versions/versions';
import { does } from './behaviours';
import { parseChallenges, type Challenge } from './challenge';
import { isWithin, type Authorization, type CallResponse, type Client } from './client';
import type { Credentials, CredentialSource } from './credentials';
import { fail, ok, pullError, wrap, type PullError, type Result } from './errors';
import type { Headers } from './headers';
import type { Machine } from './machine';
import { fetchToken, fetchTokenWithOAuth, tokenOptions, type TokenOptions } from './token';

export interface Authorizer {
  readonly client: Client;
  readonly credentials: CredentialSource;
  /** WithAuthHeader: go with every token request. */
  readonly headers: Headers;
  /** Scope of the reference: ContextWithRepositoryScope. */
  readonly scope: string;
  readonly handlers: Map<string, Handler>;
}

type Handler =
  | { readonly scheme: 'basic'; readonly authorization: Authorization }
  | { readonly scheme: 'bearer'; readonly options: TokenOptions; readonly tokens: Map<string, Result<string> | 'asked'> };

/** Authorize: the Authorization header for a request to this host, undefined when nothing is known of it yet. */
export function* authorize(authorizer: Authorizer, url: GoUrl): Machine<Result<Authorization | undefined>> {
  const handler = authorizer.handlers.get(url.host);
  if (!handler) return ok(undefined);
  if (handler.scheme === 'basic') return ok(handler.authorization);
  const token = yield* bearer(authorizer, handler);
  return token.ok ? ok({ value: token.value }) : token;
}

/** What AddResponses says of a 401: try again, give up with an error, or take the answer as it is. */
export type Verdict = { readonly kind: 'retry' } | { readonly kind: 'unsupported' } | { readonly kind: 'error'; readonly error: PullError };

/** AddResponses; `responses` are those to this request so far, the last one is the 401; `registry` is the host that was asked first. */
export function addResponses(authorizer: Authorizer, responses: readonly CallResponse[], host: string, registry: string): Verdict {
  const { version } = authorizer.client;
  for (const challenge of parseChallenges(responses.at(-1)?.headers ?? [])) {
    if (challenge.scheme === 'bearer') return addBearer(authorizer, challenge, responses, host, registry);
    if (challenge.scheme === 'basic' && authorizer.credentials) {
      const verdict = addBasic(authorizer, host, registry, version);
      if (verdict) return verdict;
    }
  }
  return { kind: 'unsupported' };
}

/** Whether AddResponses does something about these challenges: it has the request made again, or ends it with an error. */
export function answersChallenge({ credentials, client }: Authorizer, headers: CallResponse['headers'], host: string): boolean {
  return parseChallenges(headers).some(({ scheme }) => {
    if (scheme !== 'basic' || !credentials) return scheme === 'bearer';
    const found = credentials(host);
    if (!found.ok || does(client.version, 'basicNeedsCredentials')) return true;
    return found.value.username !== '' && found.value.secret !== '';
  });
}

/**
 * A registry may lead to any host, and containerd gives each that asks the credentials of the registry. The replay stops there, unless
 * they were given for that host.
 */
function refuseAway(
  { credentials }: Authorizer,
  { username, secret }: Credentials,
  registry: string,
  host: string,
): { readonly refuse?: Message } {
  const own = credentials?.(registry);
  const isOfRegistry = own?.ok === true && own.value.username === username && own.value.secret === secret;
  return !isOfRegistry || isWithin(registry, host) ? {} : { refuse: message('replay-stopped/led-away', { registry, host }) };
}

function addBearer(
  authorizer: Authorizer,
  challenge: Challenge,
  responses: readonly CallResponse[],
  host: string,
  registry: string,
): Verdict {
  const { handlers, credentials, client } = authorizer;
  const said = challenge.parameters.get('error') ?? '';
  if (said !== '') {
    if (isRepeated(responses)) {
      handlers.delete(host);
      return { kind: 'error', error: { ...pullError(`server message: ${said}: authorization failed`), invalidAuthorization: true } };
    }
    if (does(client.version, 'rejectedTokenIsForgotten')) handlers.delete(host);
  }
  if (handlers.has(host)) return { kind: 'retry' };
  const found = credentials?.(host) ?? ok({ username: '', secret: '' });
  if (!found.ok) return { kind: 'error', error: found.error };
  const options = tokenOptions(client.version, challenge, found.value, registry);
  if (!options.ok) return { kind: 'error', error: options.error };
  handlers.set(host, {
    scheme: 'bearer',
    options: { ...options.value, ...refuseAway(authorizer, found.value, registry, host) },
    tokens: new Map(),
  });
  return { kind: 'retry' };
}

function addBasic(authorizer: Authorizer, host: string, registry: string, version: Version): Verdict | undefined {
  const { credentials, handlers } = authorizer;
  const found = credentials?.(host) ?? ok({ username: '', secret: '' });
  if (!found.ok) return { kind: 'error', error: found.error };
  const { username, secret } = found.value;
  if (username === '' || secret === '') {
    if (!does(version, 'basicNeedsCredentials')) return undefined;
    return { kind: 'error', error: { ...pullError('authorization failed: no basic auth credentials'), invalidAuthorization: true } };
  }
  const value = `Basic ${base64(utf8(`${username}:${secret}`))}`;
  handlers.set(host, { scheme: 'basic', authorization: { value, ...refuseAway(authorizer, found.value, registry, host) } });
  return { kind: 'retry' };
}

/** invalidAuthorization: the same request was refused before. */
function isRepeated(responses: readonly CallResponse[]): boolean {
  const [before, last] = responses.slice(-2);
  return before !== undefined && last !== undefined && before.method === last.method && before.url === last.url;
}

/** doBearerAuth: one token per set of scopes; an error is remembered like a token. */
function* bearer(authorizer: Authorizer, handler: Extract<Handler, { scheme: 'bearer' }>): Machine<Result<string>> {
  const scopes = [...new Set([authorizer.scope, ...handler.options.scopes])].sort(byCodeUnit);
  const key = scopes.join(' ');
  // "only one fetch token job": requests that run side by side wait for it.
  if (handler.tokens.get(key) === 'asked') yield { until: () => handler.tokens.get(key) !== 'asked' };
  const known = handler.tokens.get(key);
  if (known !== undefined && known !== 'asked') return known;
  handler.tokens.set(key, 'asked');
  const token = yield* newToken(authorizer, { ...handler.options, scopes });
  const value = token.ok ? ok(`Bearer ${token.value}`) : token;
  handler.tokens.set(key, value);
  return value;
}

function* newToken(authorizer: Authorizer, options: TokenOptions): Machine<Result<string>> {
  const { client, headers } = authorizer;
  if (options.credentials.secret === '') {
    const token = yield* fetchToken(client, headers, options);
    return token.ok ? token : fail(wrap('failed to fetch anonymous token', token.error));
  }
  let token = yield* fetchTokenWithOAuth(client, headers, options);
  if (!token.ok && fallsBackToGet(client.version, token.error.status, options)) token = yield* fetchToken(client, headers, options);
  return token.ok ? token : fail(wrap('failed to fetch oauth token', token.error));
}

/** Registries without the POST endpoint answer in various ways. */
function fallsBackToGet(version: Version, status: number | undefined, { credentials }: TokenOptions): boolean {
  if (status === 404 || status === 401) return true;
  if (status === 405) return credentials.username !== '';
  return status === 400 && does(version, 'tokenPost400FallsBack');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
