import { placePrelude } from './containerdPlace';
import type { Probe, ProbeOutput } from './probe';

export interface Journal {
  /** `journalctl`, or the path of the log that was read; undefined where there was nothing to read. */
  readonly source: string | undefined;
  readonly text: string;
  /** Other users' messages are hidden from this one: what journalctl or the file system said. */
  readonly refused: string | undefined;
}

export const units = [
  'containerd',
  'k3s',
  'k3s-agent',
  'rke2-server',
  'rke2-agent',
  'kubelet',
  'snap.microk8s.daemon-containerd',
  'snap.microk8s.daemon-kubelite',
];

/** Where containerd's words are without a journal: k3s and RKE2 write a file of their own. */
export const logs = [
  '/var/lib/rancher/k3s/agent/containerd/containerd.log',
  '/var/lib/rancher/rke2/agent/containerd/containerd.log',
  '/var/log/containerd.log',
  '/var/log/containerd/containerd.log',
  '/var/log/syslog',
  '/var/log/messages',
  '/var/log/daemon.log',
];

/** In a line about a pull, or about anything that fails. */
const words = ['pull', 'image', 'regist', 'fail', 'err', 'refused', 'denied', 'x509', 'tls', 'timeout', 'hosts.toml', 'config'];

/** The same as an extended regular expression of grep. */
export const wordsPattern = words.join('|').replaceAll('.', '\\.');

/** The last words about pulls: lines that name one or any failure, newest last, at most a quarter of a megabyte. */
export const journalProbe: Probe<void, Journal> = {
  id: 'journal',
  timeoutMs: 20_000,
  script: () => `${placePrelude}
keep() {
  if command -v grep >/dev/null 2>&1; then grep -iE '${wordsPattern}'; else cat; fi | cut -c 1-4000 | tail -n 1000 | tail -c 262144
}
if command -v journalctl >/dev/null 2>&1; then
  text=$($crb_sudo journalctl ${units.map((unit) => `-u ${unit}`).join(' ')} -n 5000 --no-pager -q -o short-iso </dev/null 2>/dev/null | keep)
  if [ -n "$text" ]; then printf 'source journalctl\\ntext\\n%s\\n' "$text"; exit 0; fi
  hint=$($crb_sudo journalctl -n 1 --no-pager </dev/null 2>&1 >/dev/null)
  case $hint in *'not seeing messages from other users'*|*ermission*|*insufficient*) echo 'refused journalctl shows this user no messages of others' ;; esac
fi
for f in ${logs.join(' ')}; do
  [ -e "$f" ] || continue
  if [ ! -r "$f" ] && [ -z "$crb_sudo" ]; then printf 'refused %s: permission denied\\n' "$f"; continue; fi
  text=$($crb_sudo tail -n 5000 "$f" </dev/null 2>/dev/null | keep)
  [ -n "$text" ] && { printf 'source %s\\ntext\\n%s\\n' "$f" "$text"; exit 0; }
done
exit 0`,
  parse: parseJournal,
};

/** A transport holds the last bytes back until it knows that they are no end: a line of spaces pushes each line through. */
const padding = 80;
const anyCase = words.map((word) => `*${word.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`)}*`).join('|');

/**
 * Prints what is said of pulls from now on: the journal, else the first log that is there. A shell filters, because grep keeps lines in its
 * buffer. The reader, which may be root's and then cannot be killed from outside, is ended by its own shell as soon as nothing beats any
 * more; each beat goes on to the other side too, so that a connection that died in silence is found out. Ends where there is nothing to read.
 */
export const followScript = `${placePrelude}
crb_beat() { while echo && sleep 10; do :; done; }
crb_keep() {
  while IFS= read -r crb_line; do
    case $crb_line in ''|${anyCase}) printf '%s\n%${padding}s\n' "$crb_line" '' || break ;; esac
  done
}
crb_follow() {
  crb_beat | $crb_sudo sh -c '"$@" </dev/null 2>/dev/null &
while IFS= read -r beat && kill -0 $! 2>/dev/null && echo; do :; done; kill $! 2>/dev/null' sh "$@" | crb_keep
}
if command -v journalctl >/dev/null 2>&1 && [ -n "$($crb_sudo journalctl -n 1 -q --no-pager </dev/null 2>/dev/null)" ]; then
  crb_follow journalctl -f -n 0 -q -o short-iso ${units.map((unit) => `-u ${unit}`).join(' ')}
else
  for f in ${logs.join(' ')}; do
    [ -e "$f" ] || continue
    crb_follow tail -n 0 -F "$f"
    break
  done
fi`;

function parseJournal({ stdout }: ProbeOutput): Journal {
  const cut = /^text$/m.exec(stdout);
  const head = (cut ? stdout.slice(0, cut.index) : stdout).split('\n');
  const after = (word: string): string | undefined => head.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  return { source: cut ? after('source') : undefined, text: cut ? stdout.slice(cut.index + 5) : '', refused: after('refused') };
}
