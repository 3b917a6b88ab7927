/** hosts.go updateTLSConfigFromHost (before 2.1.0 a part of ConfigureHosts): what it says of the files that a host names. */
import { quote } from '../go/quote';
import type { ConfigTree, PemFile } from '../ports';
import type { HostConfig, NamedFile } from './hostConfig';
import type { HostsProblem } from './hostsFile';

/** In the order in which containerd opens them. It gives up at the first; a person wants to see all. */
export function tlsFileProblems(tree: ConfigTree, config: HostConfig): readonly HostsProblem[] {
  const ca = (config.caCerts ?? []).map((file) => caProblem(tree, file));
  const client = (config.clientPairs ?? []).map(({ cert, key }) => pairProblem(tree, cert, key));
  return [...ca, ...client].filter((problem) => problem !== undefined);
}

function caProblem(tree: ConfigTree, file: NamedFile): HostsProblem | undefined {
  const read = readPem(tree, file);
  if (!read) return undefined;
  if ('reason' in read) return unreadable('ca-unreadable', 'unable to read CA cert', file, read);
  if (read.certificates.length > 0) return undefined;
  return {
    code: 'ca-without-certificate',
    effect: 'fatal',
    ...at(file),
    args: { path: file.path },
    text: `unable to load CA cert ${quote(file.path)}`,
  };
}

function pairProblem(tree: ConfigTree, cert: NamedFile, key: NamedFile | undefined): HostsProblem | undefined {
  const certPem = readPem(tree, cert);
  if (certPem && 'reason' in certPem) return unreadable('client-unreadable', 'unable to read CERT file', cert, certPem);
  const keyPem = key ? readPem(tree, key) : certPem;
  if (key && keyPem && 'reason' in keyPem) return unreadable('client-unreadable', 'unable to read CERT file', key, keyPem);
  if (!certPem || !keyPem || 'reason' in keyPem) return undefined;
  const reason = keyPairProblem(certPem, keyPem);
  if (reason === undefined) return undefined;
  const shown = key && certPem.certificates.length > 0 ? key : cert;
  const args = { cert: cert.path, key: (key ?? cert).path, reason };
  const text = reason.startsWith('tls: ') ? { text: `failed to load X509 key pair: ${reason}` } : {};
  return { code: 'client-pair-refused', effect: 'fatal', ...at(shown), args, ...text };
}

/** Go crypto/tls X509KeyPair in its words, which start with `tls: `, or in ours; undefined when it takes the pair. */
export function keyPairProblem(cert: PemFile, key: PemFile): string | undefined {
  const [leaf] = cert.certificates;
  if (!leaf) return certificateProblem(cert);
  const [privateKey] = key.privateKeys;
  if (!privateKey) return keyProblem(key);
  return privateKey.publicKeyId === null || leaf.publicKeyId === privateKey.publicKeyId
    ? undefined
    : 'tls: private key does not match public key';
}

function certificateProblem(pem: PemFile): string {
  if (pem.broken.includes('CERTIFICATE')) return 'the certificate cannot be parsed';
  const keys = keyBlocks(pem);
  if (keys === 0) return 'tls: failed to find any PEM data in certificate input';
  if (keys === 1) {
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  }
  return 'there is no certificate in the file, but more than one private key';
}

function keyProblem(pem: PemFile): string {
  if (pem.broken.some((label) => label.endsWith('PRIVATE KEY'))) return 'tls: failed to parse private key';
  const labels = [...pem.certificates.map(() => 'CERTIFICATE'), ...pem.broken];
  if (labels.length === 0) return 'tls: failed to find any PEM data in key input';
  if (labels.length === 1) return 'tls: found a certificate rather than a key in the PEM for the private key';
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${labels.join(' ')}]`;
}

function keyBlocks(pem: PemFile): number {
  return pem.privateKeys.length + pem.broken.filter((label) => label.endsWith('PRIVATE KEY')).length;
}

export interface ReadError {
  /** As os.ReadFile says it. */
  readonly reason: string;
  /** In our words' table: `missing`, `directory`, `denied`. */
  readonly kind: 'missing' | 'directory' | 'denied';
  readonly judged: boolean;
}

/** What a file holds or why it cannot be read; undefined where that is not ours to say. */
export function readPem(tree: ConfigTree, file: Omit<NamedFile, 'range'>): PemFile | ReadError | undefined {
  const kind = tree.stat(file.path);
  if (kind === 'missing') return { reason: `open ${file.path}: no such file or directory`, kind: 'missing', judged: tree.rooted };
  // Another machine's /etc may hold another file of that name.
  if (!tree.rooted && file.absolute) return undefined;
  if (kind === 'directory') return { reason: `read ${file.path}: is a directory`, kind, judged: true };
  const pem = kind === 'file' ? tree.pem(file.path) : undefined;
  return pem ?? { reason: `open ${file.path}: permission denied`, kind: 'denied', judged: tree.rooted };
}

function unreadable(code: 'ca-unreadable' | 'client-unreadable', prefix: string, file: NamedFile, error: ReadError): HostsProblem {
  const args = { path: file.path, kind: error.kind, reason: error.reason };
  if (!error.judged) return { code, effect: 'unjudged', ...at(file), args };
  return { code, effect: 'fatal', ...at(file), args, text: `${prefix} ${quote(file.path)}: ${error.reason}` };
}

function at(file: NamedFile): { readonly range: HostsProblem['range'] } {
  return { range: file.range ?? { start: 0, end: 0 } };
}
