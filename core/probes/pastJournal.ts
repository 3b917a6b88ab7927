/** What a node has written about pulls in a time that is past, for a triage: more than a diagnosis reads, and from where it reads it. */
import { placePrelude } from './containerdPlace';
import { logs, units, wordsPattern } from './journal';

/** So much is read at most, the newest of it: what is said of pulls on a busy node in a week. */
export const pastJournalBytes = 32 * 1024 * 1024;

/** A log file that nobody rotates is not read from its beginning. */
const fileBytes = 256 * 1024 * 1024;

/** k3s and RKE2 keep these out of the journal, whatever else is in it. */
const ownLogs = [
  '/var/lib/rancher/k3s/agent/containerd/containerd.log',
  '/var/lib/rancher/rke2/agent/containerd/containerd.log',
  '/var/lib/rancher/rke2/agent/logs/kubelet.log',
];

/** Comes before what was read of each source: `crb-source journalctl`, or the path of a log. */
export const sourceMark = 'crb-source ';

/**
 * Prints `now` (seconds since 1970) and `local` (as syslog writes the time of the node), then of each source its mark and its words;
 * `refused` and why, where there are words that this user may not read. A log file knows no `--since`: what is too old in it is for the
 * reader to leave out.
 */
export function pastJournalScript(seconds: number): string {
  return `${placePrelude}
crb_keep() {
  if command -v grep >/dev/null 2>&1; then LC_ALL=C grep -aiE '${wordsPattern}'; else cat; fi | cut -c 1-4000 | tail -c ${pastJournalBytes}
}
crb_log() {
  [ -s "$1" ] || return 1
  if [ ! -r "$1" ] && [ -z "$crb_sudo" ]; then printf 'refused %s: permission denied\\n' "$1"; return 1; fi
  printf '${sourceMark}%s\\n' "$1"
  $crb_sudo tail -c ${fileBytes} "$1" </dev/null 2>/dev/null | crb_keep
}
printf 'now %s\\nlocal %s\\n' "$(date +%s)" "$(LC_ALL=C date '+%b %e %H:%M:%S')"
crb_units='${units.map((unit) => `-u ${unit}`).join(' ')}'
crb_read=
if command -v journalctl >/dev/null 2>&1; then
  if [ -n "$($crb_sudo journalctl $crb_units -n 1 --no-pager -q </dev/null 2>/dev/null)" ]; then
    crb_read=1
    printf '${sourceMark}journalctl\\n'
    $crb_sudo journalctl $crb_units --since=-${seconds}s --no-pager -q -o short-iso </dev/null 2>/dev/null | crb_keep
  else
    case $($crb_sudo journalctl -n 1 --no-pager </dev/null 2>&1 >/dev/null) in
      *'not seeing messages from other users'*|*ermission*|*insufficient*) echo 'refused journalctl shows this user no messages of others' ;;
    esac
  fi
fi
for f in ${ownLogs.join(' ')}; do crb_log "$f" && crb_read=1; done
[ -n "$crb_read" ] || for f in ${logs.filter((log) => !ownLogs.includes(log)).join(' ')}; do crb_log "$f" && break; done
exit 0`;
}
