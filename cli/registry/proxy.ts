/** The way through a proxy, as net/http's Transport.dialConn goes it. */
import type { Duplex } from 'node:stream';
import type { Proxy } from '../../core/go/proxy';
import { quote } from '../../core/go/quote';
import type { NetFailure } from '../../core/ports';
import { StreamFailure } from '../transport/netFailures';
import { AnswerReader } from './answerReader';

/** The port to dial; undefined where Go would dial port 0, which nobody serves. */
export function proxyPort({ host, port }: Proxy): number | undefined {
  return host === '' || !/^\d{1,5}$/.test(port) ? undefined : Number(port);
}

/** Since Go 1.23 `socks5h` is the same; before, it was taken for the name of a host. */
export function isSocks({ scheme }: Proxy): boolean {
  return scheme === 'socks5' || scheme === 'socks5h';
}

/** The user and the password of a proxy's URL; secrets. */
export function proxyUser({ user }: Proxy): { readonly name: string; readonly password: string } | undefined {
  if (user === undefined) return undefined;
  const [name = '', ...password] = user.split(':').map((part) => decoded(part));
  return { name, password: password.join(':') };
}

export function proxyAuthorization(proxy: Proxy): string | undefined {
  const user = proxyUser(proxy);
  return user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
}

/**
 * A proxy that cannot be reached, in Go's frame. What net/http makes of a server that answers TLS in plain HTTP (http.Client.send) is
 * not made of a proxy: there the frame is around it.
 */
export function proxyFailure(failure: NetFailure): NetFailure {
  const cause: NetFailure = failure.kind === 'http-response-to-https' ? { kind: 'tls', reason: { kind: 'record-header' } } : failure;
  return { kind: 'proxyconnect', cause };
}

/** What is said to a proxy before the connection leads to the target, and what it answers. Go waits a minute for the answer to CONNECT. */
export async function negotiated(
  stream: Duplex,
  address: string,
  talk: (reader: AnswerReader) => Promise<void>,
  timeoutMs = 60_000,
): Promise<NetFailure | undefined> {
  const reader = new AnswerReader(stream, address, timeoutMs);
  try {
    await talk(reader);
    return undefined;
  } catch (error) {
    // Whatever it still says is of no interest, and must not bring the process down.
    stream.on('error', () => undefined).destroy();
    if (error instanceof StreamFailure) return error.failure;
    throw error;
  } finally {
    reader.release();
  }
}

/** CONNECT: undefined when the connection now leads to the target. */
export function openTunnel(stream: Duplex, address: string, target: string, proxy: Proxy): Promise<NetFailure | undefined> {
  const authorization = proxyAuthorization(proxy);
  const lines = [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    'User-Agent: Go-http-client/1.1',
    ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
  ];
  return negotiated(stream, address, async (reader) => {
    stream.write(`${lines.join('\r\n')}\r\n\r\n`);
    const { status, text } = statusOf(await reader.line());
    while ((await reader.line()) !== '');
    if (status !== '200') throw refused(text, Number(status));
  });
}

/** The proxy has answered, but not with a connection. */
export function refused(statusText: string, status?: number): StreamFailure {
  return new StreamFailure({ kind: 'proxy-status', statusText, ...(status !== undefined && { status }) });
}

/** The first line as http.ReadResponse reads it. Of a status Go reports the text alone: `Forbidden`. */
function statusOf(line: string): { readonly status: string; readonly text: string } {
  const [version, rest] = cut(line);
  if (rest === undefined) throw refused(`malformed HTTP response ${quote(line)}`);
  const [status, text] = cut(rest.trimStart());
  if (!/^\d{3}$/.test(status)) throw refused(`malformed HTTP status code ${quote(status)}`);
  if (!/^HTTP\/\d\.\d$/.test(version)) throw refused(`malformed HTTP version ${quote(version)}`);
  return { status, text: text ?? 'unknown status code' };
}

/** strings.Cut at a space. */
function cut(text: string): readonly [before: string, after: string | undefined] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
