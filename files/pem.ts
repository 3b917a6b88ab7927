import { createHash, createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Certificate, PemFile, PrivateKey } from '../core/ports';

/** Reads the certificates and private keys among the PEM blocks of a text; blocks of other kinds do not count, as in Go's crypto/tls. */
export function parsePem(text: string): PemFile {
  const certificates: Certificate[] = [];
  const privateKeys: PrivateKey[] = [];
  const broken: string[] = [];
  for (const { label, block } of pemBlocks(text)) {
    try {
      if (label === 'CERTIFICATE') certificates.push(certificate(block));
      else if (label.endsWith('PRIVATE KEY'))
        privateKeys.push({ publicKeyId: isTakenOut(block) ? null : keyId(createPublicKey(createPrivateKey(block))) });
    } catch {
      broken.push(label);
    }
  }
  return { certificates, privateKeys, broken };
}

/** Of a key that was redacted before it got here, only that there is one is known. */
function isTakenOut(block: string): boolean {
  return block.split('\n')[1] === 'REDACTED';
}

function* pemBlocks(text: string): Iterable<{ readonly label: string; readonly block: string }> {
  let at = 0;
  for (;;) {
    const begin = text.indexOf('-----BEGIN ', at);
    if (begin < 0) return;
    const labelEnd = text.indexOf('-----', begin + 11);
    if (labelEnd < 0) return;
    const label = text.slice(begin + 11, labelEnd);
    const footer = `-----END ${label}-----`;
    const end = text.indexOf(footer, labelEnd);
    if (end < 0) {
      at = labelEnd + 5;
      continue;
    }
    at = end + footer.length;
    yield { label, block: text.slice(begin, at) };
  }
}

function certificate(block: string): Certificate {
  const x509 = new X509Certificate(block);
  const names = (x509.subjectAltName ?? '').split(', ');
  return {
    subject: x509.subject.replaceAll('\n', ', '),
    issuer: x509.issuer.replaceAll('\n', ', '),
    notBeforeMs: Date.parse(x509.validFrom),
    notAfterMs: Date.parse(x509.validTo),
    isCa: x509.ca,
    dnsNames: prefixed(names, 'DNS:'),
    ipAddresses: prefixed(names, 'IP Address:'),
    publicKeyId: keyId(x509.publicKey),
  };
}

function prefixed(names: readonly string[], prefix: string): string[] {
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
