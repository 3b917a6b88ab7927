import type { Probe, ProbeOutput } from './probe';

/** containerd's own words for its folders: content and snapshots, sockets and running containers, and what is unpacked on the way. */
export type FolderName = 'root' | 'state' | 'temp';

export interface Folder {
  readonly name: FolderName;
  readonly path: string;
  /** The folder asked about: the one above, or the nearest one above it that is there. */
  readonly at: string;
  readonly totalKb: number | undefined;
  readonly freeKb: number | undefined;
  readonly totalInodes: number | undefined;
  readonly freeInodes: number | undefined;
  /** The mount point it is on, and whether the kernel writes there; undefined where df or /proc/mounts cannot tell. */
  readonly mount: string | undefined;
  readonly readOnly: boolean | undefined;
}

/**
 * Space, inodes and mount options under containerd's folders. There is no way to ask for space but `df`; a dead network mount makes it
 * hang, hence the time limit. Of /proc/mounts only the lines that matter: a node has thousands, and sh reads byte by byte.
 */
export const storageProbe: Probe<void, readonly Folder[]> = {
  id: 'storage',
  timeoutMs: 5000,
  script: () => `set --
for name in root state temp; do
  case $name in root) p=\${crb_root:-/var/lib/containerd} ;; state) p=\${crb_state:-/run/containerd} ;; temp) p=\${crb_temp:-/tmp} ;; esac
  at=$p
  while [ -n "$at" ] && [ ! -d "$at" ]; do at=\${at%/*}; done
  : "\${at:=/}"
  printf 'folder %s %s\\nat %s\\n' $name "$p" "$at"
  set -- "$@" "$at"
done
echo kb; df -Pk "$@" 2>/dev/null
echo inodes; df -Pi "$@" 2>/dev/null
echo mounts
grep -E ' (ext[234]|xfs|btrfs|zfs|f2fs|overlay|tmpfs|nfs4?|fuse[^ ]*|rootfs|squashfs|erofs|bcachefs) ' /proc/mounts 2>/dev/null |
  grep -vE ' /(var/lib/kubelet/pods|run/containerd/io\\.containerd|var/lib/containerd/io\\.containerd|proc|sys)/' |
  while read -r dev point type options rest; do printf 'mount %s %s\\n' "\${options%%,*}" "$point"; done
:`,
  parse: parseStorage,
};

function parseStorage({ stdout }: ProbeOutput): readonly Folder[] {
  const lines = stdout.split('\n');
  const mounts = lines.flatMap((line) => {
    const match = /^mount (r[ow]) (\/.*)$/.exec(line);
    return match ? [{ readOnly: match[1] === 'ro', point: unescaped(match[2] ?? '') }] : [];
  });
  const names = [...stdout.matchAll(/^folder (root|state|temp) (.{0,4096})\nat (.{1,4096})$/gm)];
  const space = figures(stdout, 'kb', 'inodes', names.length);
  const inodes = figures(stdout, 'inodes', 'mounts', names.length);
  return names.map(([, name, path = '', at = ''], index): Folder => {
    const point = mountOf(at, mounts);
    const mount = mounts.findLast((one) => one.point === point);
    const [totalKb, freeKb] = space[index] ?? [];
    const [totalInodes, freeInodes] = inodes[index] ?? [];
    const folder = name === 'root' || name === 'state' ? name : 'temp';
    return { name: folder, path, at, totalKb, freeKb, totalInodes, freeInodes, mount: mount?.point, readOnly: mount?.readOnly };
  });
}

/** The longest mount point above a folder; of two mounts at one point the later one covers the other. */
function mountOf(path: string, mounts: readonly { readonly point: string }[]): string | undefined {
  let best: string | undefined;
  for (const { point } of mounts) {
    const above = point === '/' || path === point || path.startsWith(`${point}/`);
    if (above && point.length >= (best?.length ?? 0)) best = point;
  }
  return best;
}

/** /proc/mounts writes space, tab, newline and backslash as octal. */
function unescaped(text: string): string {
  return text.replace(/\\(0\d{2}|1[0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * Of POSIX `df -P`: file system, total, used, available, capacity, mount point, one line per folder in the order asked. btrfs counts no
 * inodes and says 0 or `-`.
 */
function figures(stdout: string, from: string, to: string, count: number): readonly (readonly [number, number] | undefined)[] {
  const section = stdout.split(`\n${from}\n`)[1]?.split(`\n${to}\n`)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.length < 10_000 && /\s\/\S*$/.test(line));
  if (rows.length !== count) return [];
  return rows.map((row) => {
    const match = /\s(\d{1,18})\s+\d{1,18}\s+(\d{1,18})\s+(?:\d{1,3}%|-)\s/.exec(row);
    return match && Number(match[1]) > 0 ? [Number(match[1]), Number(match[2])] : undefined;
  });
}
