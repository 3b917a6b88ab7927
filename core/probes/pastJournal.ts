/** What a node has written about pulls in a time that is past, for a triage: more than a diagnosis reads, and from where it reads it. */
import { placePrelude } from './containerdPlace';
import { everySource, sourceMark, wordsPattern } from './pullLogs';

/** So much of a source is read at most, the newest of it: what is said of pulls on a busy node in a week. */
export const pastJournalBytes = 32 * 1024 * 1024;

/** A log file that nobody rotates is not read from its beginning. */
const fileBytes = 256 * 1024 * 1024;

/**
 * Prints `now` (seconds since 1970) and `local` (as syslog writes the time of the node), then of each source its mark and its words;
 * `refused` and why, where there are words that this user may not read. A log file knows no `--since`: what is too old in it is for the
 * reader to leave out.
 */
export function pastJournalScript(seconds: number): string {
  return `${placePrelude}
${everySource('written')}
crb_keep() {
  if command -v grep >/dev/null 2>&1; then LC_ALL=C grep -aiE '${wordsPattern}'; else cat; fi | cut -c 1-4000 | tail -c ${pastJournalBytes}
}
crb_journal() {
  printf '${sourceMark}journalctl\\n'
  $crb_sudo journalctl $crb_units --since=-${seconds}s --no-pager -q -o short-iso </dev/null 2>/dev/null | crb_keep
}
crb_log() {
  printf '${sourceMark}%s\\n' "$1"
  $crb_sudo tail -c ${fileBytes} "$1" </dev/null 2>/dev/null | crb_keep
}
printf 'now %s\\nlocal %s\\n' "$(date +%s)" "$(LC_ALL=C date '+%b %e %H:%M:%S')"
crb_sources
exit 0`;
}
