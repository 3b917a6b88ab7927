/** net.ParseIP, net.ParseCIDR and what is asked of their results. */

/** Sixteen bytes, IPv4 in its mapped form: net.IP. */
export type Ip = readonly number[];

export interface Block {
  readonly ip: Ip;
  /** Bits that count, of 128. */
  readonly bits: number;
}

const mapped = [...Array<number>(10).fill(0), 255, 255];

export function parseIp(text: string): Ip | undefined {
  if (text.length > 45) return undefined;
  return text.includes(':') ? parseIpv6(text) : fourBytes(text, (bytes) => [...mapped, ...bytes]);
}

/** net.IP.To4: the four bytes of an IPv4 address, undefined for IPv6. */
export function to4(ip: Ip): Ip | undefined {
  return mapped.every((byte, index) => ip[index] === byte) ? ip.slice(mapped.length) : undefined;
}

export function parseCidr(text: string): Block | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const [address, length] = [text.slice(0, slash), text.slice(slash + 1)];
  const ip = parseIp(address);
  const width = address.includes(':') ? 128 : 32;
  if (!ip || !/^\d{1,3}$/.test(length) || Number(length) > width) return undefined;
  return { ip, bits: Number(length) + 128 - width };
}

export function sameIp(a: Ip, b: Ip): boolean {
  return isInside(a, { ip: b, bits: 128 });
}

export function isInside(ip: Ip, block: Block): boolean {
  return ip.every((byte, index) => {
    const bits = Math.max(0, Math.min(8, block.bits - 8 * index));
    return byte >> (8 - bits) === (block.ip[index] ?? 0) >> (8 - bits);
  });
}

/** 127.0.0.0/8 and ::1. */
export function isLoopback(ip: Ip): boolean {
  return isInside(ip, { ip: [...mapped, 127, 0, 0, 0], bits: 104 }) || sameIp(ip, [...Array<number>(15).fill(0), 1]);
}

function fourBytes<T>(text: string, use: (bytes: readonly number[]) => T): T | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
  return use(parts.map(Number));
}

function parseIpv6(text: string): Ip | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [front, back] = halves.map((half) => (half === '' ? [] : bytesOf(half)));
  if (!front || (halves.length === 2 && !back)) return undefined;
  const missing = 16 - front.length - (back?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...front, ...Array<number>(missing).fill(0), ...(back ?? [])];
}

function bytesOf(half: string): readonly number[] | undefined {
  const groups = half.split(':');
  const last = groups.at(-1) ?? '';
  const tail = last.includes('.') ? fourBytes(last, (bytes) => bytes) : [];
  const words = last.includes('.') ? groups.slice(0, -1) : groups;
  if (!tail || !words.every((word) => /^[\da-f]{1,4}$/i.test(word))) return undefined;
  return [...words.flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 255]), ...tail];
}
