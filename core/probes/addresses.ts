import type { Probe, ProbeOutput } from './probe';

export type AddressScope = 'global' | 'link-local' | 'loopback';

export interface Address {
  readonly address: string;
  readonly scope: AddressScope;
  /** An IPv6 address that the kernel does not use yet, or never will: duplicate address detection runs or has failed. */
  readonly pending?: 'tentative' | 'duplicate';
}

export interface Addresses {
  readonly byInterface: ReadonlyMap<string, readonly Address[]>;
  /** Local IPv4 addresses that no route ties to an interface (a /32 without `ip` to ask). */
  readonly unattributed: readonly Address[];
}

/**
 * The addresses of the node. `ip` says it best; without it: IPv4 from /proc/net/fib_trie, tied to interfaces by /proc/net/route, and
 * IPv6 from /proc/net/if_inet6.
 */
export const addressesProbe: Probe<void, Addresses> = {
  id: 'addresses',
  timeoutMs: 5000,
  script: () => `ip -o addr show 2>/dev/null
last=
while read -r a b c; do
  case $a in '|--') last=$b ;; esac
  case "$b $c" in 'host LOCAL') printf 'local %s %s\\n' "$last" "$a" ;; esac
done </proc/net/fib_trie
while read -r i d g f r u m k rest; do printf 'route %s %s %s %s %s\\n' "$i" "$d" "$g" "$f" "$k"; done </proc/net/route
while read -r a n p s f i; do printf 'inet6 %s %s %s %s\\n' "$a" "$s" "$f" "$i"; done </proc/net/if_inet6`,
  parse: parseAddresses,
};

function parseAddresses({ stdout }: ProbeOutput): Addresses {
  const lines = stdout.split('\n').map((line) => line.split(/\s+/));
  const of = (kind: string) => lines.flatMap(([first, ...rest]) => (first === kind ? [rest] : []));
  const byInterface = new Map<string, Address[]>();
  const add = (name: string, address: Address) => {
    const known = byInterface.get(name) ?? [];
    if (!known.some((one) => one.address === address.address)) byInterface.set(name, [...known, address]);
  };
  const told = lines.flatMap((words) => (/^\d{1,9}:$/.test(words[0] ?? '') ? ipLine(words) : []));
  for (const { name, address } of told) add(name, address);
  for (const words of of('inet6')) inet6Line(words, add);
  const unattributed = told.length > 0 ? [] : attribute(of('local'), of('route'), add);
  return { byInterface, unattributed };
}

/** `2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\\       valid_lft …`. */
function ipLine(words: readonly string[]): readonly { readonly name: string; readonly address: Address }[] {
  const [, name = '', family = '', value = ''] = words;
  const address = value.split('/')[0] ?? '';
  if (address === '' || (family !== 'inet' && family !== 'inet6')) return [];
  const pending = words.includes('dadfailed') ? 'duplicate' : words.includes('tentative') ? 'tentative' : undefined;
  // A veth prints `eth0@if5:`, an alias its label later on.
  return [
    {
      name: (name.split('@')[0] ?? '').replace(/:$/, ''),
      address: { address, scope: family === 'inet' ? scope4(address) : scope6(address), ...(pending && { pending }) },
    },
  ];
}

/** include/net/ipv6.h: scope 0x10 host, 0x20 link; linux/if_addr.h: IFA_F_DADFAILED 0x08, IFA_F_TENTATIVE 0x40. */
function inet6Line([hex = '', scope = '', flags = '', name = '']: readonly string[], add: (name: string, address: Address) => void): void {
  if (!/^[\da-f]{32}$/i.test(hex) || name === '') return;
  const bits = Number.parseInt(flags, 16) || 0;
  const kind = scope === '10' ? 'loopback' : scope === '20' ? 'link-local' : 'global';
  const pending = (bits & 0x08) !== 0 ? 'duplicate' : (bits & 0x40) !== 0 ? 'tentative' : undefined;
  add(name, { address: shortIpv6(hex), scope: kind, ...(pending && { pending }) });
}

/** An address belongs to the interface whose directly connected network holds it; the narrowest one wins. */
function attribute(
  locals: readonly (readonly string[])[],
  routes: readonly (readonly string[])[],
  add: (name: string, address: Address) => void,
): readonly Address[] {
  const networks = routes.flatMap(([name = '', destination = '', gateway = '', , mask = '']) => {
    if (name === 'Iface' || gateway !== '00000000' || mask === '00000000') return [];
    return [{ name, destination: littleEndian(destination), mask: littleEndian(mask) }];
  });
  networks.sort((a, b) => b.mask - a.mask);
  const unattributed: Address[] = [];
  for (const text of new Set(locals.flatMap(([address = '', width]) => (width === '/32' ? [address] : [])))) {
    const value = ipv4(text);
    if (value === undefined) continue;
    const address: Address = { address: text, scope: scope4(text) };
    const network = networks.find(({ destination, mask }) => (value & mask) >>> 0 === destination);
    if (address.scope === 'loopback') add('lo', address);
    else if (network) add(network.name, address);
    else unattributed.push(address);
  }
  return unattributed;
}

/** /proc/net/route writes an address as the machine's own 32-bit number; every Linux that runs containerd is little-endian but s390x. */
function littleEndian(hex: string): number {
  const bytes = /^([\da-f]{2})([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(hex);
  return bytes ? Number.parseInt(`${bytes[4] ?? ''}${bytes[3] ?? ''}${bytes[2] ?? ''}${bytes[1] ?? ''}`, 16) : 0;
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function scope4(address: string): AddressScope {
  if (address.startsWith('127.')) return 'loopback';
  return address.startsWith('169.254.') ? 'link-local' : 'global';
}

function scope6(address: string): AddressScope {
  if (address === '::1') return 'loopback';
  return /^fe[89ab]/i.test(address) ? 'link-local' : 'global';
}

/** RFC 5952, so that both sources write the same address the same way. */
function shortIpv6(hex: string): string {
  const groups = (hex.toLowerCase().match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ''));
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const text = groups.join(':');
  const [longest] = runs;
  if (!longest) return text;
  const before = text.slice(0, longest.index);
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
