/**
 * How a script reaches a shell whose stdin and stdout we hold, and how its answer is told apart from everything else on them: banners,
 * a chatty .bashrc, the words of sudo or kubectl. The shell is started as `sh -s`; what it prints counts only between two lines with a
 * marker nobody on the other side can know.
 */
import { quote } from '../../core/probes/quote';

/** What the shell prints when everything of a script is gone. */
export function clearedLine(marker: string): string {
  return `\n${marker} cleared\n`;
}

/**
 * A command for `sh -s`, which then takes the next one. The script runs in a subshell with its own stdin; the shell itself waits for a
 * line of ours, or the end. Whatever ends the call (the end line was seen, a time-out, a cancellation: an empty line; this process killed,
 * the connection lost: the end) leads there, and then everything left of the script's session is killed. No setsid, kill by group, or
 * job control: a node may have none of them. sed, where there is one, picks what may be ours: hundreds of
 * processes are too many for the shell to look at one by one. Each is judged again before it is killed, for the list is a moment old.
 */
export function framedScript(script: string, stdin: string | undefined, marker: string): string {
  const input = stdin === undefined ? '</dev/null' : '';
  const feed = stdin === undefined ? '' : `printf %s ${quote(stdin)} | `;
  return `{
crb_marker=${marker}
crb_script=${quote(script)}
crb_stat() { crb_line=; read -r crb_line 2>/dev/null <"$1" || :; set -- \${crb_line##*') '}; crb_parent=\${2:-0}; crb_session=\${4:-0}; }
crb_reap() {
  crb_keep=" $$ "; crb_pid=$$
  crb_stat /proc/$$/stat; crb_mine=$crb_session
  while crb_pid=$crb_parent; [ "$crb_pid" -gt 1 ]; do crb_keep="$crb_keep$crb_pid "; crb_stat "/proc/$crb_pid/stat"; done
  crb_round=0
  while [ $crb_round -lt 5 ]; do
    crb_round=$((crb_round + 1)); crb_found=
    for crb_pid in $(crb_left); do
      case "$crb_keep" in *" $crb_pid "*) continue ;; esac
      crb_stat "/proc/$crb_pid/stat"
      [ "$crb_mine" -gt 0 ] && [ "$crb_session" = "$crb_mine" ] || [ "$crb_parent" = $$ ] || continue
      case "$crb_line" in *') Z '*) continue ;; esac
      kill -9 "$crb_pid" 2>/dev/null && crb_found=1
    done
    [ -n "$crb_found" ] || break
  done
}
crb_left() {
  crb_pids=$(sed -n -e "s/^\\([0-9]*\\) (.*) [A-Za-z] $$ .*/\\1/p" -e "s/^\\([0-9]*\\) (.*) [A-Za-z] [0-9]* [0-9]* $crb_mine .*/\\1/p" /proc/[0-9]*/stat 2>/dev/null) || :
  [ -n "$crb_pids" ] || crb_pids=$(for crb_dir in /proc/[0-9]*; do echo "\${crb_dir#/proc/}"; done)
  echo "$crb_pids"
}
trap '' HUP PIPE
(
  trap - HUP PIPE
  printf '\\n%s begin\\n' "$crb_marker"; printf '\\n%s begin\\n' "$crb_marker" >&2
  ${feed}( eval "$crb_script" ) ${input}
  crb_code=$?
  printf '\\n%s end %s\\n' "$crb_marker" "$crb_code" >&2; printf '\\n%s end %s\\n' "$crb_marker" "$crb_code"
) &
read -r crb_line
crb_reap
printf '\\n%s cleared\\n' "$crb_marker"
} 2>&2
`;
}

/** Reads what arrives on one stream. Linear in its length: what has been searched is put aside, and joined when it is asked for. */
export class FrameReader {
  #begun = false;
  #code: number | undefined;
  #parts: string[] = [];
  #length = 0;
  /** Not put aside yet: the line that is looked for may begin in it. */
  #rest = '';

  /** `keeps` false: what is printed goes to the listener only. */
  constructor(
    private readonly marker: string,
    private readonly onText?: (chunk: string) => void,
    private readonly keeps = true,
  ) {}

  /** The begin line has come. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The exit code, once the end line has come. */
  get code(): number | undefined {
    return this.#code;
  }

  /** What was printed after the begin line. */
  get text(): string {
    return this.#begun ? this.#all() : '';
  }

  /** Everything printed before the begin line is chatter; it explains a shell that never began. */
  get chatter(): string {
    return this.#begun ? '' : this.#all();
  }

  get length(): number {
    return this.#length + this.#rest.length;
  }

  push(chunk: string): void {
    if (this.#code !== undefined) return;
    this.#rest += chunk;
    if (!this.#begun) this.#begin();
    if (this.#begun) this.#end();
  }

  #begin(): void {
    const line = `\n${this.marker} begin\n`;
    const at = this.#rest.indexOf(line);
    if (at < 0) {
      this.#putAside(this.#rest.length - line.length);
      return;
    }
    this.#begun = true;
    this.#parts = [];
    this.#length = 0;
    this.#rest = this.#rest.slice(at + line.length);
  }

  #end(): void {
    const start = `\n${this.marker} end `;
    const at = this.#rest.indexOf(start);
    const code = at < 0 ? undefined : /^(\d{1,3})\n/.exec(this.#rest.slice(at + start.length, at + start.length + 4))?.[1];
    this.#putAside(code === undefined ? this.#rest.length - start.length - 4 : at);
    if (code === undefined) return;
    this.#code = Number(code);
    this.#rest = '';
  }

  /** What may be the start of a line of ours is held back from the listener until it is clear that it is not. */
  #putAside(length: number): void {
    if (length <= 0) return;
    const part = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    if (this.#begun) this.onText?.(part);
    if (this.#begun && !this.keeps) return;
    this.#parts.push(part);
    this.#length += part.length;
  }

  #all(): string {
    return this.#parts.join('') + this.#rest;
  }
}
