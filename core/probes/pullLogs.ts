/** Where a node writes of pulls, and one way to go through these places: for a diagnosis, for a triage of the past, and to follow them. */

const units = [
  'containerd',
  'k3s',
  'k3s-agent',
  'rke2-server',
  'rke2-agent',
  'kubelet',
  'snap.microk8s.daemon-containerd',
  'snap.microk8s.daemon-kubelite',
];

/** k3s and RKE2 keep these out of the journal, whatever else is in it. */
const ownLogs = [
  '/var/lib/rancher/k3s/agent/containerd/containerd.log',
  '/var/lib/rancher/rke2/agent/containerd/containerd.log',
  '/var/lib/rancher/rke2/agent/logs/kubelet.log',
];

/** Where containerd's words are on a node that has neither a journal nor such a log. */
const otherLogs = [
  '/var/log/containerd.log',
  '/var/log/containerd/containerd.log',
  '/var/log/syslog',
  '/var/log/messages',
  '/var/log/daemon.log',
];

/** In a line about a pull, or about anything that fails. */
export const words = ['pull', 'image', 'regist', 'fail', 'err', 'refused', 'denied', 'x509', 'tls', 'timeout', 'hosts.toml', 'config'];

/** The same as an extended regular expression of grep. */
export const wordsPattern = words.join('|').replaceAll('.', '\\.');

/** Comes before what was read of each source: `crb-source journalctl`, or the path of a log. */
export const sourceMark = 'crb-source ';

/**
 * Defines `crb_sources`, which calls `crb_journal` where the journal has words of the units in `crb_units`, `crb_log FILE` for each log that
 * is kept beside it, and where nothing of these was read, for the first other log; both are the caller's, and fail where they read nothing.
 * Before all of them it prints `refused` and why, by `crb_refused`, where there are words that this user may not read. What is `still to come`
 * may come to files that are empty yet, and of units that have not said a word.
 */
export function everySource(what: 'written' | 'still to come'): string {
  const [file, before] = what === 'written' ? ['-s', '$crb_units '] : ['-e', ''];
  return `crb_units='${units.map((unit) => `-u ${unit}`).join(' ')}'
crb_refused() { printf 'refused %s\\n' "$1"; }
crb_has() {
  $crb_sudo test ${file} "$1" && { [ -n "$crb_sudo" ] || [ -r "$1" ]; } && return
  case $(LC_ALL=C $crb_sudo head -c 1 "$1" 2>&1 >/dev/null) in *ermission*) crb_refused "$1: permission denied" ;; esac
  return 1
}
crb_has_journal() {
  command -v journalctl >/dev/null 2>&1 || return 1
  [ -n "$($crb_sudo journalctl ${before}-n 1 --no-pager -q </dev/null 2>/dev/null)" ] && return
  case $($crb_sudo journalctl -n 1 --no-pager </dev/null 2>&1 >/dev/null) in
    *'not seeing messages from other users'*|*ermission*|*insufficient*) crb_refused 'journalctl shows this user no messages of others' ;;
  esac
  return 1
}
crb_sources() {
  crb_own= crb_read=
  for f in ${ownLogs.join(' ')}; do crb_has "$f" && crb_own="$crb_own $f"; done
  crb_has_journal && crb_journal && crb_read=1
  for f in $crb_own; do crb_log "$f" && crb_read=1; done
  [ -n "$crb_read" ] || for f in ${otherLogs.join(' ')}; do crb_has "$f" && crb_log "$f" && break; done
}`;
}
