import { errors, type Dispatcher } from 'undici';
import type { Cancellation, HttpOutcome, HttpRequest, NetFailure, Timings } from '../../core/ports';
import { reasonOf, StreamFailure } from '../transport/netFailures';
import { bodySink } from './body';
import { transportHeaders, unpackingSink } from './contentEncoding';
import { tlsFailure } from './handshake';
import type { Origin } from './origin';

export interface Limits {
  /** Until the headers are there. Go before containerd 2.3 waits for ever, its callers do not. */
  readonly responseMs: number;
  /** Without a byte of the body. */
  readonly idleMs: number;
  readonly bodyMs: number;
}

/** What is read of an error's body. containerd before 2.1.3 reads one JSON value of any length, since then 64000 bytes. */
const errorBytes = 1_000_000;

/**
 * Of an answer that only had to come, what is read out so that its connection stays, as it does for containerd, which reads all: at most
 * so many bytes, and for so long.
 */
const readOutBytes = 64 * 1024;
const readOutMs = 1000;

export interface Exchanged {
  readonly outcome: HttpOutcome;
  /** The connection was an older one, and broke before a byte of an answer: Go tries again on a new one. */
  readonly stale: boolean;
}

/** One request and its answer. The origin's connection stays usable unless the exchange was cut off. */
export function exchange(origin: Origin, request: HttpRequest, limits: Limits, cancellation: Cancellation | undefined): Promise<Exchanged> {
  if (cancellation?.cancelled) {
    origin.busy = false;
    return Promise.resolve({ outcome: failed({ kind: 'cancelled' }, { total: 0 }), stale: false });
  }
  return new Promise((resolve) => new Exchange(origin, request, limits, cancellation, resolve).start());
}

function failed(failure: NetFailure, timings: Timings): HttpOutcome {
  return { ok: false, failure, timings };
}

type Head = {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly firstByte: number;
};

class Exchange implements Dispatcher.DispatchHandler {
  readonly #started = performance.now();
  readonly #connectionsBefore: number;
  #sink: ReturnType<typeof bodySink>;
  #controller: Dispatcher.DispatchController | undefined;
  #head: Head | undefined;
  #stoppedBy: NetFailure | undefined;
  #timer: NodeJS.Timeout | undefined;
  #bodyTimer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;
  #settled = false;
  #hadBody = false;
  #chunksOfHead = false;
  /** Runs while the rest of an answer that is settled is read out. */
  #readingOut: NodeJS.Timeout | undefined;

  constructor(
    private readonly origin: Origin,
    private readonly request: HttpRequest,
    private readonly limits: Limits,
    private readonly cancellation: Cancellation | undefined,
    private readonly resolve: (exchanged: Exchanged) => void,
  ) {
    this.#connectionsBefore = origin.connections;
    this.#sink = bodySink(request.want);
  }

  start(): void {
    this.#release = this.cancellation?.onCancelled(() => this.#stop({ kind: 'cancelled' }));
    this.#timer = setTimeout(() => this.#stop({ kind: 'deadline' }), this.limits.responseMs);
    try {
      const { request } = this;
      const headers = [...request.headers, ...transportHeaders(request)];
      this.origin.dispatch({ ...request, headers }, this.cancellation, this, this.#withOneLength);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('stopped'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, statusText = ''): void {
    // 1xx are announcements.
    if (status < 200 || this.#settled) return;
    clearTimeout(this.#timer);
    const chunks = this.#chunksOfHead ? [['transfer-encoding', 'chunked'] as const] : [];
    const headers = [...headerPairs(controller.rawHeaders), ...chunks];
    this.#head = { status, statusText, headers, firstByte: performance.now() - this.#started };
    if (status > 299) this.#sink = bodySink({ body: 'text', maxBytes: errorBytes });
    else if (this.request.want.body === 'none' && this.request.method !== 'HEAD') {
      this.#enough();
      return;
    }
    this.#sink = unpackingSink(this.request, this.#head.headers, this.#sink);
    this.#idle();
    this.#bodyTimer = setTimeout(() => this.#stop({ kind: 'deadline' }), this.limits.bodyMs);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#hadBody = true;
    if (this.#settled) return;
    this.#idle();
    if (!this.#sink.push(chunk)) {
      this.#enough();
      return;
    }
    const room = this.#sink.drained();
    if (!room) return;
    controller.pause();
    void room.then(() => controller.resume());
  }

  onResponseEnd(): void {
    this.#freed();
    if (!this.#settled) void this.#answer(true, undefined);
    const { status = 0, headers = [] } = this.#head ?? {};
    // What is asked next is on a new connection, and not tried twice when that breaks.
    if (this.#hadBody && this.request.closesUnread?.(status, headers) === true) this.origin.close();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#freed();
    if (!this.#settled) this.#fail(error);
  }

  #idle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stop({ kind: 'deadline' }), this.limits.idleMs);
  }

  /** The rest of the body is not wanted: Go closes the connection of such an answer. */
  #enough(): void {
    const stop = (): void => this.#controller?.abort(new Error('enough'));
    if (this.request.want.body === 'none' && isShort(this.#head)) this.#readingOut = setTimeout(stop, readOutMs);
    void this.#answer(false, undefined);
    if (!this.#readingOut) stop();
  }

  #freed(): void {
    clearTimeout(this.#readingOut);
    this.#readingOut = undefined;
    this.origin.busy = false;
  }

  #stop(failure: NetFailure): void {
    if (this.#settled) return;
    this.#stoppedBy = failure;
    this.#fail(new Error(failure.kind));
    this.#controller?.abort(new Error('stopped'));
    this.origin.close();
  }

  #fail(error: Error): void {
    const failure = this.#stoppedBy ?? failureOf(error, this.origin, this.#head !== undefined);
    // net/http bodyAllowedForStatus: whatever length such an answer gives, it ends with its headers.
    if (this.#head?.status === 204) return void this.#answer(true, undefined);
    if (this.#head) return void this.#answer(false, failure);
    const noByte =
      (this.origin.tap?.received ?? 0) === 0 && (failure.kind === 'eof' || failure.kind === 'read' || failure.kind === 'write');
    this.#settle(
      failed(failure, this.#timings()),
      noByte && this.origin.connections === this.#connectionsBefore && this.origin.connections > 0,
    );
  }

  /**
   * llhttp refuses an answer with a length and chunks. To Go the chunks count (transfer.go: fixLength); of a HEAD, where nobody reads a body,
   * both are told.
   */
  readonly #withOneLength = (head: string): string => {
    const lines = head.split('\r\n');
    const chunks = lines.findIndex((line) => /^transfer-encoding:[ \t]*chunked[ \t]*$/i.test(line));
    const length = lines.findIndex((line) => /^content-length:/i.test(line));
    if (chunks < 0 || length < 0) return head;
    this.#chunksOfHead = this.request.method === 'HEAD';
    return lines.filter((_, index) => index !== (this.#chunksOfHead ? chunks : length)).join('\r\n');
  };

  async #answer(complete: boolean, bodyFailure: NetFailure | undefined): Promise<void> {
    const head = this.#head;
    if (!head || this.#settled) return;
    this.#settled = true;
    const body = this.request.method === 'HEAD' ? {} : await this.#sink.end(complete);
    const { status, statusText, headers } = head;
    const timings = { ...this.#timings(), firstByte: head.firstByte };
    this.#settle({ ok: true, status, statusText, headers, ...body, ...(bodyFailure && { bodyFailure }), timings }, false);
  }

  #timings(): Timings {
    const total = performance.now() - this.#started;
    return { ...(this.origin.connections !== this.#connectionsBefore || this.origin.connections === 0 ? this.origin.phases : {}), total };
  }

  #settle(outcome: HttpOutcome, stale: boolean): void {
    this.#settled = true;
    if (!this.#readingOut) this.origin.busy = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#bodyTimer);
    this.#release?.();
    this.resolve({ outcome, stale });
  }
}

function isShort(head: Head | undefined): boolean {
  const length = head?.headers.find(([name]) => name === 'content-length')?.[1] ?? '';
  return /^\d{1,6}$/.test(length) && Number(length) <= readOutBytes;
}

/** Names in lower case, in the order received, each as often as it came. Bytes over 127 stay as they are on the wire (latin1). */
function headerPairs(raw: Dispatcher.DispatchController['rawHeaders']): readonly (readonly [string, string])[] {
  if (!Array.isArray(raw)) return [];
  const words = raw.map((one: Buffer | string) => (typeof one === 'string' ? one : one.toString('latin1')));
  return words.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), words[index + 1] ?? ''] as const] : []));
}

function failureOf(error: Error & { readonly code?: string }, origin: Origin, inBody: boolean): NetFailure {
  if (error instanceof StreamFailure) return error.failure;
  const { tap, rawTap } = origin;
  const below = tap?.failure ?? rawTap?.failure;
  if (below instanceof StreamFailure) return below.failure;
  if (error instanceof errors.HeadersOverflowError)
    return { kind: 'words', text: 'net/http: server response headers exceeded 10485760 bytes; aborted' };
  if (error instanceof errors.InvalidArgumentError) return { kind: 'words', text: `net/http: ${error.message}` };
  if (error instanceof errors.HTTPParserError) return parserFailure(error, tap?.start ?? Buffer.alloc(0), inBody);
  if (rawTap && origin.target.scheme === 'https' && isTlsError(below ?? error)) return tlsFailure(below ?? error, rawTap, origin.address);
  if (below && ((below as NodeJS.ErrnoException).code ?? 'EPIPE') !== 'EPIPE')
    return { kind: 'read', address: origin.address, reason: reasonOf(below) };
  return inBody || (tap?.received ?? 0) > 0 ? { kind: 'unexpected-eof' } : { kind: 'eof' };
}

function isTlsError(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith('ERR_SSL_') ?? false;
}

function parserFailure(error: Error & { readonly code?: string }, start: Buffer, inBody: boolean): NetFailure {
  if (inBody || error.code === 'HPE_INVALID_EOF_STATE') return { kind: 'unexpected-eof' };
  const line = start.toString('latin1').split('\n')[0] ?? '';
  return { kind: 'malformed-response', line: line.replace(/\r$/, '') };
}
