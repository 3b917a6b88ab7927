import type { Probe, ProbeOutput } from './probe';

export interface ContainerdProcess {
  readonly pid: number | undefined;
  /** Sockets at the usual places and at `--address`; `listening` is undefined where /proc/net/unix cannot tell. */
  readonly sockets: readonly { readonly path: string; readonly usable: boolean; readonly listening: boolean | undefined }[];
  /** As `containerd --version` prints it. */
  readonly version: string | undefined;
  readonly installed: boolean;
}

/** Where distributions of Kubernetes put the socket: containerd's own default, k3s and RKE2, MicroK8s. */
const usualSockets = [
  '/run/containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
];

/** Is containerd there, does it run, does it listen. A process may be hidden from us, so its absence proves little. */
export const containerdProbe: Probe<void, ContainerdProcess> = {
  id: 'containerd',
  timeoutMs: 5000,
  script: () => `paths=' ${usualSockets.join(' ')} '
for d in /proc/[0-9]*; do
  n=; read -r n 2>/dev/null <"$d/comm" || continue
  [ "$n" = containerd ] || continue
  printf 'pid %s\\n' "\${d#/proc/}"
  next=
  tr '\\0' '\\n' 2>/dev/null <"$d/cmdline" | while read -r word; do
    case $next in 1) printf 'address %s\\n' "$word"; next= ;; esac
    case $word in --address|-a) next=1 ;; --address=*) printf 'address %s\\n' "\${word#*=}" ;; esac
  done
done
for p in $paths; do
  [ -S "$p" ] || continue
  if [ -w "$p" ]; then printf 'socket usable %s\\n' "$p"; else printf 'socket denied %s\\n' "$p"; fi
done
if [ -r /proc/net/unix ]; then
  echo unix
  while read -r num ref proto flags type st inode path; do
    case "$flags $path" in '00010000 '*containerd*.sock|'00010000 '*containerd*.sock.ttrpc) printf 'listening %s\\n' "$path" ;; esac
  done </proc/net/unix
fi
if command -v containerd >/dev/null 2>&1; then echo installed; printf 'version '; containerd --version; fi`,
  parse: parseContainerd,
};

function parseContainerd({ stdout }: ProbeOutput): ContainerdProcess {
  const lines = stdout.split('\n');
  const after = (word: string) => lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1).trim()] : []));
  const listening = after('listening');
  const told = lines.includes('unix');
  const files = after('socket').map((line) => {
    const path = line.replace(/^\w+ /, '');
    return {
      path,
      usable: line.startsWith('usable '),
      listening: told ? listening.includes(path) || listening.includes(path.replace(/^\/run\//, '/var/run/')) : undefined,
    };
  });
  const elsewhere = [...new Set([...after('address'), ...listening])].filter(
    (path) => path.endsWith('.sock') && !files.some((file) => file.path === path),
  );
  const pid = Number(after('pid')[0]);
  return {
    pid: Number.isInteger(pid) && pid > 0 ? pid : undefined,
    sockets: [...files, ...elsewhere.filter((path) => listening.includes(path)).map((path) => ({ path, usable: true, listening: true }))],
    version: versionOf(after('version')[0] ?? ''),
    installed: lines.includes('installed'),
  };
}

/** `containerd github.com/containerd/containerd/v2 v2.1.4 <revision>`. */
function versionOf(line: string): string | undefined {
  return /^containerd \S{1,100} (\S{1,60})/.exec(line)?.[1];
}
