import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type Dispatcher } from 'undici';
import type { Proxy } from '../../core/go/proxy';
import type { Cancellation, HttpRequest, NetFailure, Node, TlsSettings } from '../../core/ports';
import { hostPort, StreamFailure } from '../transport/netFailures';
import { handshake } from './handshake';
import { openTunnel, proxyAuthorization, proxyFailure, proxyPort } from './proxy';
import { Tap } from './tap';
import type { TrustStore } from './trust';

/** What a request URL says, without the normalization of WHATWG URLs: the path goes out as it was written. */
export interface Target {
  readonly scheme: 'http' | 'https';
  /** As in the Host header. */
  readonly authority: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export function targetOf(url: string): Target | undefined {
  const match = /^(https?):\/\/([^/?#]+)([^#]*)/.exec(url);
  if (!match) return undefined;
  const scheme = match[1] === 'http' ? 'http' : 'https';
  const authority = (match[2] ?? '').slice((match[2] ?? '').lastIndexOf('@') + 1);
  const parts = /^(?:\[([:.%\w]+)\]|([^:[\]\s]+))(?::(\d{0,5}))?$/.exec(authority);
  const host = parts?.[1] ?? parts?.[2];
  if (host === undefined) return undefined;
  const port = Number(parts?.[3] || (scheme === 'http' ? 80 : 443));
  const path = match[3] ?? '';
  return { scheme, authority, host, port, path: path.startsWith('/') ? path : `/${path}` };
}

/** Go's limit for response headers: http.Transport.MaxResponseHeaderBytes. */
const maxHeaderBytes = 10 << 20;

/** One origin under one set of TLS settings, with at most one connection at a time, kept for 30 s as containerd's transport does. */
export class Origin {
  readonly client: Client;
  /** The connection that requests travel on, and how it came about; for the first request on it. */
  tap: Tap | undefined;
  /** Below TLS, for what TLS says when it breaks later on. */
  rawTap: Tap | undefined;
  address: string;
  phases: { dns?: number; connect?: number; tls?: number } = {};
  connections = 0;
  /** A request is on its way: another one needs a connection of its own, as with Go. */
  busy = false;
  #dialTimeoutMs = 30_000;
  #cancellation: Cancellation | undefined;

  constructor(
    readonly target: Target,
    private readonly tls: TlsSettings | undefined,
    private readonly node: Node<Duplex>,
    private readonly trust: TrustStore,
    private readonly tlsTimeoutMs: number,
    private readonly proxy: Proxy | undefined,
  ) {
    this.address = hostPort(target.host, target.port);
    this.client = new Client(`http://${isIP(target.host) === 6 ? `[${target.host}]` : target.host}:${target.port}`, {
      connect: (_options, callback) => {
        void this.#connect().then((outcome) => {
          if ('kind' in outcome) callback(new StreamFailure(outcome), null);
          // undici asks of a socket only what a Duplex has; its types want a net.Socket.
          else callback(null, outcome as unknown as Parameters<typeof callback>[1] & {});
        });
      },
      pipelining: 1,
      keepAliveTimeout: 30_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: maxHeaderBytes,
      strictContentLength: false,
    });
    this.client.on('connectionError', () => undefined);
  }

  dispatch(request: HttpRequest, cancellation: Cancellation | undefined, handler: Dispatcher.DispatchHandler): void {
    this.#dialTimeoutMs = request.dialTimeoutMs > 0 ? request.dialTimeoutMs : 30_000;
    this.#cancellation = cancellation;
    const own = request.headers.some(([name]) => name.toLowerCase() === 'host');
    const headers = [...(own ? [] : [['host', this.target.authority] as const]), ...request.headers, ...this.#proxyHeaders()].flat();
    const written = targetOf(request.url)?.path ?? '/';
    // A proxy for plain http wants the whole URL.
    const path = this.proxy && this.target.scheme === 'http' ? `http://${this.target.authority}${written}` : written;
    // undici closes after a HEAD unless told not to; Go keeps that connection for the GET.
    this.client.dispatch({ path, method: request.method, headers, body: request.body ?? null, reset: false }, handler);
  }

  close(): void {
    void this.client.destroy().catch(() => undefined);
    this.tap?.destroy();
    this.rawTap?.destroy();
  }

  #proxyHeaders(): readonly (readonly [string, string])[] {
    const authorization = this.proxy && this.target.scheme === 'http' ? proxyAuthorization(this.proxy) : undefined;
    return authorization === undefined ? [] : [['proxy-authorization', authorization]];
  }

  async #connect(): Promise<Tap | NetFailure> {
    this.phases = {};
    this.tap = undefined;
    this.rawTap = undefined;
    const stream = this.proxy ? await this.#throughProxy(this.proxy) : await this.#dial(this.target.host, this.target.port);
    if ('kind' in stream) return stream;
    this.connections += 1;
    this.rawTap = new Tap(stream);
    const secured = this.target.scheme === 'https' ? await this.#secure(this.rawTap) : this.rawTap;
    if (secured instanceof Tap) this.tap = secured;
    return secured;
  }

  async #dial(host: string, port: number): Promise<Duplex | NetFailure> {
    const cancellation = this.#cancellation;
    const dialled = await this.node.dial(host, port, { timeoutMs: this.#dialTimeoutMs, ...(cancellation && { cancellation }) });
    const { dnsMs, connectMs } = dialled.timings;
    this.phases = { ...(dnsMs !== undefined && { dns: dnsMs }), ...(connectMs !== undefined && { connect: connectMs }) };
    if (!dialled.ok) return dialled.failure;
    this.address = dialled.address ?? this.address;
    return dialled.stream;
  }

  async #throughProxy(proxy: Proxy): Promise<Duplex | NetFailure> {
    const port = proxyPort(proxy);
    if (port === undefined) return proxyFailure({ kind: 'dial', address: ':0', reason: 'connection refused' });
    if (proxy.scheme !== 'http')
      return { kind: 'unavailable', reason: `a replay cannot go through a proxy of the kind ${proxy.scheme}://` };
    const stream = await this.#dial(proxy.host, port);
    if ('kind' in stream) return proxyFailure(stream);
    if (this.target.scheme === 'http') return stream;
    return (await openTunnel(stream, hostPort(this.target.host, this.target.port), proxy)) ?? stream;
  }

  async #secure(tap: Tap): Promise<Tap | NetFailure> {
    const settings = this.tls ?? { skipVerify: false, caFiles: [], clientCertificates: [] };
    const started = performance.now();
    const material = await this.trust.materialFor(settings);
    if ('kind' in material) return material;
    const socket = await handshake(tap, {
      host: this.target.host,
      address: this.address,
      settings,
      ...material,
      timeoutMs: this.tlsTimeoutMs,
    });
    this.phases.tls = performance.now() - started;
    return 'kind' in socket ? socket : new Tap(socket);
  }
}
