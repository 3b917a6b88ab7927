/** core/remotes/docker/auth/fetch.go: a bearer token by GET, or by POST when there is a secret. */
import { base64, utf8 } from '../go/bytes';
import { decode, field } from '../go/json';
import { unmarshalTypeError, type GoStruct } from '../go/jsonTypes';
import { encodeQuery, formatUrl, parseQuery, parseUrl } from '../go/url';
import type { Message } from '../text/message';
import type { Version } from '../versions/versions';
import { does } from './behaviours';
import type { Challenge } from './challenge';
import { callWithRedirects, type Call, type CallResponse, type Client } from './client';
import type { Credentials } from './credentials';
import { fetchTokenResponse, oauthTokenResponse } from './documents';
import { fail, ok, pullError, wrap, type Result } from './errors';
import { setHeader, type Headers } from './headers';
import type { Machine } from './machine';
import { statusError } from './statusError';
import { withUserAgent } from './userAgent';

export interface TokenOptions {
  readonly realm: string;
  readonly service: string;
  readonly scopes: readonly string[];
  readonly credentials: Credentials;
  /** The host that was asked first: a realm elsewhere is one that it leads to. */
  readonly registry: string;
  /** Why credentials are not to be sent, if so. */
  readonly refuse?: Message;
}

/** A token answer larger than this is no token. */
const maxTokenBytes = 1_000_000;

/** GenerateTokenOptions. */
export function tokenOptions(
  version: Version,
  { parameters }: Challenge,
  credentials: Credentials,
  registry: string,
): Result<TokenOptions> {
  const realm = parameters.get('realm');
  if (realm === undefined) return fail(pullError('no realm specified for token auth challenge'));
  const parsed = parseUrl(realm);
  if (!parsed.ok) return fail(pullError(`invalid token auth challenge realm: ${parsed.error}`));
  const scope = parameters.get('scope');
  const scopes = scope === undefined ? [] : does(version, 'scopesAreSplit') ? scope.split(' ') : [scope];
  return ok({ realm: formatUrl(parsed.url), service: parameters.get('service') ?? '', scopes, credentials, registry });
}

/** FetchToken. */
export function* fetchToken(client: Client, headers: Headers, options: TokenOptions): Machine<Result<string>> {
  const realm = parseUrl(options.realm);
  if (!realm.ok) return fail(pullError(realm.error));
  const { username, secret } = options.credentials;
  const query = encodeQuery([
    ...parseQuery(realm.url.query),
    ...(options.service === '' ? [] : [['service', options.service] as const]),
    ...options.scopes.map((scope) => ['scope', scope] as const),
  ]);
  const own = withUserAgent(headers, client.version);
  const answer = yield* tokenCall(client, {
    method: 'GET',
    url: formatUrl({ ...realm.url, query: query === '' ? undefined : query }),
    headers: secret === '' ? own : setHeader(own, 'Authorization', `Basic ${base64(utf8(`${username}:${secret}`))}`),
    registry: options.registry,
    refuse: secret === '' ? undefined : options.refuse,
  });
  return answer.ok ? tokenOf(client, answer.value, fetchTokenResponse, ['access_token', 'token']) : answer;
}

/** FetchTokenWithOAuth. */
export function* fetchTokenWithOAuth(client: Client, headers: Headers, options: TokenOptions): Machine<Result<string>> {
  const { username, secret } = options.credentials;
  const form = encodeQuery([
    ...(options.scopes.length === 0 ? [] : [['scope', options.scopes.join(' ')] as const]),
    ['service', options.service],
    ['client_id', 'containerd-client'],
    ...(username === ''
      ? ([
          ['grant_type', 'refresh_token'],
          ['refresh_token', secret],
        ] as const)
      : ([
          ['grant_type', 'password'],
          ['username', username],
          ['password', secret],
        ] as const)),
  ]);
  const answer = yield* tokenCall(client, {
    method: 'POST',
    url: options.realm,
    headers: [['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'], ...withUserAgent(headers, client.version)],
    body: form,
    registry: options.registry,
    refuse: options.refuse,
  });
  return answer.ok ? tokenOf(client, answer.value, oauthTokenResponse, ['access_token']) : answer;
}

function* tokenCall(client: Client, call: Omit<Call, 'phase' | 'want'>): Machine<Result<CallResponse>> {
  const answer = yield* callWithRedirects(client, { ...call, phase: 'token', want: { body: 'text', maxBytes: maxTokenBytes } });
  if (!answer.ok) return answer;
  const { status } = answer.value;
  return status < 200 || status >= 400 ? fail(statusError(client.version, answer.value)) : answer;
}

function tokenOf({ go }: Client, response: CallResponse, type: GoStruct, names: readonly string[]): Result<string> {
  const decoded = decode(response.body ?? '', go);
  const unread = response.bodyFailure?.kind === 'words' ? response.bodyFailure.text : undefined;
  const problem = unread ?? (decoded.ok ? unmarshalTypeError(decoded.value, type, go) : decoded.error);
  if (!decoded.ok || problem !== undefined) return fail(wrap('unable to decode token response', pullError(problem ?? '')));
  const token = names.map((name) => field(decoded.value, name)).find((value) => typeof value === 'string' && value !== '');
  return typeof token === 'string' ? ok(token) : fail(pullError('authorization server did not include a token in the response'));
}
