/**
 * Registries whose behaviour is in the repository's name: `b403` answers 403 to everything, `tok500` has a token server that fails.
 * Two registries (a mirror A, an upstream B), their token server and a closed port, all inside this process: no socket is opened.
 */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { HttpOutcome, HttpRequest } from '../../core/ports';
import { headerValue } from '../../core/resolver/headers';
import { statusText } from '../../core/go/status';
import { imageOf, indexOf, type TestImage } from './scenarioImages';

export const ports = { A: 5601, B: 5602, AUTH: 5603, closed: 5999 } as const;

interface Answer {
  readonly status: number;
  readonly body?: Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Content-Length where it is not that of the body. */
  readonly length?: number | 'none';
  /** The connection ends after that many bytes. */
  readonly cutAt?: number;
}

export class ScenarioRegistry {
  /** `B HEAD /v2/x/b403/manifests/t?ns=one.test -> 403` */
  readonly seen: string[] = [];
  private readonly counts = new Map<string, number>();

  answer(request: HttpRequest): HttpOutcome {
    const url = new URL(request.url);
    const refused = unreachable(url);
    if (refused) return refused;
    const server = Object.entries(ports).find(([, port]) => String(port) === url.port)?.[0] ?? '?';
    const answer = server === 'AUTH' ? tokenAnswer(request, url) : this.registryAnswer(server, request, url);
    const auth = headerValue(request.headers, 'authorization');
    const test = headerValue(request.headers, 'x-test');
    const line = `${server} ${request.method} ${url.pathname}${url.search} -> ${answer === 'eof' ? -2 : answer.status}`;
    this.seen.push(line + (auth === undefined ? '' : ` auth=${auth.slice(0, 40)}`) + (test === undefined ? '' : ` x-test=${test}`));
    return answer === 'eof' ? { ok: false, failure: { kind: 'eof' }, timings: { total: 1 } } : toOutcome(request, answer);
  }

  private registryAnswer(server: string, request: HttpRequest, url: URL): Answer | 'eof' {
    const [name = '', kind = '', ref = ''] = url.pathname.split('/').slice(-3);
    const key = `${name} ${server} ${kind} ${request.method}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    const auth = headerValue(request.headers, 'authorization');
    const asked: Asked = { server, name, kind, ref, url, count, head: request.method === 'HEAD', auth, image: imageOf(name) };
    return mirrorAnswer(asked) ?? authAnswer(asked) ?? (kind === 'manifests' ? manifestAnswer(asked) : blobAnswer(asked));
  }
}

interface Asked {
  readonly server: string;
  readonly name: string;
  readonly kind: string;
  readonly ref: string;
  readonly url: URL;
  readonly count: number;
  readonly head: boolean;
  readonly auth: string | undefined;
  readonly image: TestImage;
}

function unreachable(url: URL): HttpOutcome | undefined {
  const fail = (failure: Extract<HttpOutcome, { ok: false }>['failure']): HttpOutcome => ({ ok: false, failure, timings: { total: 1 } });
  if (url.hostname.endsWith('.invalid') || url.hostname.endsWith('.test') || url.hostname.endsWith('docker.io')) {
    return fail({ kind: 'lookup', host: url.hostname, server: '<DNS>', reason: 'no such host' });
  }
  if (url.port === String(ports.closed)) return fail({ kind: 'dial', address: '127.0.0.1:5999', reason: 'connection refused' });
  return url.protocol === 'https:' ? fail({ kind: 'http-response-to-https' }) : undefined;
}

const codes: Readonly<Record<number, string>> = { 401: 'UNAUTHORIZED', 403: 'DENIED', 404: 'MANIFEST_UNKNOWN', 429: 'TOOMANYREQUESTS' };

function error(status: number, code = 'UNKNOWN', message = 'boom', headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, type: 'application/json', headers, body: Buffer.from(JSON.stringify({ errors: [{ code, message }] })) };
}

function plain(status: number, body: Buffer | string, type?: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: Buffer.from(body), ...(type === undefined ? {} : { type }), headers };
}

/** `aNNN`, `bNNN`, `aNNNbMMM`, `ab404`: a status for everything. */
function mirrorAnswer({ server, name }: Asked): Answer | undefined {
  const both = /^ab(\d{3})$/.exec(name)?.[1];
  const [, a = both, b = both] = /^(?:a(\d{3}))?(?:b(\d{3}))?$/.exec(name) ?? [];
  const status = Number(server === 'A' ? a : b);
  if (!status || status === 200) return undefined;
  return error(status, codes[status], `${server === 'A' ? 'mirror' : 'upstream'} says ${status}`);
}

function challenge(name: string, said = ''): Readonly<Record<string, string>> {
  return {
    'www-authenticate': `Bearer realm="http://127.0.0.1:${ports.AUTH}/token",service="test",scope="repository:${name}:pull"${said}`,
  };
}

function authAnswer({ name, auth }: Asked): Answer | undefined {
  const unauthorized = (header: Readonly<Record<string, string>> = {}): Answer =>
    error(401, 'UNAUTHORIZED', header['www-authenticate'] === undefined ? 'boom' : 'x', header);
  const first = auth === undefined;
  switch (name) {
    case 'b401nohdr':
      return unauthorized();
    case 'b401basic':
      return unauthorized({ 'www-authenticate': 'Basic realm="r"' });
    case 'b401basicok':
      return auth?.startsWith('Basic') === true ? undefined : unauthorized({ 'www-authenticate': 'Basic realm="r"' });
    case 'b401digest':
      return unauthorized({ 'www-authenticate': 'Digest realm="r"' });
    case 'b401norealm':
      return unauthorized({ 'www-authenticate': 'Bearer service="x"' });
    case 'b401scope':
      return unauthorized(challenge(name, first ? '' : ',error="insufficient_scope"'));
    case 'b401invalid':
      return unauthorized(challenge(name, first ? '' : ',error="invalid_token"'));
    case 'b401noerr':
      return unauthorized(challenge(name));
    case 'b403aftertok':
      return first ? unauthorized(challenge(name)) : error(403, 'DENIED', 'requested access to the resource is denied');
    case 'b404aftertok':
      return first ? unauthorized(challenge(name)) : error(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    case 'b401realmdead':
      return unauthorized({ 'www-authenticate': `Bearer realm="http://127.0.0.1:${ports.closed}/token",service="t"` });
    case 'a404b401nohdr':
      return undefined;
    default:
      return name.startsWith('tok') && first ? unauthorized(challenge(name)) : undefined;
  }
}

function tokenAnswer(request: HttpRequest, url: URL): Answer {
  const scope = url.searchParams.get('scope') ?? new URLSearchParams(request.body).get('scope') ?? '';
  const name = scope.split(':')[1] ?? '';
  if (request.method === 'POST') {
    if (/^tokpost40[045]$/.test(name)) return error(Number(name.slice(-3)), 'UNSUPPORTED');
    if (name === 'tokpost403') return error(403, 'DENIED');
    if (name === 'tok401') return error(401, 'UNAUTHORIZED', 'bad creds');
    return plain(200, '{"access_token":"POSTTOK","expires_in":300}', 'application/json');
  }
  if (/^tok[45]\d\d$/.test(name)) return error(Number(name.slice(-3)), 'DENIED', 'token server says no');
  if (name === 'tokempty') return plain(200, '{}', 'application/json');
  if (name === 'tokhtml') return plain(200, '<html>login</html>', 'text/html');
  return plain(200, '{"token":"GETTOK","access_token":"","expires_in":300}', 'application/json');
}

function manifestAnswer(asked: Asked): Answer | 'eof' {
  const { name, ref, head, count, server, url, image } = asked;
  const isIndex = /^idx/.test(name) && ref !== sha256(image.manifest);
  const body = isIndex ? indexOf(name) : image.manifest;
  const type = isIndex ? 'application/vnd.oci.image.index.v1+json' : image.manifestType;
  const digest = { 'docker-content-digest': sha256(body) };
  const good = plain(200, body, type, digest);
  switch (name) {
    case 'a404b401nohdr':
      return server === 'A' ? error(404, 'MANIFEST_UNKNOWN', 'mirror says 404') : error(401, 'UNAUTHORIZED');
    case 'head405getfail':
      return error(head ? 405 : 403, 'DENIED', 'get says no');
    case 'headnodigest':
      return plain(200, body, type);
    case 'headnodigestget403':
      return head ? plain(200, body, type) : error(403, 'DENIED', 'get says no');
    case 'headnolen':
      return { ...good, length: 'none' };
    case 'ctmissing':
      return { status: 200, body, headers: digest };
    case 'ctjson':
      return plain(200, body, 'application/json', digest);
    case 'cttext':
      return plain(200, body, 'text/plain; charset=utf-8', digest);
    case 'cthtml':
      return plain(200, '<html>captive</html>', 'text/html');
    case 'schema1':
    case 'schema1nodigest': {
      const text =
        name === 'schema1'
          ? `{"schemaVersion":1,"name":"x","tag":"t","fsLayers":[{"blobSum":"sha256:${'0'.repeat(64)}"}],"history":[],"signatures":[]}`
          : '{"schemaVersion":1,"fsLayers":[],"signatures":[]}';
      return plain(
        200,
        text,
        'application/vnd.docker.distribution.manifest.v1+prettyjws',
        name === 'schema1' ? { 'docker-content-digest': sha256(Buffer.from(text)) } : {},
      );
    }
    case 'huge':
      return head ? { ...plain(200, '', type, digest), length: 5_000_000 } : plain(200, 'x'.repeat(5_000_000), type, digest);
    case 'zerolen':
      return plain(200, '', type, digest);
    case 'redir301':
      return plain(301, '', 'text/plain', {
        location: `http://127.0.0.1:${server === 'A' ? ports.B : ports.A}/v2/redirtarget/manifests/${ref}`,
      });
    case 'redirloop':
      return plain(302, '', 'text/plain', { location: `${url.pathname}${url.search}` });
    case 'redirnoloc':
      return plain(302, '', 'text/plain');
    case 'st300':
    case 'st304':
      return plain(Number(name.slice(2)), '', 'text/plain');
    case 'mtrunc':
      return head ? good : { ...good, headers: {}, cutAt: Math.floor(body.length / 2) };
    case 'mcorrupt':
      return head ? good : plain(200, Buffer.concat([body.subarray(0, -1), Buffer.from(' ')]), type, digest);
    case 'eof':
      return 'eof';
    case 'm404blob200':
    case 'm500blob200':
      return error(Number(name.slice(1, 4)), name === 'm404blob200' ? 'MANIFEST_UNKNOWN' : 'UNKNOWN');
    case 'b500once':
    case 'b429once':
      return count === 1 ? error(Number(name.slice(1, 4)), codes[Number(name.slice(1, 4))]) : good;
    case 'mtmismatch':
      return plain(200, indexOf('idxok'), type, { 'docker-content-digest': sha256(indexOf('idxok')) });
    default: {
      const get = /^mget(\d{3})$/.exec(name)?.[1];
      return get !== undefined && !head ? error(Number(get), codes[Number(get)]) : good;
    }
  }
}

function blobAnswer({ name, ref, server, image }: Asked): Answer {
  if (/^m(?:404|500)blob200$/.test(name)) return plain(200, image.manifest, 'application/octet-stream');
  const blob = image.blobs.get(ref);
  if (!blob) return error(404, 'BLOB_UNKNOWN');
  const isLayer = ref === image.layer;
  const status = /^(blob|cfg)(\d{3})$/.exec(name);
  if (status?.[1] === 'blob' && isLayer) return error(Number(status[2]), 'DENIED', `blob says ${status[2] ?? ''}`);
  if (status?.[1] === 'cfg' && !isLayer) return status[2] === '404' ? error(404, 'BLOB_UNKNOWN') : error(403, 'DENIED', 'cfg says no');
  const good = plain(200, blob, 'application/octet-stream');
  if (!isLayer) return good;
  switch (name) {
    case 'blobcorrupt':
      return plain(200, Buffer.concat([blob.subarray(0, -1), Buffer.from('X')]), 'application/octet-stream');
    case 'blobshort':
      return plain(200, blob.subarray(0, -5), 'application/octet-stream');
    case 'bloblong':
      return plain(200, Buffer.concat([blob, Buffer.from('XXXXX')]), 'application/octet-stream');
    case 'blobtrunc':
      return { ...good, cutAt: Math.floor(blob.length / 2) };
    case 'blobredir':
    case 'blobredir404':
      if (server === 'A') return error(name === 'blobredir' ? 403 : 404);
      return plain(307, '', 'text/plain', { location: `http://127.0.0.1:${ports.A}/v2/${name}/blobs/${ref}?sig=SECRET` });
    case 'blobredirdead':
      return plain(307, '', 'text/plain', { location: `http://127.0.0.1:${ports.closed}/x?sig=SECRET` });
    case 'blobce':
      return plain(200, blob, 'application/octet-stream', { 'content-encoding': 'br' });
    default:
      return good;
  }
}

export function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** What an HTTP client makes of an answer, by what was wanted of its body. */
function toOutcome(request: HttpRequest, { status, body = Buffer.alloc(0), type, headers = {}, length, cutAt }: Answer): HttpOutcome {
  const fields: [string, string][] = Object.entries(headers).map(([name, value]) => [name, value]);
  if (type !== undefined) fields.push(['content-type', type]);
  if (length !== 'none') fields.push(['content-length', String(length ?? body.length)]);
  const head = {
    ok: true as const,
    status,
    statusText: status === 418 ? "I'm a Teapot" : statusText(status),
    headers: fields,
    timings: { total: 1 },
  };
  if (request.method === 'HEAD') return head;
  const read = body.subarray(0, cutAt);
  const failure = cutAt === undefined ? {} : { bodyFailure: { kind: 'unexpected-eof' as const } };
  const measured = { size: read.length, digest: sha256(read), ...failure };
  if (request.want.body === 'text' || status > 299) return { ...head, ...measured, body: read.toString('utf8') };
  if (request.want.body === 'none') return head;
  return { ...head, ...measured, ...(request.want.diffId ? { diffId: diffIdOf(read) } : {}) };
}

function diffIdOf(layer: Buffer): string {
  try {
    return sha256(gunzipSync(layer));
  } catch {
    return sha256(layer);
  }
}
