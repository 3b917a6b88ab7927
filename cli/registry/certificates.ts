/** What Go's crypto/x509 reads in a certificate, taken from Node's X509Certificate. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** Every certificate of a PEM text; blocks that cannot be parsed are passed over, as CertPool.AppendCertsFromPEM does. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const found: X509Certificate[] = [];
  for (const block of pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []) {
    try {
      found.push(new X509Certificate(block));
    } catch {
      continue;
    }
  }
  return found;
}

export interface AlternativeNames {
  readonly present: boolean;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/** Node prints `DNS:a, IP Address:1.2.3.4`, and a name with a comma or quote in it as a JSON string. */
export function alternativeNames({ subjectAltName }: X509Certificate): AlternativeNames {
  const names = [...(subjectAltName ?? '').matchAll(/(DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)];
  const of = (kind: string) => names.filter((match) => match[1] === kind).map((match) => unquoted(match[2] ?? ''));
  return { present: subjectAltName !== undefined, dnsNames: of('DNS'), ipAddresses: of('IP Address').map(canonicalIp) };
}

function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  try {
    return String(JSON.parse(name));
  } catch {
    return name;
  }
}

/** As net.IP.String writes it: IPv6 shortened and in lower case. */
export function canonicalIp(address: string): string {
  if (isIP(address) !== 6) return address;
  const host = new URL(`http://[${address}]`).hostname;
  return host.slice(1, -1);
}

/** The way Go's UnknownAuthorityError names a candidate: common name, else organization, else serial number. */
export function certificateName(certificate: X509Certificate): string {
  return subjectField(certificate, 'CN') ?? subjectField(certificate, 'O') ?? `serial:${BigInt(`0x${certificate.serialNumber}`)}`;
}

export function subjectField({ subject }: X509Certificate, field: string): string | undefined {
  const line = subject.split('\n').find((one) => one.startsWith(`${field}=`));
  return line?.slice(field.length + 1);
}

/** Signature algorithms that Go refuses (x509.InsecureAlgorithmError): MD5 always, SHA-1 since Go 1.18. */
const insecure: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'MD5-RSA',
  '2a864886f70d010105': 'SHA1-RSA',
  '2a8648ce3d0401': 'ECDSA-SHA1',
};

/** The insecure algorithm a certificate is signed with. Certificate ::= SEQUENCE { tbs SEQUENCE, SEQUENCE { algorithm OID … } … }. */
export function insecureAlgorithm({ raw }: X509Certificate): string | undefined {
  const outer = element(raw, 0);
  const toBeSigned = outer && element(raw, outer.start);
  const algorithm = toBeSigned && element(raw, toBeSigned.end);
  const id = algorithm && element(raw, algorithm.start);
  return id && insecure[raw.subarray(id.start, id.end).toString('hex')];
}

function element(der: Buffer, at: number): { readonly start: number; readonly end: number } | undefined {
  const first = der[at + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const bytes = first & 0x7f;
  if (bytes === 0 || bytes > 4 || at + 2 + bytes > der.length) return undefined;
  const start = at + 2 + bytes;
  return { start, end: start + der.readUIntBE(at + 2, bytes) };
}
