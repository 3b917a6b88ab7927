import type { Probe, ProbeOutput } from './probe';

export interface Disk {
  /** The folder asked about: the data folder of containerd, or the nearest one above it that is there. */
  readonly path: string;
  readonly totalKb: number | undefined;
  readonly freeKb: number | undefined;
  readonly totalInodes: number | undefined;
  readonly freeInodes: number | undefined;
}

/** Where image content goes: containerd's default root, k3s and RKE2, MicroK8s. */
const roots = [
  '/var/lib/rancher/k3s/agent/containerd',
  '/var/lib/rancher/rke2/agent/containerd',
  '/var/snap/microk8s/common/var/lib/containerd',
  '/var/lib/containerd',
];

/** Space and inodes under containerd's root. There is no way to ask but `df`; a dead network mount makes it hang, hence the time limit. */
export const diskProbe: Probe<void, Disk> = {
  id: 'disk',
  timeoutMs: 5000,
  script: () => `dir=
for r in ${roots.join(' ')}; do [ -d "$r" ] && { dir=$r; break; }; done
[ -n "$dir" ] || { [ -d /var/lib ] && dir=/var/lib || dir=/; }
printf 'path %s\\n' "$dir"
df -Pk "$dir" | while read -r line; do printf 'kb %s\\n' "$line"; done
df -Pi "$dir" 2>/dev/null | while read -r line; do printf 'inodes %s\\n' "$line"; done
command -v df >/dev/null 2>&1`,
  parse: ({ stdout }: ProbeOutput) => {
    const path = /^path (.*)$/m.exec(stdout)?.[1] ?? '';
    const [totalKb, freeKb] = figures(stdout, 'kb');
    const [totalInodes, freeInodes] = figures(stdout, 'inodes');
    return { path, totalKb, freeKb, totalInodes, freeInodes };
  },
};

/** Of POSIX `df -P`: file system, total, used, available, capacity, mount point. btrfs counts no inodes and says 0 or `-`. */
function figures(stdout: string, kind: string): readonly [number | undefined, number | undefined] {
  const line = stdout.split('\n').findLast((one) => one.startsWith(`${kind} `)) ?? '';
  const match = /\s(\d{1,18})\s+\d{1,18}\s+(\d{1,18})\s+(?:\d{1,3}%|-)/.exec(line);
  return match && Number(match[1]) > 0 ? [Number(match[1]), Number(match[2])] : [undefined, undefined];
}
