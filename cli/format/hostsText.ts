import type { HostsDocument } from '../../core/protocol';
import { printableText } from '../../core/text/display';

/** The hosts of a reference for people: what was read, then one line per host in the order asked. */
export function hostsText(document: HostsDocument): string {
  const lines = [printableText(document.reference), `  ${source(document)}`];
  if (document.error !== null) lines.push(`  ${document.outcome}: ${printableText(document.error)}`);
  for (const [index, host] of document.hosts.entries()) lines.push(`  ${index + 1}. ${hostLine(host)}`);
  return `${lines.join('\n')}\n`;
}

function source({ file, directory, outcome }: HostsDocument): string {
  if (file !== null) return `${printableText(file)} (${outcome})`;
  return directory === null ? 'no folder for this registry under certs.d' : `${printableText(directory)} (no hosts.toml)`;
}

function hostLine(host: HostsDocument['hosts'][number]): string {
  const notes = [
    host.capabilities.join(' '),
    host.skipVerify === true ? 'certificate not checked' : '',
    host.tryHttpsFirst ? 'https first, then http' : '',
    host.caFiles > 0 ? `${host.caFiles} CA` : '',
    host.clientCertificates > 0 ? `${host.clientCertificates} client certificate` : '',
    Object.keys(host.headers).length > 0 ? `headers ${Object.keys(host.headers).join(', ')}` : '',
  ].filter((note) => note !== '');
  return printableText(`${host.scheme}://${host.host}${host.path}  ${notes.join('; ')}`);
}
