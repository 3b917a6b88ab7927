import { isIP } from 'node:net';
import { createSecureContext, connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { NetFailure, TlsReason, TlsSettings } from '../../core/ports';
import { reasonOf, StreamFailure } from '../transport/netFailures';
import type { Tap } from './tap';
import { verifyChain, type Roots } from './verify';

export interface HandshakeOptions {
  readonly host: string;
  readonly address: string;
  readonly settings: TlsSettings;
  /** Undefined with skipVerify. */
  readonly roots: Roots | undefined;
  readonly clientCertificate: { readonly cert: string; readonly key: string } | undefined;
  readonly timeoutMs: number;
}

/** TLS over a connection; the server's chain is judged by us, in Go's order, before anything is sent through it. */
export function handshake(tap: Tap, options: HandshakeOptions): Promise<TLSSocket | NetFailure> {
  const context = secureContext(options.clientCertificate);
  if ('kind' in context) return Promise.resolve(context);
  const name = (options.settings.serverName ?? options.host).replace(/\.$/, '');
  return new Promise((resolve) => {
    const socket = connect({
      socket: tap,
      rejectUnauthorized: false,
      secureContext: context,
      ...(isIP(name) === 0 && { servername: name }),
    });
    const end = (outcome: TLSSocket | NetFailure) => {
      clearTimeout(timer);
      if ('kind' in outcome) {
        socket.destroy();
        tap.destroy();
      }
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ kind: 'tls-handshake-timeout' }), options.timeoutMs);
    const judge = (chain: ReturnType<typeof sentChain>): TlsReason | undefined =>
      options.roots && verifyChain(chain, name, options.roots, Date.now());
    socket.on('error', (error: Error) => {
      // Go judges the chain when it comes: what a server says of our answer to it comes too late to count.
      const chain = sentChain(socket);
      const reason = chain.length > 0 ? judge(chain) : undefined;
      end(reason ? { kind: 'tls', reason } : tlsFailure(error, tap, options.address));
    });
    socket.once('close', () => end(tap.received === 0 ? { kind: 'eof' } : { kind: 'unexpected-eof' }));
    socket.once('secureConnect', () => {
      const reason = judge(sentChain(socket));
      end(reason ? { kind: 'tls', reason } : socket);
    });
  });
}

function secureContext(clientCertificate: HandshakeOptions['clientCertificate']): SecureContext | NetFailure {
  try {
    // Old keys and signatures are for verifyChain to judge, as Go does: OpenSSL must not refuse them first.
    return createSecureContext({ minVersion: 'TLSv1.2', ciphers: 'DEFAULT@SECLEVEL=0', ca: [], ...clientCertificate });
  } catch (error) {
    const text = `tls: failed to load the client certificate: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'tls', reason: { kind: 'other', text } };
  }
}

/** Only what the server sent: OpenSSL's own chain building must not add to it. */
function sentChain(socket: TLSSocket): ReturnType<typeof chainFrom> {
  return chainFrom(socket.getPeerX509Certificate());
}

function chainFrom(leaf: ReturnType<TLSSocket['getPeerX509Certificate']>) {
  const chain = [];
  for (let certificate = leaf; certificate && chain.length < 32; certificate = certificate.issuerCertificate) {
    if (chain.at(-1)?.fingerprint256 === certificate.fingerprint256) break;
    chain.push(certificate);
  }
  return chain;
}

/** An error of the TLS layer or below it, during the handshake or after. */
export function tlsFailure(error: NodeJS.ErrnoException & { readonly reason?: string }, tap: Tap, address: string): NetFailure {
  if (error instanceof StreamFailure) return error.failure;
  if (tap.failure instanceof StreamFailure) return tap.failure.failure;
  const alert = alertOf(error, tap);
  if (alert !== undefined) return { kind: 'tls', reason: { kind: 'alert', name: alert } };
  if (error.code?.startsWith('ERR_SSL_')) return recordFailure(error, tap);
  // A server that ended the connection at once: Go has written its hello by then and reads the end, Node may meet it while it writes.
  if (error.code === 'EPIPE' || (error.code === 'ECONNRESET' && !tap.failure))
    return tap.received === 0 ? { kind: 'eof' } : { kind: 'unexpected-eof' };
  return { kind: 'read', address, reason: reasonOf(error) };
}

/** tls.RecordHeaderError, and what net/http makes of it when the five bytes are `HTTP/` (client.go: send). */
function recordFailure(error: NodeJS.ErrnoException & { readonly reason?: string }, tap: Tap): NetFailure {
  const [type = 0, major = 0] = tap.start;
  const isRecord = (type === 21 || type === 22) && major < 0x10;
  if (tap.start.subarray(0, 5).toString('latin1') === 'HTTP/') return { kind: 'http-response-to-https' };
  if (!isRecord) return { kind: 'tls', reason: { kind: 'record-header' } };
  const reason: TlsReason =
    error.code === 'ERR_SSL_UNSUPPORTED_PROTOCOL' || error.code === 'ERR_SSL_WRONG_VERSION_NUMBER'
      ? { kind: 'protocol-version' }
      : { kind: 'other', text: `tls: ${error.reason ?? error.message}` };
  return { kind: 'tls', reason };
}

/** In clear it stands in the record; encrypted, OpenSSL names its number. */
function alertOf(error: NodeJS.ErrnoException, tap: Tap): string | undefined {
  const told = /SSL alert number (\d{1,3})/.exec(error.message)?.[1];
  const [type, , , , , , description] = tap.start;
  const number =
    told !== undefined ? Number(told) : error.code?.startsWith('ERR_SSL_') && type === 21 && tap.received === 7 ? description : undefined;
  return number === undefined ? undefined : (alertNames.get(number) ?? `alert(${number})`);
}

/** crypto/tls alert.go: alertText. */
const alertNames: ReadonlyMap<number, string> = new Map([
  [0, 'close notify'],
  [10, 'unexpected message'],
  [20, 'bad record MAC'],
  [21, 'decryption failed'],
  [22, 'record overflow'],
  [30, 'decompression failure'],
  [40, 'handshake failure'],
  [42, 'bad certificate'],
  [43, 'unsupported certificate'],
  [44, 'revoked certificate'],
  [45, 'expired certificate'],
  [46, 'unknown certificate'],
  [47, 'illegal parameter'],
  [48, 'unknown certificate authority'],
  [49, 'access denied'],
  [50, 'error decoding message'],
  [51, 'error decrypting message'],
  [60, 'export restriction'],
  [70, 'protocol version not supported'],
  [71, 'insufficient security level'],
  [80, 'internal error'],
  [86, 'inappropriate fallback'],
  [90, 'user canceled'],
  [100, 'no renegotiation'],
  [109, 'missing extension'],
  [110, 'unsupported extension'],
  [111, 'certificate unobtainable'],
  [112, 'unrecognized name'],
  [113, 'bad certificate status response'],
  [114, 'bad certificate hash value'],
  [115, 'unknown PSK identity'],
  [116, 'certificate required'],
  [120, 'no application protocol'],
  [121, 'encrypted client hello required'],
]);
