/** Where clouds keep the credentials of a machine. A registry that leads there wants them, and the replay does not go. */
import { isInside, parseCidr, parseIp, type Ip } from '../go/ip';
import { message, type Message } from '../text/message';

/** Link-local, as net.IP.IsLinkLocalUnicast; then the metadata services of AWS and Google over IPv6, and of Alibaba Cloud. */
const blocks = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128', 'fd20:ce::254/128', '100.100.100.200/32'];

/** `shown`: the name behind the address. Undefined for every other address, and for a name. */
export function metadataAddress(address: string, shown = ''): Message | undefined {
  const ip = parseIp(address.split('%', 1)[0] ?? '');
  if (!ip || !isKept(ip)) return undefined;
  return message('replay-stopped/metadata', { host: shown === '' ? address : `${shown} (${address})` });
}

/** An address, or the name that Google gives it. */
export function metadataHost(name: string): Message | undefined {
  const host = name.toLowerCase().replace(/\.$/, '');
  return host === 'metadata.google.internal' ? message('replay-stopped/metadata', { host }) : metadataAddress(host);
}

function isKept(ip: Ip): boolean {
  return blocks.some((text) => {
    const block = parseCidr(text);
    return block !== undefined && isInside(ip, block);
  });
}
