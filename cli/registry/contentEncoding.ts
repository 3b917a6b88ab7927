/** Content-Encoding, as Go's transport and containerd's fetcher undo it before anybody counts bytes or looks at a digest. */
import type { HttpRequest, NetFailure } from '../../core/ports';
import type { BodyResult, BodySink } from './body';
import { Decoder } from './decoder';
import { stopping } from './stopping';

type Headers = readonly (readonly [string, string])[];

/** http.Transport asks for gzip itself unless the request says what it takes, wants a part, or is a HEAD (transport.go: roundTrip). */
export function transportHeaders(request: HttpRequest): Headers {
  return unpacksItself(request) ? [['accept-encoding', 'gzip']] : [];
}

/**
 * The sink behind what unpacks the body. Of what the transport asked for itself only `gzip` counts (persistConn.readLoop); a request
 * that names encodings is containerd's, whose fetcher undoes all that it knows, the last one first (fetcher.go: open, 2.0 on).
 */
export function unpackingSink(request: HttpRequest, headers: Headers, sink: BodySink): BodySink {
  const value = (name: string): string =>
    headers
      .find(([key]) => key === name)?.[1]
      .trim()
      .toLowerCase() ?? '';
  const encoding = value('content-encoding');
  if (request.method === 'HEAD' || encoding === '' || value('content-length') === '0') return sink;
  if (unpacksItself(request)) return encoding === 'gzip' ? new UnpackingSink('gzip', sink) : sink;
  if (!names(request, 'accept-encoding')) return sink;
  const algorithms = encoding.split(/[ \t,]+/).filter((one) => one !== 'identity' && one !== '');
  if (!algorithms.every(isKnown)) return sink;
  return algorithms.reduce<BodySink>((inner, algorithm) => new UnpackingSink(algorithm, inner), sink);
}

function unpacksItself(request: HttpRequest): boolean {
  return request.method !== 'HEAD' && !names(request, 'accept-encoding') && !names(request, 'range');
}

function names({ headers }: HttpRequest, wanted: string): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === wanted && value !== '');
}

type Algorithm = 'gzip' | 'deflate' | 'zstd';

function isKnown(algorithm: string): algorithm is Algorithm {
  return algorithm === 'gzip' || algorithm === 'deflate' || algorithm === 'zstd';
}

class UnpackingSink implements BodySink {
  readonly #decoder: Decoder | undefined;
  #enough = false;

  constructor(
    algorithm: Algorithm,
    private readonly inner: BodySink,
  ) {
    // Node 20 knows no zstd.
    this.#decoder = algorithm === 'zstd' ? undefined : new Decoder(algorithm, (chunk) => this.#take(chunk));
  }

  push(chunk: Buffer): boolean {
    this.#decoder?.push(chunk);
    return !this.#enough && this.#decoder !== undefined && !this.#decoder.failure;
  }

  drained(): Promise<void> | undefined {
    return this.#decoder?.drained();
  }

  async end(complete: boolean): Promise<BodyResult> {
    await this.#decoder?.end();
    const bodyFailure = this.#enough ? undefined : this.#failure();
    return { ...(await this.inner.end(complete && !bodyFailure && !this.#enough)), ...(bodyFailure && { bodyFailure }) };
  }

  #take(chunk: Buffer): Promise<void> | undefined {
    if (!this.#enough && !this.inner.push(chunk)) this.#enough = true;
    if (this.#enough) this.#decoder?.stop();
    return this.inner.drained();
  }

  #failure(): NetFailure | undefined {
    if (!this.#decoder) return stopping('zstd', {});
    const words = this.#decoder.words();
    if (words === undefined || words === 'unexpected EOF') return words && { kind: 'unexpected-eof' };
    return { kind: 'words', text: words };
  }
}
