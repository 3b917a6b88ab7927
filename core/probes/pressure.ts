import type { Probe, ProbeOutput } from './probe';

export type Resource = 'cpu' | 'io' | 'memory';

export interface Pressure {
  readonly resource: Resource;
  /** Share of the last minute, in percent, in which some task waited, and in which all did; cpu has no second figure on older kernels. */
  readonly some: number;
  readonly full: number | undefined;
}

/** Pressure stall information (PSI), since Linux 4.20 where it is switched on. */
export const pressureProbe: Probe<void, readonly Pressure[]> = {
  id: 'pressure',
  timeoutMs: 2000,
  script: () => `for r in cpu io memory; do
  [ -r /proc/pressure/$r ] && while read -r kind a b rest; do printf '%s %s %s\\n' $r "$kind" "$b"; done 2>/dev/null </proc/pressure/$r
done
:`,
  parse: ({ stdout }: ProbeOutput) =>
    (['cpu', 'io', 'memory'] as const).flatMap((resource): readonly Pressure[] => {
      const figure = (kind: string): number | undefined => {
        const match = new RegExp(`^${resource} ${kind} avg60=(\\d{1,3}(?:\\.\\d{1,2})?)$`, 'm').exec(stdout);
        return match ? Number(match[1]) : undefined;
      };
      const some = figure('some');
      return some === undefined ? [] : [{ resource, some, full: figure('full') }];
    }),
};
