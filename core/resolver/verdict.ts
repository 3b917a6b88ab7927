/** What is really wrong: the attempt that decides, its class, and whether the reported error tells of another one. */
import { hostname, parseUrl } from '../go/url';
import type { HttpOutcome, NetFailure } from '../ports';
import { parseChallenges } from './challenge';
import { headerValue } from './headers';
import type { Attempt } from './observations';
import type { PullResult } from './pull';

export interface Verdict {
  /** -1: the pull failed before any request. */
  readonly attempt: number;
  readonly class: string;
  /** For the words: who it was, and how the attempt failed. */
  readonly args: { readonly host: string; readonly reason: string };
  /** The class of what containerd reports, when that is another attempt's. */
  readonly maskedBy: string | undefined;
}

/** Undefined for a pull that worked. */
export function verdict(attempts: readonly Attempt[], result: PullResult): Verdict | undefined {
  if (result.ok) return undefined;
  const shown = shownAttempt(attempts, result);
  if (shown < 0) {
    const attempt = refusedAttempt(attempts, result);
    return { ...ofText(result.reported, hostOf(attempts[attempt]?.request.url ?? '')), attempt, maskedBy: undefined };
  }
  const runs = runsOf(attempts);
  const root = decisive(
    attempts,
    runs,
    runs.find(({ first, last }) => first <= shown && shown <= last),
  );
  const index = root ? finalFailure(attempts, root) : shown;
  const decided = describeAttempt(attempts, index);
  const reported = describeAttempt(attempts, shown);
  const isMasked = index !== shown && reported.class !== decided.class;
  return { ...decided, attempt: index, maskedBy: isMasked ? reported.class : undefined };
}

/** What one attempt failed of; `other` for one that did not fail. */
export function classOfAttempt(attempts: readonly Attempt[], index: number): string {
  return describeAttempt(attempts, index).class;
}

interface Run {
  readonly first: number;
  last: number;
  readonly host: string;
  /** TLS settings and scheme: two entries for one server differ in them. */
  readonly client: Client;
  /** manifests or blobs, with what was asked for. */
  readonly what: string;
  readonly phase: Attempt['phase'];
}

interface Client {
  readonly tls: string;
  readonly secure: boolean;
}

/** Attempts that belong to one question to one host: its retries, redirects and tokens. */
function runsOf(attempts: readonly Attempt[]): readonly Run[] {
  const runs: Run[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const run = runs.at(-1);
    const previous = attempts[index - 1];
    const [host, what, client] = [hostOf(attempt.request.url), whatOf(attempt.request.url), clientOf(attempt)];
    const continues =
      attempt.phase === 'token' ||
      isRedirect(previous?.outcome) ||
      (run?.host === host &&
        run.what === what &&
        run.phase === attempt.phase &&
        (isSameClient(run.client, client) || speaksPlainHttp(previous?.outcome)));
    if (run && continues) run.last = index;
    else runs.push({ first: index, last: index, host, what, client, phase: attempt.phase });
  }
  return runs;
}

function clientOf({ request: { tls, url } }: Attempt): Client {
  return { tls: JSON.stringify(tls ?? null), secure: url.startsWith('https:') };
}

/** Then the same server is asked again without TLS, and what it says to that counts. */
function speaksPlainHttp(outcome: HttpOutcome | undefined): boolean {
  return outcome?.ok === false && outcome.failure.kind === 'http-response-to-https';
}

/** From https to http one client goes by itself (httpFallback), never the other way. */
function isSameClient(before: Client, after: Client): boolean {
  return before.tls === after.tls && (before.secure || !after.secure);
}

/**
 * The run that decides: the last host asked for what the shown error is about, for it has the final say. A blob that a resolve fell back
 * to is not what was wanted: there the manifest's run decides. A hosts.toml often names a server in an entry of its own, and without the
 * entry's CA or scheme it is asked again at the end: then the run that got an answer decides, else the entry's.
 */
function decisive(attempts: readonly Attempt[], runs: readonly Run[], shown: Run | undefined): Run | undefined {
  if (!shown) return undefined;
  const wanted = shown.phase === 'resolve' ? shown.what.replace(/^blobs\//, 'manifests/') : shown.what;
  const asked = runs.filter(({ phase, what }) => phase === shown.phase && what === wanted);
  const same = asked.filter(({ host }) => host === asked.at(-1)?.host);
  return same.find((run) => attempts[finalFailure(attempts, run)]?.outcome.ok) ?? same[0] ?? shown;
}

/** The last attempt of a run that failed. */
function finalFailure(attempts: readonly Attempt[], { first, last }: Run): number {
  for (let index = last; index > first; index--) if (failed(attempts[index]?.outcome)) return index;
  return first;
}

function shownAttempt(attempts: readonly Attempt[], { request }: Extract<PullResult, { ok: false }>): number {
  if (!request) return -1;
  // Two entries of a hosts.toml may name one URL: the answer tells which of the two is shown.
  const answered = attempts.findLastIndex(
    ({ request: { method, url }, outcome }) =>
      method === request.method && url === request.url && (outcome.ok ? outcome.status : undefined) === request.status,
  );
  return answered < 0 ? indexOf(attempts, request) : answered;
}

/** Content is refused after its request; what says nothing of one came last. */
function refusedAttempt(attempts: readonly Attempt[], { content }: Extract<PullResult, { ok: false }>): number {
  const found = content ? indexOf(attempts, content) : -1;
  return found < 0 ? attempts.length - 1 : found;
}

function indexOf(attempts: readonly Attempt[], { method, url }: Pick<Attempt['request'], 'url'> & { readonly method: string }): number {
  return attempts.findLastIndex(({ request }) => request.method === method && request.url === url);
}

type Described = Pick<Verdict, 'class' | 'args'>;

function describeAttempt(attempts: readonly Attempt[], index: number): Described {
  const attempt = attempts[index];
  if (!attempt) return said('other', '', '');
  const host = hostOf(attempt.request.url);
  const { outcome, phase } = attempt;
  if (!outcome.ok)
    return said(failureClass(outcome.failure, phase, isRedirect(attempts[index - 1]?.outcome)), host, reasonOf(outcome.failure));
  return said(statusClass(attempt, outcome.status), host, String(outcome.status));
}

function said(id: string, host: string, reason: string): Described {
  return { class: id, args: { host, reason } };
}

function failureClass(failure: NetFailure, phase: Attempt['phase'], redirected: boolean): string {
  const own = transportClass(failure);
  if (phase === 'token' && own.startsWith('net.')) return 'auth.token-endpoint';
  return redirected && phase !== 'resolve' && own.startsWith('net.') ? 'net.blob-host-blocked' : own;
}

/** The class of a request that brought no answer. */
export function transportClass(failure: NetFailure): string {
  switch (failure.kind) {
    case 'lookup':
      return failure.reason === 'no such host' ? 'dns.nxdomain' : 'dns.server-failure';
    case 'dial':
      return failure.reason.includes('timeout') || failure.reason.includes('timed out') ? 'net.timeout' : 'net.refused-or-no-route';
    case 'read':
    case 'write':
      return failure.reason.endsWith('i/o timeout') ? 'net.timeout' : 'net.reset-or-eof';
    case 'tls-handshake-timeout':
    case 'response-header-timeout':
    case 'deadline':
      return 'net.timeout';
    case 'http-response-to-https':
      return 'tls.scheme-mismatch';
    case 'proxyconnect':
    case 'proxy-status':
      return 'net.proxy';
    case 'tls':
      return tlsClass(failure.reason.kind);
    case 'eof':
    case 'unexpected-eof':
    case 'malformed-response':
      return 'net.reset-or-eof';
    default:
      return 'other';
  }
}

function tlsClass(kind: Extract<NetFailure, { kind: 'tls' }>['reason']['kind']): string {
  switch (kind) {
    case 'unknown-authority':
    case 'not-a-ca':
    case 'too-weak':
      return 'tls.unknown-ca';
    case 'hostname':
      return 'tls.san-mismatch';
    case 'expired':
    case 'not-yet-valid':
      return 'tls.expired-or-clock';
    case 'record-header':
      return 'tls.scheme-mismatch';
    default:
      return 'tls.client-cert-or-protocol';
  }
}

function statusClass({ request, outcome, phase }: Attempt, status: number): string {
  const authorization = headerValue(request.headers, 'authorization');
  const hasSecret = authorization?.startsWith('Basic ') === true || request.method === 'POST';
  if (phase === 'token') {
    if (status >= 400 && hasSecret && [400, 401, 403].includes(status)) return 'auth.bad-or-expired-credentials';
    return status === 429 ? 'rate.too-many-requests' : 'auth.token-endpoint';
  }
  switch (status) {
    case 401:
      return unauthorizedClass(authorization, outcome);
    case 403:
      return 'authz.denied-403';
    case 404:
      // Content whose media type is none of a manifest is asked for as a blob.
      return phase === 'manifest' && whatOf(request.url).startsWith('blobs/') ? 'manifest.not-an-image' : 'notfound.manifest';
    case 429:
      return 'rate.too-many-requests';
    default:
      return status >= 300 ? 'registry.5xx' : 'manifest.not-an-image';
  }
}

/** A 401: nothing was sent, the wrong thing was sent, or a token that does not reach far enough. */
function unauthorizedClass(authorization: string | undefined, outcome: HttpOutcome): string {
  if (authorization === undefined) return 'auth.no-credentials';
  const [challenge] = outcome.ok ? parseChallenges(outcome.headers) : [];
  if (challenge?.parameters.get('error') === 'insufficient_scope') return 'authz.insufficient-scope';
  return 'auth.bad-or-expired-credentials';
}

/** Errors that no request tells of, by containerd's own words. */
function ofText(text: string, host: string): Described {
  return said(textClasses.find(([words]) => text.includes(words))?.[1] ?? 'other', host, '');
}

const textClasses: readonly (readonly [string, string])[] = [
  ['failed to parse image reference', 'ref.invalid'],
  [': invalid reference', 'ref.invalid'],
  ['hostname required', 'ref.invalid'],
  ['object required', 'ref.invalid'],
  ['no resolve hosts', 'config.hosts-toml-invalid'],
  ['no pull hosts', 'config.hosts-toml-invalid'],
  ['unable to read CA cert', 'config.hosts-toml-invalid'],
  ['unable to load CA cert', 'config.hosts-toml-invalid'],
  ['unable to read CERT file', 'config.hosts-toml-invalid'],
  ['failed to load X509 key pair', 'config.hosts-toml-invalid'],
  ['hosts.toml', 'config.hosts-toml-invalid'],
  ['no match for platform', 'platform.mismatch'],
  ['chema 1', 'manifest.schema1'],
  ['prettyjws', 'manifest.schema1'],
  ['no signatures', 'manifest.schema1'],
  ['method Transfer not implemented', 'manifest.schema1'],
  ['failed commit on ref', 'content.digest-mismatch'],
  ['short read', 'content.digest-mismatch'],
  ['failed to read expected number of bytes', 'content.digest-mismatch'],
  ['not a valid digest', 'content.digest-mismatch'],
  ['wrong diff id', 'content.image-metadata-wrong'],
  ["layers and diffIDs don't match", 'content.image-metadata-wrong'],
  ['mismatched image rootfs', 'manifest.not-an-image'],
  ['content digest', 'manifest.legacy-config'],
  ['no processor for media-type', 'manifest.not-an-image'],
  ['unexpected media type', 'manifest.not-an-image'],
  ['Target.MediaType must be set', 'manifest.not-an-image'],
  ['rejecting', 'manifest.not-an-image'],
  ['children: invalid desc', 'manifest.not-an-image'],
  ['content size of zero', 'manifest.not-an-image'],
];

function reasonOf(failure: NetFailure): string {
  if (failure.kind === 'proxyconnect') return reasonOf(failure.cause);
  if (failure.kind === 'proxy-status') return failure.statusText;
  if ('reason' in failure && typeof failure.reason === 'string') return failure.reason;
  if (failure.kind === 'tls') return failure.reason.kind === 'alert' ? failure.reason.name : failure.reason.kind;
  return failure.kind;
}

function failed(outcome: HttpOutcome | undefined): boolean {
  return outcome !== undefined && (!outcome.ok || outcome.status >= 300 || outcome.bodyFailure !== undefined);
}

function isRedirect(outcome: HttpOutcome | undefined): boolean {
  return outcome?.ok === true && outcome.status >= 300 && outcome.status < 400 && headerValue(outcome.headers, 'location') !== undefined;
}

function hostOf(url: string): string {
  const parsed = parseUrl(url);
  return parsed.ok ? parsed.url.host : hostname(url);
}

function whatOf(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  return path.split('/').slice(-2).join('/');
}
