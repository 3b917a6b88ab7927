import type { HostsDocument } from '../../core/protocol/hosts';
import { printableText } from '../../core/text/display';
import type { Catalog } from '../../core/text/message';
import { sayIn, type Say } from './phrases';

/** The hosts of a reference for people: what was read, then one line per host in the order asked. */
export function hostsText(document: HostsDocument, catalogs: readonly Catalog[]): string {
  const say = sayIn(catalogs);
  const lines = [printableText(document.reference), `  ${source(document, say)}`];
  if (document.error !== null) lines.push(`  ${document.outcome}: ${printableText(document.error)}`);
  for (const [index, host] of document.hosts.entries()) lines.push(`  ${index + 1}. ${hostLine(host, say)}`);
  return `${lines.join('\n')}\n`;
}

function source({ file, directory, outcome }: HostsDocument, say: Say): string {
  if (file !== null) return `${printableText(file)} (${outcome})`;
  return directory === null ? say('no-folder') : say('no-hosts-file', { directory: printableText(directory) });
}

function hostLine(host: HostsDocument['hosts'][number], say: Say): string {
  const notes = [
    host.capabilities.join(' '),
    host.skipVerify === true ? say('host-unverified') : '',
    host.tryHttpsFirst ? say('host-https-first') : '',
    host.caFiles > 0 ? say('host-ca', { count: host.caFiles }) : '',
    host.clientCertificates > 0 ? say('host-client', { count: host.clientCertificates }) : '',
    Object.keys(host.headers).length > 0 ? say('host-headers', { names: Object.keys(host.headers).join(', ') }) : '',
  ].filter((note) => note !== '');
  return printableText(`${host.scheme}://${host.host}${host.path}  ${notes.join('; ')}`);
}
