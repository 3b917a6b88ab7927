import type { Probe, ProbeOutput } from './probe';

export interface Neighbour {
  readonly address: string;
  readonly interface: string;
  /** Its hardware address is known; false: it was asked for and did not answer. */
  readonly complete: boolean;
}

const atfCom = 0x2;

/** The IPv4 neighbours that the kernel knows. */
export const neighboursProbe: Probe<void, readonly Neighbour[]> = {
  id: 'neighbours',
  timeoutMs: 5000,
  script: () => `while read -r ip type flags mac mask dev; do printf 'arp %s %s %s\\n' "$ip" "$flags" "$dev"; done </proc/net/arp`,
  parse: ({ stdout }: ProbeOutput) =>
    stdout.split('\n').flatMap((line): readonly Neighbour[] => {
      const match = /^arp ([\d.]{7,15}) 0x([\da-f]{1,8}) (\S{1,64})$/i.exec(line);
      if (!match) return [];
      // include/uapi/linux/if_arp.h: ATF_COM is set once the entry is complete.
      const complete = (Number.parseInt(match[2] ?? '', 16) & atfCom) !== 0;
      return [{ address: match[1] ?? '', interface: match[3] ?? '', complete }];
    }),
};
