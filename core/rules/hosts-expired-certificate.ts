import { pathJoin } from '../go/path';
import type { Certificate } from '../ports';
import type { TomlValue } from '../toml/document';
import { advice, hostTables, topLevel } from './hostsProblems';
import type { HostsContext, HostsRule } from './rule';

export const hostsExpiredCertificate: HostsRule = {
  id: 'hosts-expired-certificate',
  kind: 'hosts',
  doc: {
    title: 'A certificate that the file names has expired',
    why: `containerd loads an expired certificate without complaint. An expired CA makes every connection that depends on it fail with \`x509: certificate has expired or is not yet valid\` (or with \`certificate signed by unknown authority\`, where another CA stands beside it); an expired client certificate is refused by the other side, as a TLS alert. Not judged without \`--root\` or a node: the file may be another one there.`,
    files: {
      '/etc/containerd/certs.d/docker.io/mirror-ca.crt': `-----BEGIN CERTIFICATE-----
MIHpMIGcoAMCAQICAQEwBQYDK2VwMBQxEjAQBgNVBAMMCU1pcnJvciBDQTAeFw0y
MjAxMDEwMDAwMDBaFw0yNDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCU1pcnJvciBD
QTAqMAUGAytlcAMhABYjxu62ykM6GiEsIL6Yoc/rtBjug2CVvSF9QFmhwCH2oxMw
ETAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBAOsVhoADYTrVxd4yGPJlMrCqcgLU
8CdAPtJOuAUL0ezfScay5zwsge2OmGfdUxrOIIdEAo2K6YCc379+WfTTdwg=
-----END CERTIFICATE-----
`,
    },
    bad: `[host."https://mirror.example.com"]
  ca = "mirror-ca.crt"
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['Go crypto/x509: Certificate.Verify'],
  },
  messages: {
    expired: 'The certificate "{subject}" in {path} has expired on {day}: connections that depend on it fail.',
    early: 'The certificate "{subject}" in {path} is not valid before {day}: until then, connections that depend on it fail.',
  },

  *check(context) {
    const { tree, path } = context;
    const now = tree.takenMs;
    if (now === undefined || !tree.rooted) return;
    const folder = path.slice(0, path.lastIndexOf('/'));
    for (const { value, range } of namedFiles(context)) {
      const file = value.startsWith('/') ? value : pathJoin(folder, value);
      const stale = tree.stat(file) === 'file' ? tree.pem(file)?.certificates.find((one) => isStale(one, now)) : undefined;
      if (!stale) continue;
      const expired = stale.notAfterMs < now;
      const day = new Date(expired ? stale.notAfterMs : stale.notBeforeMs).toISOString().slice(0, 10);
      yield advice(range, 'warning', { key: expired ? 'expired' : 'early', args: { subject: stale.subject, path: file, day } });
    }
  },
};

function isStale({ notBeforeMs, notAfterMs }: Certificate, now: number): boolean {
  return Number.isFinite(notAfterMs) && Number.isFinite(notBeforeMs) && (notAfterMs < now || notBeforeMs > now);
}

type NamedFile = Extract<TomlValue, { readonly kind: 'string' }>;

/** The CA and client files of all entries; keys among them hold no certificate. */
function namedFiles(context: HostsContext): readonly NamedFile[] {
  const top = topLevel(context);
  const entries = [...hostTables(context), ...(top ? [top] : [])];
  return entries.flatMap(({ fields }) => ['ca', 'client'].flatMap((key) => stringsIn(fields.get(key)?.value)));
}

function stringsIn(value: TomlValue | undefined): readonly NamedFile[] {
  if (value?.kind === 'string') return [value];
  return value?.kind === 'array' ? value.items.flatMap(stringsIn) : [];
}
