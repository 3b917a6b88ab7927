/** net/http Client: one call with its redirects, and containerd's https-to-http fallback below it. */
import { base64, utf8 } from '../go/bytes';
import { minorOf } from '../go/json';
import { failureText, isDeadline, isTimeout } from '../go/netErrors';
import { quote } from '../go/quote';
import { formatUrl, hostname, isIpAddress, parseUrl, portOf, resolveUrl, stripPassword, userOf, type GoUrl } from '../go/url';
import type { HttpRequest, HttpResponse, NetFailure, TlsSettings } from '../ports';
import { message, type Message } from '../text/message';
import type { Version } from '../versions/versions';
import { does } from './behaviours';
import { fail, ok, pullError, type PullError, type Result } from './errors';
import { headerValue, setHeader, writtenHeaders, type Headers } from './headers';
import type { Machine, Phase } from './machine';
import { metadataHost } from './metadata';

/** What a host's transport is set up with; `fallback` is the httpFallback round tripper and what it has learnt. */
export interface Client {
  readonly version: Version;
  readonly go: string;
  readonly tls: TlsSettings | undefined;
  readonly dialTimeoutMs: number;
  /** Its http.Transport: HttpRequest.transport. */
  readonly transport: string;
  readonly fallback: { host: string | undefined } | undefined;
}

export interface Call {
  readonly phase: Phase;
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string;
  readonly want: HttpRequest['want'];
  /** The host that a person named, with its port: every other is one that a registry leads to. Empty where all of them are. */
  readonly registry: string;
  /** HttpRequest.closesUnread of an answer that came from `host`. */
  readonly closesUnread?: (status: number, headers: HttpResponse['headers'], host: string) => boolean;
  /** Why it is not sent: the request would carry a secret to a place it must never reach. */
  readonly refuse?: Message | undefined;
}

export interface CallResponse extends HttpResponse {
  /** Of the request that was answered: after redirects, and http after a fallback. */
  readonly method: string;
  readonly url: string;
}

/** Gives each redirect its authorization: CheckRedirect of request.do. */
export type AuthorizeRedirect = (url: GoUrl) => Machine<Result<Authorization | undefined>>;

/** The value of an Authorization header, and why it is not to be sent, if so. */
export interface Authorization {
  readonly value: string;
  readonly refuse?: Message;
}

const maxRedirects = 10;
const sensitive = new Set(['authorization', 'www-authenticate', 'cookie', 'cookie2']);

/** Client.do. Errors read `Head "URL": cause`, as *url.Error prints. */
export function* callWithRedirects(client: Client, call: Call, authorize?: AuthorizeRedirect): Machine<Result<CallResponse>> {
  const first = parseUrl(call.url);
  if (!first.ok) return fail(pullError(first.error));
  let current: Hop = { method: call.method, url: first.url, headers: call.headers, body: call.body };
  let stripped = false;
  for (let requests = 1; ; requests++) {
    if (current.url.scheme !== 'http' && current.url.scheme !== 'https') {
      return fail(urlError(call.method, stripPassword(current.url), pullError(`unsupported protocol scheme ${quote(current.url.scheme)}`)));
    }
    const answer = yield* roundTrip(client, call, current);
    if (!answer.ok) return fail(urlError(call.method, stripPassword(current.url), answer.error));
    const location = redirectLocation(answer.value, current);
    if (location === undefined) return answer;
    const target = parseUrl(location);
    if (!target.ok) {
      return fail(
        urlError(call.method, answer.value.url, pullError(`failed to parse Location header ${quote(location)}: ${target.error}`)),
      );
    }
    const url = resolveUrl(current.url, target.url);
    stripped ||= !mayKeepSecrets(first.url, url, client.go);
    const headers = call.headers.filter(([name]) => !stripped || !sensitive.has(name.toLowerCase()));
    if (requests >= maxRedirects) return fail(urlError(call.method, location, pullError('stopped after 10 redirects')));
    const token = authorize ? yield* authorize(url) : ok(undefined);
    if (!token.ok)
      return fail(urlError(call.method, location, { ...token.error, text: `failed to authorize redirect: ${token.error.text}` }));
    const carried = token.value === undefined ? headers : setHeader(headers, 'Authorization', token.value.value);
    const inClear = first.url.scheme === 'https' && url.scheme === 'http' ? refuseInClear(url, carried) : undefined;
    const refuse = token.value?.refuse ?? inClear;
    current = { ...nextMethod(current, answer.value.status), url, headers: carried, ...(refuse !== undefined && { refuse }) };
  }
}

interface Hop {
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly url: GoUrl;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly refuse?: Message;
}

/** containerd would send them: to the same host Go's client takes them along whatever the scheme. */
function refuseInClear({ host }: GoUrl, headers: Headers): Message | undefined {
  if (headerValue(headers, 'authorization') === undefined) return undefined;
  return message('replay-stopped/in-clear', { host });
}

/** httpFallback.RoundTrip: https first, http when the peer speaks no TLS; once fallen back, straight to http. */
function* roundTrip(client: Client, call: Call, hop: Hop): Machine<Result<CallResponse>> {
  const { fallback } = client;
  if (!fallback || hop.url.scheme !== 'https') return yield* send(client, call, hop);
  if (fallback.host !== hop.url.host) {
    const answer = yield* send(client, call, hop);
    if (answer.ok || !fallsBack(client.version, answer.error.failure, hop.url.host)) return answer;
    fallback.host = hop.url.host;
  }
  return yield* send(client, call, { ...hop, url: { ...hop.url, scheme: 'http' } });
}

/** isTLSError, isPortError. */
function fallsBack(version: Version, failure: NetFailure | undefined, host: string): boolean {
  if (!failure) return false;
  if (failure.kind === 'http-response-to-https') return true;
  if (failure.kind === 'tls-handshake-timeout') return does(version, 'fallbackOnHandshakeTimeout');
  if (!does(version, 'fallbackOnPort') || portOf(host) !== '') return false;
  return isTimeout(failure) || (failure.kind === 'dial' && failure.reason === 'connection refused');
}

function* send(client: Client, call: Call, hop: Hop): Machine<Result<CallResponse>> {
  const { closesUnread } = call;
  const invalid = invalidRequest(hop);
  if (invalid !== undefined) return fail(pullError(invalid));
  const url = formatUrl({ ...hop.url, fragment: undefined });
  const name = hostname(hop.url.host);
  const led = name.toLowerCase() !== hostname(call.registry).toLowerCase();
  const request: HttpRequest = {
    method: hop.method,
    url,
    headers: writtenHeaders(withUserOfUrl(hop)),
    ...(hop.body === undefined ? {} : { body: hop.body }),
    tls: hop.url.scheme === 'https' ? client.tls : undefined,
    dialTimeoutMs: client.dialTimeoutMs,
    ...(led && !isIpAddress(name) && { led }),
    transport: client.transport,
    // Go since 1.27 reads what is left of an answer that is closed, and keeps the connection (bodyEOFSignal).
    ...(closesUnread && minorOf(client.go) < 27 && { closesUnread: (status, headers) => closesUnread(status, headers, hop.url.host) }),
    want: call.want,
  };
  const refuse = hop.refuse ?? call.refuse ?? (led ? metadataHost(name) : undefined);
  const outcome = yield { phase: call.phase, request, ...(refuse === undefined ? {} : { refuse }) };
  if (outcome.ok) return ok({ ...outcome, method: hop.method, url });
  return fail({ ...pullError(failureText(outcome.failure, client.go), failureCode(outcome.failure)), failure: outcome.failure, request });
}

/** Client.send: a user in the URL, a redirect's too, stands in for an Authorization header. */
function withUserOfUrl({ headers, url }: Hop): Headers {
  const user = userOf(url);
  if (user === undefined || headerValue(headers, 'authorization') !== undefined) return headers;
  return setHeader(headers, 'Authorization', `Basic ${base64(utf8(`${user.name}:${user.password ?? ''}`))}`);
}

/** http.Transport.roundTrip looks before it sends anything: httpguts.ValidHeaderFieldName, ValidHeaderFieldValue, then the URL. */
function invalidRequest({ headers, url }: Hop): string | undefined {
  for (const [name, value] of headers) {
    if (!/^[!#$%&'*+.^`|~\w-]+$/.test(name)) return `net/http: invalid header field name ${quote(name)}`;
    if (hasControl(value)) return `net/http: invalid header field value for ${quote(name)}`;
  }
  return url.host === '' ? 'http: no Host in request URL' : undefined;
}

function hasControl(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

function failureCode(failure: NetFailure): PullError['code'] {
  if (failure.kind === 'cancelled') return 'Canceled';
  return isDeadline(failure) ? 'DeadlineExceeded' : 'Unknown';
}

/** url.Error.Error: the method of the first request, in title case. */
function urlError(method: string, url: string, cause: PullError): PullError {
  const op = method.charAt(0) + method.slice(1).toLowerCase();
  return { ...cause, text: `${op} ${quote(url)}: ${cause.text}`, urlErrorUrl: url };
}

/** redirectBehavior: 300, 304 and a 3xx without Location are answers. */
function redirectLocation(response: CallResponse, hop: Hop): string | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const location = headerValue(response.headers, 'location');
  if (location === undefined || location === '') return undefined;
  return response.status >= 307 && hop.body === undefined && hop.method === 'POST' ? undefined : location;
}

function nextMethod(hop: Hop, status: number): Pick<Hop, 'method' | 'body'> {
  if (status >= 307) return { method: hop.method, body: hop.body };
  return { method: hop.method === 'HEAD' ? 'HEAD' : 'GET', body: undefined };
}

/** shouldCopyHeaderOnRedirect: secrets stay with the host and its sub-domains; to Go up to 1.19 another port is another host. */
function mayKeepSecrets(from: GoUrl, to: GoUrl, go: string): boolean {
  return (minorOf(go) >= 20 || portNumber(from) === portNumber(to)) && isWithin(from.host, to.host);
}

/** The same host or one of its sub-domains, whatever the port. */
export function isWithin(from: string, to: string): boolean {
  const [initial, target] = [hostname(from).toLowerCase(), hostname(to).toLowerCase()];
  if (initial === target) return true;
  return !/[:%]/.test(initial) && !/^[\d.]+$/.test(initial) && target.endsWith(`.${initial}`);
}

/** canonicalAddr. */
function portNumber({ scheme, host }: GoUrl): string {
  return portOf(host) || (scheme === 'https' ? '443' : '80');
}
