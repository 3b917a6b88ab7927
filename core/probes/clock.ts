import type { Probe, ProbeOutput } from './probe';

export interface NodeClock {
  /** Seconds since 1970, undefined where there is no `date`. */
  readonly seconds: number | undefined;
  /** systemd-timesyncd has had an answer since the start; undefined where it does not run. */
  readonly synchronized: boolean | undefined;
}

/** Certificates and tokens are judged by the node's clock. */
export const clockProbe: Probe<void, NodeClock> = {
  id: 'clock',
  timeoutMs: 2000,
  script: () => `printf 'seconds %s\\n' "$(date +%s)"
[ -d /run/systemd/timesync ] && { [ -e /run/systemd/timesync/synchronized ] && echo synchronized || echo unsynchronized; }
:`,
  parse: ({ stdout }: ProbeOutput) => {
    const seconds = /^seconds (\d{9,11})$/m.exec(stdout)?.[1];
    const lines = stdout.split('\n');
    const synchronized = lines.includes('synchronized') ? true : lines.includes('unsynchronized') ? false : undefined;
    return { seconds: seconds === undefined ? undefined : Number(seconds), synchronized };
  },
};
