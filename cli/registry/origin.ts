import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type Dispatcher } from 'undici';
import type { Proxy } from '../../core/go/proxy';
import type { Cancellation, HttpRequest, NetFailure, Node, TlsSettings } from '../../core/ports';
import { hostPort, StreamFailure } from '../transport/netFailures';
import type { NodeAddresses } from '../transport/nodeAddresses';
import { handshake } from './handshake';
import { isSocks, openTunnel, proxyAuthorization, proxyFailure, proxyPort } from './proxy';
import { refusalFor } from './led';
import { openSocks } from './socks';
import { stopping } from './stopping';
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

/** What connections are made from and judged by. */
export interface Surroundings {
  readonly node: Node<Duplex>;
  readonly addresses: NodeAddresses<Duplex>;
  readonly trust: TrustStore;
}

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
  #led = false;
  #readHead: ((head: string) => string) | undefined;
  /** The newest connection, from when it stands: what is said on it before it counts as connected can be cut off. */
  #stream: Duplex | undefined;
  #cancellation: Cancellation | undefined;

  constructor(
    readonly target: Target,
    private readonly tls: TlsSettings | undefined,
    private readonly from: Surroundings,
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

  /** `readHead` gets the head of the answer as it came, and gives what is to be read. */
  dispatch(
    request: HttpRequest,
    cancellation: Cancellation | undefined,
    handler: Dispatcher.DispatchHandler,
    readHead: (head: string) => string,
  ): void {
    this.#readHead = readHead;
    this.tap?.mark(readHead);
    this.#dialTimeoutMs = request.dialTimeoutMs > 0 ? request.dialTimeoutMs : 30_000;
    this.#cancellation = cancellation;
    this.#led = request.led === true;
    const own = request.headers.some(([name]) => name.toLowerCase() === 'host');
    const headers = [...(own ? [] : [['host', this.target.authority] as const]), ...request.headers, ...this.#proxyHeaders()].flat();
    const written = targetOf(request.url)?.path ?? '/';
    // A proxy for plain http wants the whole URL.
    const path = this.#forwardingProxy ? `http://${this.target.authority}${written}` : written;
    // undici closes after a HEAD unless told not to; Go keeps that connection for the GET.
    this.client.dispatch({ path, method: request.method, headers, body: request.body ?? null, reset: false }, handler);
  }

  close(): void {
    void this.client.destroy().catch(() => undefined);
    this.tap?.destroy();
    this.rawTap?.destroy();
    this.#stream?.destroy();
  }

  /** The proxy that is asked for a URL instead of for a connection. */
  get #forwardingProxy(): Proxy | undefined {
    return this.proxy && this.target.scheme === 'http' && !isSocks(this.proxy) ? this.proxy : undefined;
  }

  #proxyHeaders(): readonly (readonly [string, string])[] {
    const authorization = this.#forwardingProxy && proxyAuthorization(this.#forwardingProxy);
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
    const secured = this.target.scheme === 'https' ? await this.#secure(this.rawTap, this.target.host) : this.rawTap;
    if (!(secured instanceof Tap)) return secured;
    secured.mark(this.#readHead);
    return (this.tap = secured);
  }

  async #dial(host: string, port: number): Promise<Duplex | NetFailure> {
    const cancellation = this.#cancellation;
    const options = { timeoutMs: this.#dialTimeoutMs, ...(cancellation && { cancellation }) };
    const { node, addresses } = this.from;
    // A proxy is the person's own, and what it connects to nobody learns.
    const led = this.#led && !this.proxy;
    const dialled = led
      ? await addresses.dial(host, port, { ...options, refusal: refusalFor(host) }, stopping('no-address', { host }), (stream) =>
          stream.destroy(),
        )
      : await node.dial(host, port, options);
    const { dnsMs, connectMs } = dialled.timings;
    this.phases = { ...(dnsMs !== undefined && { dns: dnsMs }), ...(connectMs !== undefined && { connect: connectMs }) };
    if (!dialled.ok) return dialled.failure;
    this.address = dialled.address ?? hostPort(host, port);
    this.#stream = dialled.stream;
    return dialled.stream;
  }

  async #throughProxy(proxy: Proxy): Promise<Duplex | NetFailure> {
    const port = proxyPort(proxy);
    if (port === undefined) return proxyFailure({ kind: 'dial', address: ':0', reason: 'connection refused' });
    const stream = await this.#dial(proxy.host, port);
    if ('kind' in stream) return proxyFailure(stream);
    const { scheme, host, port: targetPort } = this.target;
    if (isSocks(proxy)) return (await openSocks(stream, { address: this.address, host, port: targetPort }, proxy)) ?? stream;
    // Go's Transport has one TLS configuration, that of the target's hosts.toml: the proxy is judged by it too.
    const connection = proxy.scheme === 'https' ? await this.#secure(new Tap(stream), proxy.host) : stream;
    if ('kind' in connection) return proxyFailure(connection);
    if (scheme === 'http') return connection;
    return (await openTunnel(connection, this.address, hostPort(host, targetPort), proxy)) ?? connection;
  }

  async #secure(tap: Tap, host: string): Promise<Tap | NetFailure> {
    const settings = this.tls ?? { skipVerify: false, caFiles: [], clientCertificates: [] };
    const started = performance.now();
    const material = await this.from.trust.materialFor(settings);
    if ('kind' in material) return material;
    const socket = await handshake(tap, {
      host,
      address: this.address,
      settings,
      ...material,
      timeoutMs: this.tlsTimeoutMs,
    });
    this.phases.tls = performance.now() - started;
    return 'kind' in socket ? socket : new Tap(socket);
  }
}
