import { placePrelude } from './containerdPlace';
import type { Probe, ProbeOutput } from './probe';
import { everySource, sourceMark, words, wordsPattern } from './pullLogs';

export interface Journal {
  /** `journalctl` or the path of a log, one after the other where there were several; undefined where there was nothing to read. */
  readonly source: string | undefined;
  readonly text: string;
  /** Words that are hidden from this user: what journalctl or the file system said. There may be a source beside it. */
  readonly refused: string | undefined;
}

/** The last words about pulls: lines that name one or any failure, source after source, newest last, a quarter of a megabyte of each. */
export const journalProbe: Probe<void, Journal> = {
  id: 'journal',
  timeoutMs: 20_000,
  script: () => `${placePrelude}
${everySource('written')}
crb_keep() {
  if command -v grep >/dev/null 2>&1; then grep -aiE '${wordsPattern}'; else cat; fi | cut -c 1-4000 | tail -n 1000 | tail -c 262144
}
crb_say() { [ -n "$2" ] && printf '${sourceMark}%s\\n%s\\n' "$1" "$2"; }
crb_journal() { crb_say journalctl "$($crb_sudo journalctl $crb_units -n 5000 --no-pager -q -o short-iso </dev/null 2>/dev/null | crb_keep)"; }
crb_log() { crb_say "$1" "$($crb_sudo tail -n 5000 "$1" </dev/null 2>/dev/null | crb_keep)"; }
crb_sources
exit 0`,
  parse: parseJournal,
};

/** A transport holds the last bytes back until it knows that they are no end: a line of spaces pushes each line through. */
const padding = 80;
const anyCase = words.map((word) => `*${word.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`)}*`).join('|');

/**
 * Prints what is said of pulls from now on, of all sources as it comes. A shell filters, because grep keeps lines in its buffer. A reader,
 * which may be root's and then cannot be killed from outside, is ended by its own shell as soon as nothing beats any more; each beat goes on
 * to the other side too, so that a connection that died in silence is found out. Ends where there is nothing to read. Behind `marker`, which
 * no log can know, stands that a source `begins` or `ends`, by its name, or is `refused` and why.
 */
export function followScript(marker: string): string {
  return `${placePrelude}
${everySource('still to come')}
crb_tell() { printf '%s\n%${padding}s\n' "$1" ''; }
crb_refused() { crb_tell "${marker} refused $1" >&3; }
crb_beat() { while echo && sleep 10; do :; done; }
crb_keep() {
  while IFS= read -r crb_line; do
    case $crb_line in ''|${anyCase}) crb_tell "$crb_line" || break ;; esac
  done
}
crb_read_on() {
  crb_beat | $crb_sudo sh -c '"$@" </dev/null 2>/dev/null &
while IFS= read -r beat && kill -0 $! 2>/dev/null && echo; do :; done; kill $! 2>/dev/null' sh "$@" | { crb_keep; crb_tell "${marker} ends $crb_source"; }
}
crb_follow() {
  crb_source=$1; shift
  crb_tell "${marker} begins $crb_source" >&3
  crb_read_on "$@" >&3 &
}
crb_journal() { crb_follow journalctl journalctl -f -n 0 -q -o short-iso $crb_units; }
crb_log() { crb_follow "$1" tail -n 0 -F "$1"; }
exec 3>&1
crb_sources >&2
wait`;
}

function parseJournal({ stdout }: ProbeOutput): Journal {
  const [head = '', ...parts] = stdout.split(new RegExp(`^${sourceMark}(.*)\n`, 'm'));
  const sources = parts.filter((_, i) => i % 2 === 0);
  return {
    source: sources.length === 0 ? undefined : sources.join(', '),
    text: parts.filter((_, i) => i % 2 === 1).join(''),
    refused: /^refused (.*)$/m.exec(head)?.[1],
  };
}
