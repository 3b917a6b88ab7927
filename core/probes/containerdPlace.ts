/** Where distributions of Kubernetes put the socket: containerd's own default, k3s and RKE2, MicroK8s, and the name of Docker's shim. */
export const usualSockets: readonly string[] = [
  '/run/containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/dockershim.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
];

/** Where config.toml is when the process does not say: containerd's default, k3s, RKE2, MicroK8s. */
export const usualConfigs: readonly string[] = [
  '/var/lib/rancher/k3s/agent/etc/containerd/config.toml',
  '/var/lib/rancher/rke2/agent/etc/containerd/config.toml',
  '/var/snap/microk8s/current/args/containerd.toml',
  '/etc/containerd/config.toml',
];

/** Where image content goes: k3s, RKE2, MicroK8s, containerd's default root. */
export const usualRoots = [
  '/var/lib/rancher/k3s/agent/containerd',
  '/var/lib/rancher/rke2/agent/containerd',
  '/var/snap/microk8s/common/var/lib/containerd',
  '/var/lib/containerd',
];

/** A login may lack the folders of administrators, and those of RKE2 and Flatcar. */
export const programPath =
  'PATH="${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/var/lib/rancher/rke2/bin:/opt/bin"';

/**
 * Defines `crb_find`, which sets `crb_pid` to the process that is the node's containerd and takes its flags, or sets nothing. A process of
 * another mount namespace is a container's, dockerd keeps a containerd of its own, one without a command line has ended and waits for its
 * parent, and one with a command is a question put to the program, maybe by another diagnosis: none serves the kubelet. Neither does one
 * of another user than root and ours, who may call any program so: its file is started later, to say its version. `crb_look` then sets
 * `crb_program` to the file that runs, which need not be the first on PATH, and `crb_replaced` where it is no longer there.
 */
export const findContainerd = `crb_find() {
  crb_user /proc/self; crb_self=$crb_owner
  for d in /proc/[0-9]*; do
    n=; read -r n 2>/dev/null <"$d/comm" || continue
    [ "$n" = containerd ] || continue
    w=; read -r w 2>/dev/null <"$d/cmdline"; [ -n "$w" ] || continue
    [ -e "$d/ns/mnt" ] && [ ! "$d/ns/mnt" -ef /proc/self/ns/mnt ] 2>/dev/null && { crb_elsewhere=1; continue; }
    words=$(tr '\\0' '\\n' 2>/dev/null <"$d/cmdline")
    case $words in */docker/containerd/*) continue ;; esac
    crb_serves "$words" || continue
    crb_user "$d"
    [ "$crb_owner" = 0 ] || [ "$crb_owner" = "$crb_self" ] || continue
    crb_pid=\${d#/proc/}; crb_flags "$words"; return
  done
}
crb_user() {
  crb_owner=
  while read -r k v rest; do case $k in Uid:) crb_owner=$v; break ;; esac; done 2>/dev/null <"$1/status"
}
crb_look() {
  crb_program=containerd crb_replaced= up=
  [ -n "$crb_pid" ] || return
  [ -r "/proc/$crb_pid/environ" ] || up=\${crb_sudo-}
  exe=$($up ls -l "/proc/$crb_pid/exe" 2>/dev/null)
  case $exe in *'(deleted)') crb_replaced=1 ;; *'-> '*/containerd) [ -x "\${exe##*-> }" ] && crb_program=\${exe##*-> } ;; esac
}
crb_serves() {
  serves=0; set -f; old=$IFS; IFS='
'
  for w in $1; do case $w in config|publish|oci-hook|help|h|--help|-h|--version|-v) serves=1 ;; esac; done
  IFS=$old; set +f; return $serves
}
crb_flags() {
  next=; set -f; old=$IFS; IFS='
'
  for w in $1; do
    case $next in
      config) crb_config=$w ;; root) crb_root=$w ;; state) crb_state=$w ;; address) crb_sockets="$crb_sockets $w" ;;
    esac
    next=
    case $w in
      --config|-c) next=config ;; --root) next=root ;; --state) next=state ;; --address|-a) next=address ;;
      --config=*) crb_config=\${w#*=} ;; --root=*) crb_root=\${w#*=} ;; --state=*) crb_state=\${w#*=} ;; --address=*) crb_sockets="$crb_sockets \${w#*=}" ;;
    esac
  done
  IFS=$old; set +f
}`;

/**
 * Comes before the probes of a stage and leaves what they share in the environment: which process is the node's containerd, its
 * configuration, folders and sockets, how to become root, and a PATH. Flags win over config.toml, config.toml over defaults. Who is user 0
 * and may not look into process 1 is root in a user namespace only; who may and is not, in a container.
 */
export const placePrelude = `${programPath}
crb_pid= crb_config= crb_root= crb_state= crb_temp= crb_sockets= crb_sudo= crb_elsewhere= crb_uid=user
while read -r k v rest; do case "$k $v" in 'Uid: 0') [ -r /proc/1/environ ] && crb_uid=root ;; esac; done 2>/dev/null </proc/self/status
[ $crb_uid = root ] || { sudo -n true </dev/null >/dev/null 2>&1 && crb_sudo='sudo -n'; }
${findContainerd}
crb_read() {
  table=
  while read -r l || [ -n "$l" ]; do
    case $l in
      '['*) table=\${l#[}; table=\${table%%]*} ;;
      root*=*|state*=*|temp*=*|address*=*)
        k=\${l%%=*}; k=\${k%%[!a-z]*}; v=\${l#*=}
        case $v in *\\"*) v=\${v#*\\"}; v=\${v%%\\"*} ;; *\\'*) v=\${v#*\\'}; v=\${v%%\\'*} ;; *) continue ;; esac
        case $table/$k in
          /root) [ -n "$crb_root" ] || crb_root=$v ;;
          /state) [ -n "$crb_state" ] || crb_state=$v ;;
          /temp) crb_temp=$v ;;
          grpc/address) crb_sockets="$crb_sockets $v" ;;
        esac ;;
    esac
  done
}
crb_find; crb_look
if [ -z "$crb_config" ]; then for f in ${usualConfigs.join(' ')}; do [ -f "$f" ] && { crb_config=$f; break; }; done; fi
if [ -f "$crb_config" ] && [ -r "$crb_config" ]; then crb_read <"$crb_config"
elif [ -n "$crb_config" ] && [ -n "$crb_sudo" ]; then
  crb_read <<CRB
$($crb_sudo cat "$crb_config" </dev/null 2>/dev/null)
CRB
fi
if [ -z "$crb_root" ]; then for f in ${usualRoots.join(' ')}; do [ -d "$f" ] && { crb_root=$f; break; }; done; fi
: "\${crb_root:=/var/lib/containerd}" "\${crb_state:=/run/containerd}" "\${crb_temp:=\${TMPDIR:-/tmp}}"
export PATH crb_pid crb_program crb_replaced crb_config crb_root crb_state crb_temp crb_sockets crb_sudo crb_elsewhere crb_uid`;
