import type { Probe, ProbeOutput } from './probe';

export interface NetworkInterface {
  readonly name: string;
  /** IFF_* as /sys shows them: without IFF_RUNNING, which only netlink tells. Undefined when the file cannot be read. */
  readonly flags: number | undefined;
  readonly operstate: string;
  /** 1 or 0; undefined for an interface that is down, where reading it fails. */
  readonly carrier: number | undefined;
  readonly mtu: number | undefined;
}

const iffUp = 0x1;
const iffLoopback = 0x8;

/** Every network interface, as /sys/class/net has it. */
export const interfacesProbe: Probe<void, readonly NetworkInterface[]> = {
  id: 'interfaces',
  timeoutMs: 5000,
  script: () => `get() { v=; read -r v 2>/dev/null <"$1" || :; printf '%s\\t' "$v"; }
for d in /sys/class/net/*; do
  [ -e "$d" ] || continue
  printf '%s\\t' "\${d##*/}"; get "$d/flags"; get "$d/operstate"; get "$d/carrier"; get "$d/mtu"; echo
done`,
  parse: ({ stdout }: ProbeOutput) => stdout.split('\n').flatMap(interfaceOf),
};

function interfaceOf(line: string): readonly NetworkInterface[] {
  const [name = '', flags = '', operstate = '', carrier = '', mtu = ''] = line.split('\t');
  if (name === '') return [];
  return [
    {
      name,
      flags: /^0x[\da-f]{1,8}$/i.test(flags) ? Number(flags) : undefined,
      operstate,
      carrier: /^[01]$/.test(carrier) ? Number(carrier) : undefined,
      mtu: /^[1-9]\d{0,6}$/.test(mtu) ? Number(mtu) : undefined,
    },
  ];
}

export function isUp({ flags }: NetworkInterface): boolean {
  return flags !== undefined && (flags & iffUp) !== 0;
}

export function isLoopback({ flags }: NetworkInterface): boolean {
  return flags !== undefined && (flags & iffLoopback) !== 0;
}

/**
 * Go's net.FlagRunning without netlink. `unknown` is what lo, tun and many virtual links say while they work; such a link counts when
 * it has a carrier.
 */
export function isRunning({ operstate, carrier }: NetworkInterface): boolean {
  return (operstate === 'up' || operstate === 'unknown') && carrier === 1;
}
