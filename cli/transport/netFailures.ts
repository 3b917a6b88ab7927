import type { NetFailure } from '../../core/ports';

/** A stream that broke for a reason only its transport knows. Whoever reads the stream finds the failure on the error. */
export class StreamFailure extends Error {
  constructor(readonly failure: NetFailure) {
    super(failure.kind);
  }
}

/** errno names as Go's syscall package words them. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  EHOSTDOWN: 'host is down',
  ENETUNREACH: 'network is unreachable',
  ENETDOWN: 'network is down',
  ETIMEDOUT: 'connection timed out',
  ECONNRESET: 'connection reset by peer',
  ECONNABORTED: 'software caused connection abort',
  EPIPE: 'broken pipe',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EINVAL: 'invalid argument',
  EMFILE: 'too many open files',
};

export function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message;
}

/** Go brackets IPv6: `[::1]:443`. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** After this long a resolver has given up waiting (two tries of `timeout:5`, or one); before, a server said something. */
const lookupTimeoutMs = 4500;

/** getaddrinfo's answer, as Go's resolver words the same. EAI_AGAIN is both a server that fails and one that is silent. */
export function lookupFailure(
  host: string,
  verdict: 'unknown' | 'again' | 'other',
  text: string,
  afterMs: number,
  server: string | undefined,
): NetFailure {
  const again = afterMs >= lookupTimeoutMs ? 'i/o timeout' : 'server misbehaving';
  const reason = verdict === 'unknown' ? 'no such host' : verdict === 'again' ? again : text;
  return { kind: 'lookup', host, reason, ...(server !== undefined && { server }) };
}

/**
 * What a program on the node says when it cannot connect, whatever else it prints: sshd (`connect failed: Connection refused`), socat,
 * nc, bash. They all end in strerror or gai_strerror. Undefined when the text says nothing of the kind.
 */
export function failureInWords(
  text: string,
  host: string,
  address: string,
  afterMs: number,
  server: string | undefined,
): NetFailure | undefined {
  const named =
    /Name or service not known|No address associated|nodename nor servname|bad address|Name does not resolve|Could not resolve|Unknown host/i;
  if (named.test(text)) return lookupFailure(host, 'unknown', '', afterMs, server);
  if (/Temporary failure in name resolution|Try again/i.test(text)) return lookupFailure(host, 'again', '', afterMs, server);
  const words =
    /Connection refused|No route to host|Network is unreachable|Network is down|Connection timed out|Operation timed out|Permission denied|Cannot assign requested address|Connection reset by peer/i;
  const found = words.exec(text)?.[0].toLowerCase();
  if (found === undefined) return undefined;
  return { kind: 'dial', address, reason: found === 'operation timed out' ? 'connection timed out' : found };
}

/** The first server of a resolv.conf as Go prints it, `10.0.0.2:53`. Go asks 127.0.0.1 when the file names none (net/dnsconfig.go). */
export function resolverOf(resolvConf: string | undefined): string {
  const name = /^[ \t]*nameserver[ \t]+([^\s#;]+)/m.exec(resolvConf ?? '')?.[1];
  return hostPort(name ?? '127.0.0.1', 53);
}
