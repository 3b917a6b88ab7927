/**
 * How a script reaches a shell whose stdin and stdout we hold, and how its answer is told apart from everything else on them: banners,
 * a chatty .bashrc, the words of sudo or kubectl. The shell is started as `sh -s`; what it prints counts only between two lines with a
 * marker nobody on the other side can know.
 */
import { quote } from '../../core/probes/quote';

/** Text that was printed after the begin line, and the exit code once the end line has come. */
export interface Framed {
  readonly begun: boolean;
  readonly text: string;
  readonly code: number | undefined;
}

/**
 * The program given to `sh -s`. The script runs in a subshell with its own stdin; the shell itself waits for the end of ours. Whatever
 * ends the call (the end line was seen, a time-out, a cancellation, this process killed) closes that stdin, and then everything left of
 * the script's session is killed. No setsid, kill by group, or job control: a node may have none of them.
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
    for crb_dir in /proc/[0-9]*; do
      crb_pid=\${crb_dir#/proc/}
      case "$crb_keep" in *" $crb_pid "*) continue ;; esac
      crb_stat "$crb_dir/stat"
      [ "$crb_mine" -gt 0 ] && [ "$crb_session" = "$crb_mine" ] || [ "$crb_parent" = $$ ] || continue
      case "$crb_line" in *') Z '*) continue ;; esac
      kill -9 "$crb_pid" 2>/dev/null && crb_found=1
    done
    [ -n "$crb_found" ] || break
  done
}
trap '' HUP PIPE
(
  trap - HUP PIPE
  printf '\\n%s begin\\n' "$crb_marker"; printf '\\n%s begin\\n' "$crb_marker" >&2
  ${feed}( eval "$crb_script" ) ${input}
  crb_code=$?
  printf '\\n%s end %s\\n' "$crb_marker" "$crb_code" >&2; printf '\\n%s end %s\\n' "$crb_marker" "$crb_code"
) &
while read -r crb_line; do :; done
crb_reap
exit 0
} 2>&2
`;
}

/** Reads what arrives on one stream. Linear in its length: only the new part and one marker's length before it are searched. */
export class FrameReader {
  #text = '';
  #begun = false;
  #code: number | undefined;
  #searched = 0;

  constructor(
    private readonly marker: string,
    private readonly onText?: (chunk: string) => void,
  ) {}

  /** Everything printed before the begin line is chatter; it explains a shell that never began. */
  get chatter(): string {
    return this.#begun ? '' : this.#text;
  }

  get length(): number {
    return this.#text.length;
  }

  get framed(): Framed {
    return { begun: this.#begun, text: this.#begun ? this.#text : '', code: this.#code };
  }

  push(chunk: string): void {
    if (this.#code !== undefined) return;
    this.#text += chunk;
    if (!this.#begun) this.#begin();
    if (this.#begun) this.#end();
  }

  #begin(): void {
    const line = `\n${this.marker} begin\n`;
    const at = this.#text.indexOf(line, Math.max(0, this.#searched - line.length));
    this.#searched = this.#text.length;
    if (at < 0) return;
    this.#begun = true;
    this.#text = this.#text.slice(at + line.length);
    this.#searched = 0;
  }

  #end(): void {
    const start = `\n${this.marker} end `;
    const from = Math.max(0, this.#searched - start.length - 8);
    const at = this.#text.indexOf(start, from);
    const match = at < 0 ? null : /^(\d{1,3})\n/.exec(this.#text.slice(at + start.length, at + start.length + 8));
    const end = match ? at : this.#text.length;
    // What may be the start of the end line is held back from the listener until it is clear that it is not.
    const safe = match ? end : Math.max(this.#emitted, end - start.length - 8);
    if (safe > this.#emitted) this.onText?.(this.#text.slice(this.#emitted, safe));
    this.#emitted = safe;
    this.#searched = this.#text.length;
    if (!match) return;
    this.#text = this.#text.slice(0, at);
    this.#code = Number(match[1]);
  }

  #emitted = 0;
}
