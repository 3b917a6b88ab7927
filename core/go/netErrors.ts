/** What Go's net, crypto/tls and net/http say when bytes do not travel. */
import type { NetFailure, TlsReason } from '../ports';
import { quote } from './quote';
import { isIpAddress } from './url';

/** A Go release line as `1.19`. */
export type GoVersion = string;

/** The text of a failed round trip, as it stands after `Get "URL": `. */
export function failureText(failure: NetFailure, go: GoVersion): string {
  switch (failure.kind) {
    case 'lookup':
      return `dial tcp: lookup ${failure.host}${failure.server === undefined ? '' : ` on ${failure.server}`}: ${failure.reason}`;
    case 'dial':
      return `dial tcp ${failure.address}: ${failure.reason === 'i/o timeout' ? '' : 'connect: '}${failure.reason}`;
    case 'read':
    case 'write':
      return `${failure.kind} tcp ${failure.local === undefined ? '' : `${failure.local}->`}${failure.address}: ${failure.reason === 'i/o timeout' ? '' : `${failure.kind}: `}${failure.reason}`;
    case 'malformed-response':
      return `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${quote(failure.line)}`;
    case 'proxyconnect':
      return `${proxyFrame(failure.socks)}: ${failureText(failure.cause, go)}`;
    case 'proxy-status':
      return failure.statusText;
    case 'tls':
      return tlsText(failure.reason, go);
    case 'words':
      return failure.text;
    case 'unavailable':
      return failure.reason;
    default:
      return fixedTexts[failure.kind];
  }
}

/** net.OpError.Error of net/http's Transport.dialConn, and of its SOCKS dialer (socks_bundle.go). */
function proxyFrame(socks: string | undefined): string {
  if (socks === undefined) return 'proxyconnect tcp';
  return `socks connect tcp${socks === '' ? '' : ` ${socks}`}`;
}

/**
 * Whether errors.Is(err, context.DeadlineExceeded) holds: of net's own timeout on a dial (recorded in five of six runs; the dialer's
 * timer and the socket's deadline race) and of net/http's while it waits for headers. Not of a lookup, nor of a TLS handshake.
 */
export function isDeadline(failure: NetFailure): boolean {
  if (failure.kind === 'deadline' || failure.kind === 'response-header-timeout') return true;
  if (failure.kind === 'proxyconnect') return isDeadline(failure.cause);
  return failure.kind === 'dial' && failure.reason === 'i/o timeout';
}

/** Whether Go's net.Error of this failure says Timeout(). */
export function isTimeout(failure: NetFailure): boolean {
  switch (failure.kind) {
    case 'tls-handshake-timeout':
    case 'response-header-timeout':
    case 'deadline':
      return true;
    case 'lookup':
    case 'dial':
    case 'read':
    case 'write':
      return failure.reason.endsWith('i/o timeout');
    case 'proxyconnect':
      return isTimeout(failure.cause);
    default:
      return false;
  }
}

const fixedTexts = {
  eof: 'EOF',
  'unexpected-eof': 'unexpected EOF',
  'tls-handshake-timeout': 'net/http: TLS handshake timeout',
  'response-header-timeout': 'net/http: timeout awaiting response headers',
  deadline: 'context deadline exceeded',
  cancelled: 'context canceled',
  'http-response-to-https': 'http: server gave HTTP response to HTTPS client',
} as const;

function tlsText(reason: TlsReason, go: GoVersion): string {
  switch (reason.kind) {
    case 'record-header':
      return 'tls: first record does not look like a TLS handshake';
    case 'alert':
      return `remote error: tls: ${reason.name}`;
    case 'protocol-version':
      return 'remote error: tls: protocol version not supported';
    case 'other':
      return reason.text;
    default:
      return `${hasVerifyPrefix(go) ? 'tls: failed to verify certificate: ' : ''}x509: ${certificateText(reason)}`;
  }
}

/** crypto/tls CertificateVerificationError came with Go 1.20. */
function hasVerifyPrefix(go: GoVersion): boolean {
  const [major = 0, minor = 0] = go.split('.').map(Number);
  return major > 1 || minor >= 20;
}

type CertificateReason = Exclude<TlsReason, { kind: 'record-header' | 'alert' | 'protocol-version' | 'other' }>;

function certificateText(reason: CertificateReason): string {
  switch (reason.kind) {
    case 'unknown-authority':
      return `certificate signed by unknown authority${reason.candidate === undefined ? '' : ` (possibly because of ${quote(reason.hint ?? 'crypto/rsa: verification error')} while trying to verify candidate authority certificate ${quote(reason.candidate)})`}`;
    case 'hostname':
      return hostnameText(reason);
    case 'expired':
      return `certificate has expired or is not yet valid: current time ${rfc3339(reason.nowMs)} is after ${rfc3339(reason.notAfterMs)}`;
    case 'not-yet-valid':
      return `certificate has expired or is not yet valid: current time ${rfc3339(reason.nowMs)} is before ${rfc3339(reason.notBeforeMs)}`;
    case 'not-a-ca':
      return 'certificate is not authorized to sign other certificates';
    case 'too-weak':
      return 'cannot verify signature: insecure algorithm SHA1-RSA';
    case 'incompatible-usage':
      return 'certificate specifies an incompatible key usage';
  }
}

/** crypto/x509 HostnameError. */
function hostnameText({ host, dnsNames, ipAddresses, commonName }: Extract<TlsReason, { kind: 'hostname' }>): string {
  if (commonName !== undefined) return 'certificate relies on legacy Common Name field, use SANs instead';
  if (isIpAddress(host)) {
    if (ipAddresses.length === 0) return `cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
    return `certificate is valid for ${ipAddresses.join(', ')}, not ${host}`;
  }
  if (dnsNames.length > 0) return `certificate is valid for ${dnsNames.join(', ')}, not ${host}`;
  return `certificate is not valid for any names, but wanted to match ${host}`;
}

/** time.RFC3339 in UTC; years outside four digits stay as they are. */
function rfc3339(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? 'unknown' : time.toISOString().replace(/\.\d+Z$/, 'Z');
}
