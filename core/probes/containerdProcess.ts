import { usualSockets } from './containerdPlace';
import type { Probe, ProbeOutput } from './probe';

export interface ContainerdProcess {
  readonly pid: number | undefined;
  /** The file it reads, or would read; undefined where there is none. */
  readonly config: string | undefined;
  /**
   * Sockets of containerd: at the usual places, where its configuration and flags say, and what the process itself listens on.
   * `listening` is undefined where /proc/net/unix cannot tell.
   */
  readonly sockets: readonly ContainerdSocket[];
  /** As `containerd --version` prints it: the program of the process that runs, else the one on PATH. */
  readonly version: string | undefined;
  readonly installed: boolean;
  /** The program that runs was replaced on disk since it started. */
  readonly replaced: boolean;
  /** Open file descriptors, undefined where only root may count them; the soft limit, undefined where there is none. */
  readonly openFiles: number | undefined;
  readonly openFilesLimit: number | undefined;
  /** As whom the node was asked; undefined when the stage's prelude did not run. */
  readonly asked: 'root' | 'sudo' | 'user' | undefined;
  /** `all`: no process of the node is hidden from us. `elsewhere`: none is, and a containerd runs in another mount namespace. */
  readonly processes: 'all' | 'elsewhere' | 'hidden';
}

export interface ContainerdSocket {
  readonly path: string;
  readonly usable: boolean;
  readonly listening: boolean | undefined;
}

/**
 * Is containerd there, does it run, does it listen. Who may read what process 1 is called sees every process (proc(5), hidepid); from
 * others a process may be hidden, so its absence proves little. That another program's socket has containerd in its path says nothing: a socket counts by its place, or because the process holds its inode.
 */
export const containerdProbe: Probe<void, ContainerdProcess> = {
  id: 'containerd',
  timeoutMs: 5000,
  script: () => `paths=" ${usualSockets.join(' ')} $crb_sockets "
inodes=' '
[ -n "$crb_replaced" ] && echo replaced
[ -n "$crb_uid" ] && printf 'asked %s\\n' "\${crb_sudo:-$crb_uid}"
[ -n "$crb_config" ] && printf 'config %s\\n' "$crb_config"
n=; read -r n 2>/dev/null </proc/1/comm && [ -n "$n" ] && { [ -n "$crb_elsewhere" ] && echo 'processes elsewhere' || echo 'processes all'; }
if [ -n "$crb_pid" ]; then
  printf 'pid %s\\n' "$crb_pid"
  up=; [ -r "/proc/$crb_pid/environ" ] || up=$crb_sudo
  count=0; set -f
  for w in $($up ls -l "/proc/$crb_pid/fd/" 2>/dev/null); do
    case $w in '->') count=$((count + 1)) ;; 'socket:['*) w=\${w#*[}; inodes="$inodes\${w%]} " ;; esac
  done
  set +f
  [ $count -gt 0 ] && printf 'files %s\\n' $count
  while read -r a b c soft rest; do case "$a $b $c" in 'Max open files') printf 'limit %s\\n' "$soft" ;; esac; done 2>/dev/null <"/proc/$crb_pid/limits"
fi
for p in $paths; do
  [ -S "$p" ] || continue
  if [ -w "$p" ] || [ -n "$crb_sudo" ]; then printf 'socket usable %s\\n' "$p"; else printf 'socket denied %s\\n' "$p"; fi
done
if [ -r /proc/net/unix ]; then
  echo unix
  while read -r num ref proto flags type st inode path; do
    [ "$flags" = 00010000 ] || continue
    case $inodes in *" $inode "*) printf 'owned %s\\n' "$path"; continue ;; esac
    case $paths in *" $path "*|*" /run/\${path#/var/run/} "*) printf 'listening %s\\n' "$path" ;; esac
  done </proc/net/unix
fi
if command -v "$crb_program" >/dev/null 2>&1; then echo installed; printf 'version '; "$crb_program" --version; fi`,
  parse: parseContainerd,
};

function parseContainerd({ stdout }: ProbeOutput): ContainerdProcess {
  const lines = stdout.split('\n');
  const after = (word: string) => lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1).trim()] : []));
  const owned = after('owned');
  const listening = new Set([...owned, ...after('listening')].map(shortened));
  const told = lines.includes('unix');
  const files = after('socket').map((line): ContainerdSocket => {
    const path = line.replace(/^\w+ /, '');
    return { path, usable: line.startsWith('usable '), listening: told ? listening.has(shortened(path)) : undefined };
  });
  const known = new Set(files.map(({ path }) => shortened(path)));
  const elsewhere = owned.filter((path) => path.startsWith('/') && path.endsWith('.sock') && !known.has(shortened(path)));
  return {
    pid: figure(after('pid')[0]),
    config: after('config')[0],
    sockets: [...files, ...elsewhere.map((path) => ({ path, usable: true, listening: true }))],
    version: versionOf(after('version')[0] ?? ''),
    installed: lines.includes('installed'),
    replaced: lines.includes('replaced'),
    openFiles: figure(after('files')[0]),
    openFilesLimit: figure(after('limit')[0]),
    asked: askedAs(after('asked')[0]),
    processes: (['all', 'elsewhere'] as const).find((one) => one === after('processes')[0]) ?? 'hidden',
  };
}

/** /var/run is a link to /run everywhere; the kernel keeps the path as it was bound. */
function shortened(path: string): string {
  return path.replace(/^\/var\/run\//, '/run/');
}

function askedAs(word: string | undefined): ContainerdProcess['asked'] {
  return word === 'root' || word === 'user' ? word : word?.startsWith('sudo') === true ? 'sudo' : undefined;
}

function figure(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

/** `containerd github.com/containerd/containerd/v2 v2.1.4 <revision>`. */
function versionOf(line: string): string | undefined {
  return /^containerd \S{1,100} (\S{1,60})/.exec(line)?.[1];
}
