/** What comes back from the script of curl.ts: curl's output in base64 on stdout, its own words on stderr. */
import type { HttpOutcome, HttpRequest, NetFailure, Node, Timings } from '../../core/ports';
import type { Proxy } from '../../core/go/proxy';
import { statusText } from '../../core/go/status';
import { hostname, parseUrl, portOf } from '../../core/go/url';
import { hostPort } from '../transport/netFailures';
import { told } from '../transport/sshDial';
import { bodySink, type BodySink } from './body';
import { unpackingSink } from './contentEncoding';
import { proxyFailure } from './proxy';
import { stopping } from './stopping';

/** Go's own limit is 10 MB; curl gives up at 300 kB since 8.3. */
const maxHeadBytes = 1 << 20;
/** As much as is wanted of any body that says why a registry refuses. */
const errorBytes = 64_000;

type Head = Pick<Extract<HttpOutcome, { ok: true }>, 'status' | 'statusText' | 'headers'>;

/** Takes base64 as it comes, and holds nothing of the body but what was asked for. */
export class CurlAnswer {
  head: Head | undefined;
  #text = '';
  #start: Buffer = Buffer.alloc(0);
  #sink: BodySink;
  /** As much of the body as is wanted has come. */
  enough = false;

  constructor(private readonly request: HttpRequest) {
    this.#sink = bodySink(request.want);
  }

  push(base64: string): void {
    this.#text += base64.replace(/[^\w+/=]/g, '');
    const whole = this.#text.length - (this.#text.length % 4);
    const bytes = Buffer.from(this.#text.slice(0, whole), 'base64');
    this.#text = this.#text.slice(whole);
    if (this.head) this.#body(bytes);
    else this.#readHead(bytes);
  }

  async outcome(complete: boolean, failure: NetFailure | undefined, timings: Timings): Promise<HttpOutcome> {
    if (!this.head) return { ok: false, failure: failure ?? { kind: 'eof' }, timings };
    const { method, want } = this.request;
    const body = method === 'HEAD' ? {} : await this.#sink.end(complete && !this.enough);
    // What is unpacked may have been enough only now.
    const isCut = failure !== undefined && !this.enough && !(want.body === 'text' && body.size === want.maxBytes);
    return { ok: true, ...this.head, ...body, ...(isCut && { bodyFailure: failure }), timings };
  }

  #readHead(bytes: Buffer): void {
    if (this.#start.length > maxHeadBytes) return;
    this.#start = Buffer.concat([this.#start, bytes]);
    const end = this.#start.indexOf('\r\n\r\n');
    if (end < 0) return;
    const rest = this.#start.subarray(end + 4);
    const head = headOf(this.#start.subarray(0, end).toString('latin1'));
    this.#start = Buffer.alloc(0);
    if (head && head.status >= 200) {
      this.head = head;
      const { want } = this.request;
      if (head.status <= 299 && want.body === 'none') this.enough = true;
      const sink = head.status > 299 ? bodySink({ body: 'text', maxBytes: errorBytes }) : this.#sink;
      this.#sink = unpackingSink(this.request, head.headers, sink);
      this.#body(rest);
    } else if (head) this.#readHead(rest);
  }

  #body(bytes: Buffer): void {
    if (bytes.length > 0 && !this.enough) this.enough = !this.#sink.push(bytes);
  }
}

function headOf(text: string): Head | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const match = /^HTTP\/\d(?:\.\d)? (\d{3})(?: (.*))?$/.exec(first);
  if (!match) return undefined;
  const headers = lines.flatMap((line) => {
    const at = line.indexOf(':');
    return at > 0 ? [[line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const] : [];
  });
  return { status: Number(match[1]), statusText: match[2] ?? '', headers };
}

export interface CurlEnd {
  readonly code: number;
  /** `curl: (7) …` without its start; empty when all went well. */
  readonly said: string;
  readonly timings: Omit<Timings, 'total'>;
  readonly stderr: string;
}

/** `crb-exit CODE` and `crb-times …` are lines of the script, the others are curl's. */
export function curlEnd(stderr: string): CurlEnd {
  const [, ...times] = /^crb-times ([\d.,]+) ([\d.,]+) ([\d.,]+) ([\d.,]+)$/m.exec(stderr) ?? [];
  const [dns = 0, connect = 0, tls = 0, firstByte = 0] = times.map((text) => Number(text.replace(',', '.')) * 1000);
  return {
    code: Number(/^crb-exit (\d{1,3})$/m.exec(stderr)?.[1] ?? -1),
    said: /^curl: \(\d+\) (.{0,300})/m.exec(stderr)?.[1]?.trim() ?? '',
    timings: {
      ...(dns > 0 && { dns }),
      ...(connect > 0 && { connect: connect - dns }),
      ...(tls > 0 && { tls: tls - connect }),
      ...(firstByte > 0 && { firstByte }),
    },
    stderr,
  };
}

export interface CurlCall {
  readonly request: HttpRequest;
  readonly proxy: Proxy | undefined;
  readonly node: Node;
  readonly interface: string;
  /** As much as is taken of an answer. */
  readonly maxBytes: number;
  readonly afterMs: number;
}

/** curl(1), EXIT CODES. In Go's words where curl tells enough for them; a replay stops at the others. */
export async function curlFailure(end: CurlEnd, call: CurlCall): Promise<NetFailure | undefined> {
  const { code, said } = end;
  switch (code) {
    case 0:
      return undefined;
    case 5:
    case 6:
    case 7:
      return unreached(end, call);
    case 18:
      return { kind: 'unexpected-eof' };
    case 23:
      return stopping('too-long', { limit: sizeText(call.maxBytes) });
    case 28:
      return timeout(said, call, addressOf(end, call));
    case 45:
      return stopping('unbound', { interface: call.interface, reason: said });
    case 52:
      return { kind: 'eof' };
    case 56:
      return broken(end, call);
    case 35:
    case 51:
    case 60:
      return tlsFailure(said);
    default:
      return own(end);
  }
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes >> 10} KiB` : `${bytes >> 20} MiB`;
}

function own({ code, said }: CurlEnd): NetFailure {
  return stopping('curl', { reason: said === '' ? `exit status ${code}` : said });
}

/** The server that curl connects to. */
function peerOf({ request, proxy }: CurlCall): { readonly host: string; readonly port: number } {
  if (proxy) return { host: proxy.host, port: Number(proxy.port) };
  const parsed = parseUrl(request.url);
  const { scheme, host } = parsed.ok ? parsed.url : { scheme: 'https', host: '' };
  return { host: hostname(host), port: Number(portOf(host) || (scheme === 'http' ? 80 : 443)) };
}

function addressOf({ stderr }: CurlEnd, call: CurlCall): string {
  const tried = /^\* +Trying (\S+?)\.{3}/m.exec(stderr)?.[1];
  const { host, port } = peerOf(call);
  return tried !== undefined && /:\d+$/.test(tried) ? tried : hostPort(host, port);
}

async function unreached(end: CurlEnd, call: CurlCall): Promise<NetFailure> {
  const { host, port } = peerOf(call);
  const words = `${end.said}\n${/^\* connect to .* failed: .*/m.exec(end.stderr)?.[0] ?? ''}`;
  const failure = await told(call.node, words, host, port, call.afterMs);
  if (failure.kind === 'dial') return framed({ ...failure, address: addressOf(end, call) }, call);
  return failure.kind === 'lookup' ? framed(failure, call) : own(end);
}

function framed(failure: NetFailure, { proxy }: CurlCall): NetFailure {
  return proxy ? proxyFailure(failure) : failure;
}

function broken(end: CurlEnd, call: CurlCall): NetFailure {
  const refused = /^(?:CONNECT tunnel failed, response|Received HTTP code) (\d{3})/i.exec(end.said)?.[1];
  if (refused !== undefined) return { kind: 'proxy-status', statusText: statusText(Number(refused)), status: Number(refused) };
  return /reset by peer/i.test(end.said) ? { kind: 'read', address: addressOf(end, call), reason: 'connection reset by peer' } : own(end);
}

/** What OpenSSL cannot take for a record is in practice the answer of a server that speaks plain HTTP. */
function tlsFailure(said: string): NetFailure {
  if (/wrong version number/i.test(said)) return { kind: 'http-response-to-https' };
  return {
    kind: 'tls',
    reason: isUnknownAuthority(said) ? { kind: 'unknown-authority' } : { kind: 'other', text: `curl on the node: ${said}` },
  };
}

function timeout(said: string, call: CurlCall, address: string): NetFailure {
  if (/^Resolving timed out/i.test(said)) return framed({ kind: 'lookup', host: peerOf(call).host, reason: 'i/o timeout' }, call);
  if (/^SSL connection timeout/i.test(said)) return { kind: 'tls-handshake-timeout' };
  return /^(?:Connection time|Failed to connect|connect\(\) timed out)/i.test(said)
    ? framed({ kind: 'dial', address, reason: 'i/o timeout' }, call)
    : { kind: 'deadline' };
}

/** OpenSSL's words for a chain that ends in nothing trusted. */
function isUnknownAuthority(said: string): boolean {
  return /unable to get (?:local )?issuer certificate|self[- ]signed certificate/i.test(said);
}
