/** The way through a proxy, as net/http's Transport.dialConn goes it. */
import type { Duplex } from 'node:stream';
import type { Proxy } from '../../core/go/proxy';
import type { NetFailure } from '../../core/ports';
import { reasonOf, StreamFailure } from '../transport/netFailures';

/** The port to dial; undefined where Go would dial port 0, which nobody serves. */
export function proxyPort({ host, port }: Proxy): number | undefined {
  return host === '' || !/^\d{1,5}$/.test(port) ? undefined : Number(port);
}

export function proxyAuthorization({ user }: Proxy): string | undefined {
  if (user === undefined) return undefined;
  const [name = '', ...password] = user.split(':').map((part) => decoded(part));
  return `Basic ${Buffer.from(`${name}:${password.join(':')}`).toString('base64')}`;
}

/** A connection that reaches nothing, in Go's frame. */
export function proxyFailure(cause: NetFailure): NetFailure {
  return { kind: 'proxyconnect', cause };
}

/** More than any proxy needs to say yes or no. */
const maxHeadBytes = 64 * 1024;

/** CONNECT: undefined when the connection now leads to the target. Go waits a minute for the answer. */
export function openTunnel(stream: Duplex, target: string, proxy: Proxy, timeoutMs = 60_000): Promise<NetFailure | undefined> {
  const authorization = proxyAuthorization(proxy);
  const lines = [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    'User-Agent: Go-http-client/1.1',
    ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
  ];
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const end = (failure: NetFailure | undefined): void => {
      clearTimeout(timer);
      stream.off('readable', read).off('end', ended).off('error', failed).off('close', ended);
      if (failure) stream.destroy();
      resolve(failure);
    };
    const read = (): void => {
      for (let chunk = stream.read() as Buffer | null; chunk !== null; chunk = stream.read() as Buffer | null) {
        head = Buffer.concat([head, chunk]);
        const at = head.indexOf('\r\n\r\n');
        if (at >= 0) {
          stream.unshift(head.subarray(at + 4));
          end(refusal(head.subarray(0, at).toString('latin1')));
          return;
        }
        if (head.length > maxHeadBytes) end({ kind: 'unavailable', reason: 'the proxy answered CONNECT with more than 64 KiB of headers' });
      }
    };
    const ended = (): void => end(head.length === 0 ? { kind: 'eof' } : { kind: 'unexpected-eof' });
    const failed = (error: Error): void =>
      end(
        error instanceof StreamFailure ? error.failure : { kind: 'read', address: `${proxy.host}:${proxy.port}`, reason: reasonOf(error) },
      );
    const timer = setTimeout(() => end({ kind: 'deadline' }), timeoutMs);
    stream.on('readable', read).once('end', ended).on('error', failed).once('close', ended);
    stream.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}

/** Go reports the status text alone: `Forbidden`. */
function refusal(head: string): NetFailure | undefined {
  const [line = ''] = head.split('\r\n', 1);
  const match = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(line);
  if (!match) return { kind: 'malformed-response', line };
  if (match[1] === '200') return undefined;
  return { kind: 'proxy-status', statusText: match[2] ?? 'unknown status code' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
