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
  script: () => `for name in root state temp; do
  case $name in root) p=\${crb_root:-/var/lib/containerd} ;; state) p=\${crb_state:-/run/containerd} ;; temp) p=\${crb_temp:-/tmp} ;; esac
  at=$p
  while [ -n "$at" ] && [ ! -d "$at" ]; do at=\${at%/*}; done
  : "\${at:=/}"
  printf 'folder %s %s\\n' $name "$p"
  printf 'at %s\\n' "$at"
  df -Pk "$at" 2>/dev/null | while read -r line; do printf 'kb %s\\n' "$line"; done
  df -Pi "$at" 2>/dev/null | while read -r line; do printf 'inodes %s\\n' "$line"; done
done
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
  return stdout
    .split(/^folder /m)
    .slice(1)
    .flatMap((section): readonly Folder[] => {
      const [, name, path = ''] = /^(root|state|temp) (.*)$/m.exec(section) ?? [];
      if (name !== 'root' && name !== 'state' && name !== 'temp') return [];
      const at = /^at (.*)$/m.exec(section)?.[1] ?? path;
      const [totalKb, freeKb] = figures(section, 'kb');
      const [totalInodes, freeInodes] = figures(section, 'inodes');
      const mount = mounts.findLast(({ point }) => point === mountOf(at, mounts));
      return [{ name, path, at, totalKb, freeKb, totalInodes, freeInodes, mount: mount?.point, readOnly: mount?.readOnly }];
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

/** Of POSIX `df -P`: file system, total, used, available, capacity, mount point. btrfs counts no inodes and says 0 or `-`. */
function figures(stdout: string, kind: string): readonly [number | undefined, number | undefined] {
  const line = stdout.split('\n').findLast((one) => one.startsWith(`${kind} `)) ?? '';
  const match = /\s(\d{1,18})\s+\d{1,18}\s+(\d{1,18})\s+(?:\d{1,3}%|-)/.exec(line);
  return match && Number(match[1]) > 0 ? [Number(match[1]), Number(match[2])] : [undefined, undefined];
}
