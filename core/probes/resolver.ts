import type { Probe, ProbeOutput } from './probe';

export interface Resolver {
  /** False when /etc/resolv.conf cannot be read. */
  readonly readable: boolean;
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
}

/** /etc/resolv.conf, as the C library and Go read it. */
export const resolverProbe: Probe<void, Resolver> = {
  id: 'resolver',
  timeoutMs: 5000,
  script: () => `[ -r /etc/resolv.conf ] || exit 3
while read -r line || [ -n "$line" ]; do case $line in nameserver*|search*|domain*) printf '%s\\n' "$line" ;; esac; done </etc/resolv.conf`,
  parse: (output: ProbeOutput) => {
    const lines = output.stdout.split('\n').map((line) => line.trim().split(/\s+/));
    return {
      readable: output.status === 'done' && output.exitCode === 0,
      nameservers: lines.flatMap(([key, server]) => (key === 'nameserver' && server !== undefined ? [server] : [])),
      search: lines.findLast(([key]) => key === 'search' || key === 'domain')?.slice(1) ?? [],
    };
  },
};
