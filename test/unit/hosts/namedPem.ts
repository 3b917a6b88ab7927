import type { ConfigTree, PemFile } from '../../../core/ports';
import { mapTree } from '../../../files/tree';

/** A tree whose PEM files say by name what they hold: `pki client.crt`, and `pki client.pem` for certificate and key in one file. */
export function namedPemTree(files: Readonly<Record<string, string>>, rooted = true): ConfigTree {
  const tree = mapTree(files, rooted);
  return { ...tree, pem: (path) => namedPem(tree.read(path)) };
}

function namedPem(text: string | undefined): PemFile | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/pki (\w+)\.(crt|key|pem)/g)].map(([, name = '', kind = '']) => ({ name, kind }));
  return {
    certificates: parts.filter(({ kind }) => kind !== 'key').map(({ name }) => certificate(name)),
    privateKeys: parts.filter(({ kind }) => kind !== 'crt').map(({ name }) => ({ publicKeyId: name })),
    broken: text.includes('broken certificate') ? ['CERTIFICATE'] : [],
  };
}

function certificate(name: string): PemFile['certificates'][number] {
  const common = { subject: `CN=${name}`, issuer: `CN=${name}`, notBeforeMs: 0, notAfterMs: 4e12, isCa: true };
  return { ...common, dnsNames: [], ipAddresses: [], publicKeyId: name };
}
