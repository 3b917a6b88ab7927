import type { Probe, ProbeOutput } from './probe';

export interface DefaultRoute {
  readonly family: 'IPv4' | 'IPv6';
  readonly interface: string;
  /** IPv4 only; undefined for a route without one (a point-to-point link). */
  readonly gateway?: string;
}

const rtfUp = 0x1;
const rtfReject = 0x200;

/** The routes that everything else takes, from /proc/net/route and /proc/net/ipv6_route; ends with 3 where there is neither. */
export const defaultRouteProbe: Probe<void, readonly DefaultRoute[]> = {
  id: 'default-route',
  timeoutMs: 5000,
  script: () => `[ -r /proc/net/route ] || [ -r /proc/net/ipv6_route ] || exit 3
while read -r i d g f r u m k rest; do case $d$k in 0000000000000000) printf '4 %s %s %s\\n' "$i" "$f" "$g" ;; esac; done </proc/net/route
while read -r d l s k g m r u f i; do
  case $d$l in 0000000000000000000000000000000000) printf '6 %s %s\\n' "$i" "$f" ;; esac
done </proc/net/ipv6_route
:`,
  parse: ({ stdout }: ProbeOutput) =>
    stdout.split('\n').flatMap((line): readonly DefaultRoute[] => {
      const [family, name = '', hex = '', gatewayHex = ''] = line.split(' ');
      const flags = Number.parseInt(hex, 16) || 0;
      // The kernel keeps a rejecting IPv6 default on lo, on every machine.
      if ((flags & rtfUp) === 0 || (flags & rtfReject) !== 0 || name === 'lo') return [];
      if (family === '6') return [{ family: 'IPv6', interface: name }];
      const gateway = dotted(gatewayHex);
      return family === '4' ? [{ family: 'IPv4', interface: name, ...(gateway !== undefined && { gateway }) }] : [];
    }),
};

/** The kernel writes the four bytes as the machine's own number; see littleEndian of addresses.ts. */
function dotted(hex: string): string | undefined {
  const bytes = /^[\da-f]{8}$/i.test(hex) ? (hex.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)) : [];
  return bytes.some((byte) => byte !== 0) ? bytes.join('.') : undefined;
}
