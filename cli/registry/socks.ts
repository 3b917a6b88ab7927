/** SOCKS5 (RFC 1928, 1929) as net/http speaks it: socks_bundle.go, Go 1.17 to 1.26. Names are resolved by the proxy. */
import type { Duplex } from 'node:stream';
import { parseIp, to4 } from '../../core/go/ip';
import type { Proxy } from '../../core/go/proxy';
import type { NetFailure } from '../../core/ports';
import { hostPort } from '../transport/netFailures';
import type { AnswerReader } from './answerReader';
import { canonicalIp } from './certificates';
import { negotiated, proxyUser, refused } from './proxy';

/** The address of the proxy as it was dialled, and where the connection is to lead. */
export interface SocksRoute {
  readonly address: string;
  readonly host: string;
  readonly port: number;
}

/** Undefined when the connection now leads to the target. Go sets no limit of its own; we wait as long as for CONNECT. */
export async function openSocks(stream: Duplex, route: SocksRoute, proxy: Proxy, timeoutMs?: number): Promise<NetFailure | undefined> {
  const { address, host, port } = route;
  if (port < 1 || port > 0xffff) {
    stream.destroy();
    return { kind: 'proxyconnect', socks: '', cause: { kind: 'proxy-status', statusText: `port number out of range ${port}` } };
  }
  const cause = await negotiated(
    stream,
    address,
    async (reader) => {
      await authenticate(stream, reader, proxy);
      stream.write(Buffer.from([version, connect, 0, ...addressBytes(host), port >> 8, port & 0xff]));
      await readReply(reader);
    },
    timeoutMs,
  );
  return cause && { kind: 'proxyconnect', socks: `${address}->${hostPort(canonicalIp(host), port)}`, cause };
}

const version = 5;
const connect = 1;
const methods = { none: 0, password: 2, refused: 0xff } as const;

async function authenticate(stream: Duplex, reader: AnswerReader, proxy: Proxy): Promise<void> {
  const user = proxyUser(proxy);
  stream.write(Buffer.from(user ? [version, 2, methods.none, methods.password] : [version, 1, methods.none]));
  const [answered = 0, method = 0] = await reader.bytes(2);
  if (answered !== version) throw refused(`unexpected protocol version ${answered}`);
  if (method === methods.refused) throw refused('no acceptable authentication methods');
  // Without a user Go goes on whatever method the proxy has chosen.
  if (!user || method === methods.none) return;
  if (method !== methods.password) throw refused(`unsupported authentication method ${method}`);
  const [name, password] = [Buffer.from(user.name), Buffer.from(user.password)];
  if ([name, password].some(({ length }) => length === 0 || length > 255)) throw refused('invalid username/password');
  stream.write(Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([password.length]), password]));
  const [negotiation = 0, status = 0] = await reader.bytes(2);
  if (negotiation !== 1) throw refused('invalid username/password version');
  if (status !== 0) throw refused('username/password authentication failed');
}

const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

function addressBytes(host: string): readonly number[] {
  const ip = parseIp(host);
  const ipv4 = ip && to4(ip);
  if (ip) return ipv4 ? [addressTypes.ipv4, ...ipv4] : [addressTypes.ipv6, ...ip];
  const name = Buffer.from(host);
  if (name.length > 255) throw refused('FQDN too long');
  return [addressTypes.name, name.length, ...name];
}

async function readReply(reader: AnswerReader): Promise<void> {
  const [answered = 0, reply = 0, reserved = 0, type = 0] = await reader.bytes(4);
  if (answered !== version) throw refused(`unexpected protocol version ${answered}`);
  if (reply !== 0) throw refused(`unknown error ${replies[reply] ?? `unknown code: ${reply}`}`);
  if (reserved !== 0) throw refused('non-zero reserved field');
  if (type === addressTypes.name) await reader.bytes(((await reader.bytes(1))[0] ?? 0) + 2);
  else if (type === addressTypes.ipv4) await reader.bytes(4 + 2);
  else if (type === addressTypes.ipv6) await reader.bytes(16 + 2);
  else throw refused(`unknown address type ${type}`);
}

/** socksReply.String. */
const replies: readonly string[] = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];
