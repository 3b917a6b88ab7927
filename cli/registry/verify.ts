/**
 * What Go's crypto/x509 Certificate.Verify says about a server's chain, in its order: validity of the leaf, host name, then the chain,
 * then the extended key usage (src/crypto/x509/verify.go, Go 1.17 to 1.26).
 */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsReason } from '../../core/ports';
import { alternativeNames, canonicalIp, certificateName, insecureAlgorithm, subjectField } from './certificates';

/** A CertPool: trusted certificates, found by subject. */
export interface Roots {
  readonly bySubject: ReadonlyMap<string, readonly X509Certificate[]>;
}

export function rootsOf(certificates: readonly X509Certificate[]): Roots {
  const bySubject = new Map<string, X509Certificate[]>();
  for (const certificate of certificates) {
    const same = bySubject.get(certificate.subject);
    if (!same) bySubject.set(certificate.subject, [certificate]);
    else if (!same.some((one) => one.fingerprint256 === certificate.fingerprint256)) same.push(certificate);
  }
  return { bySubject };
}

/** `chain` as the server sent it, leaf first. Undefined when Go would accept it. */
export function verifyChain(chain: readonly X509Certificate[], host: string, roots: Roots, nowMs: number): TlsReason | undefined {
  const [leaf, ...intermediates] = chain;
  if (!leaf) return { kind: 'other', text: 'tls: received empty certificates message' };
  const invalid = validity(leaf, nowMs) ?? verifyHostname(leaf, host);
  if (invalid) return invalid;
  if (contains(roots, leaf)) return usable([leaf]) ? undefined : { kind: 'incompatible-usage' };
  const search: Search = { roots, intermediates, nowMs, checks: 0 };
  const built = buildChains(search, [leaf]);
  if (built.chains.length === 0) return built.reason;
  return built.chains.some(usable) ? undefined : { kind: 'incompatible-usage' };
}

/** The time part of Certificate.isValid. */
function validity(certificate: X509Certificate, nowMs: number): TlsReason | undefined {
  const notBeforeMs = Date.parse(certificate.validFrom);
  const notAfterMs = Date.parse(certificate.validTo);
  if (nowMs < notBeforeMs) return { kind: 'not-yet-valid', nowMs, notBeforeMs };
  if (nowMs > notAfterMs) return { kind: 'expired', nowMs, notAfterMs };
  return undefined;
}

/** Certificate.VerifyHostname: subject alternative names only, a wildcard stands for the left-most label. */
function verifyHostname(certificate: X509Certificate, host: string): TlsReason | undefined {
  const names = alternativeNames(certificate);
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (isIP(bare) !== 0) {
    if (names.ipAddresses.includes(canonicalIp(bare))) return undefined;
    return {
      kind: 'hostname',
      host: bare,
      dnsNames: names.dnsNames,
      ipAddresses: names.ipAddresses,
      ...legacyName(certificate, names, bare),
    };
  }
  if (names.dnsNames.some((pattern) => matchHostnames(pattern, host))) return undefined;
  return { kind: 'hostname', host, dnsNames: names.dnsNames, ipAddresses: names.ipAddresses, ...legacyName(certificate, names, host) };
}

/** HostnameError.Error: a Common Name that would have fitted before Go 1.15. */
function legacyName(
  certificate: X509Certificate,
  { present }: { readonly present: boolean },
  host: string,
): { readonly commonName?: string } {
  const commonName = subjectField(certificate, 'CN');
  return !present && commonName !== undefined && matchHostnames(commonName, host) ? { commonName } : {};
}

function matchHostnames(pattern: string, host: string): boolean {
  const patternParts = pattern.toLowerCase().split('.');
  const hostParts = host.toLowerCase().replace(/\.$/, '').split('.');
  if (host === '' || patternParts.length !== hostParts.length) return false;
  return patternParts.every((part, index) => (index === 0 && part === '*') || (part !== '' && part === hostParts[index]));
}

interface Search {
  readonly roots: Roots;
  readonly intermediates: readonly X509Certificate[];
  readonly nowMs: number;
  checks: number;
}

interface Built {
  readonly chains: readonly (readonly X509Certificate[])[];
  /** Why there is none. */
  readonly reason: TlsReason;
}

/** maxChainSignatureChecks. */
const maxChecks = 100;

/** Certificate.buildChains. */
function buildChains(search: Search, chain: readonly X509Certificate[]): Built {
  const child = chain.at(-1);
  const chains: (readonly X509Certificate[])[] = [];
  let failed: TlsReason | undefined;
  let hint: { readonly candidate: string; readonly hint: string } | undefined;
  if (!child) return { chains, reason: { kind: 'unknown-authority' } };
  const consider = (candidate: X509Certificate, trusted: boolean) => {
    if (chain.some((one) => alike(one, candidate))) return;
    if (++search.checks > maxChecks) {
      failed = { kind: 'other', text: 'x509: signature check attempts limit reached while verifying certificate chain' };
      return;
    }
    const mistake = checkSignatureFrom(child, candidate);
    if (mistake !== undefined) {
      hint ??= { candidate: certificateName(candidate), hint: mistake };
      return;
    }
    failed = validity(candidate, search.nowMs);
    if (failed) return;
    if (trusted) return void chains.push([...chain, candidate]);
    const above = buildChains(search, [...chain, candidate]);
    chains.push(...above.chains);
    failed = above.chains.length === 0 ? above.reason : undefined;
  };
  for (const root of search.roots.bySubject.get(child.issuer) ?? []) consider(root, true);
  for (const one of search.intermediates) if (one.subject === child.issuer) consider(one, false);
  return { chains, reason: failed ?? { kind: 'unknown-authority', ...hint } };
}

/** Certificate.CheckSignatureFrom: its error text, or undefined. */
function checkSignatureFrom(child: X509Certificate, parent: X509Certificate): string | undefined {
  if (!parent.ca) return 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
  const weak = insecureAlgorithm(child);
  if (weak !== undefined) return `x509: cannot verify signature: insecure algorithm ${weak}`;
  if (verified(child, parent)) return undefined;
  const type = parent.publicKey.asymmetricKeyType;
  if (type === 'rsa' || type === 'rsa-pss') return 'crypto/rsa: verification error';
  return type === 'ed25519' ? 'x509: Ed25519 verification failure' : 'x509: ECDSA verification failure';
}

function verified(child: X509Certificate, parent: X509Certificate): boolean {
  try {
    return child.verify(parent.publicKey);
  } catch {
    return false;
  }
}

const serverAuth = '1.3.6.1.5.5.7.3.1';
const anyUsage = '2.5.29.37.0';

/** checkChainForKeyUsage for ExtKeyUsageServerAuth. */
function usable(chain: readonly X509Certificate[]): boolean {
  return chain.every((certificate) => {
    const usages = certificate.toLegacyObject().ext_key_usage ?? [];
    return usages.length === 0 || usages.includes(serverAuth) || usages.includes(anyUsage);
  });
}

function contains(roots: Roots, certificate: X509Certificate): boolean {
  return (roots.bySubject.get(certificate.subject) ?? []).some((one) => one.fingerprint256 === certificate.fingerprint256);
}

function namesOf(certificate: X509Certificate): string | undefined {
  return certificate.subjectAltName;
}

/** alreadyInChain: same subject, key and names. */
function alike(a: X509Certificate, b: X509Certificate): boolean {
  return a.subject === b.subject && namesOf(a) === namesOf(b) && a.publicKey.equals(b.publicKey);
}
