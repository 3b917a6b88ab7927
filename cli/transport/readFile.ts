import type { Cancellation, Node } from '../../core/ports';
import { quote } from '../../core/probes/quote';
import { message } from '../../core/text/message';
import { CallError } from '../command';
import { unreachable } from './sshErrors';
import { maxFileBytes } from './writeFile';

const timeoutMs = 20_000;

/** The whole text of a plain file, through `sudo -n` where the login user may not read it. Every failure is one line that says why. */
export async function readWholeFile(node: Node, path: string, cancellation?: Cancellation): Promise<string> {
  const result = await node.run(script(path), { timeoutMs, ...(cancellation && { cancellation }) });
  if (result.status !== 'exited') throw unreachable(node.name, message('failure/file-late', { path, seconds: timeoutMs / 1000 }));
  const lineEnd = result.stdout.indexOf('\n');
  const status = result.stdout.slice(0, Math.max(0, lineEnd));
  const failure = (why: string): CallError =>
    new CallError(
      message('failure/file', { path, node: node.name, why: message(`failure/file-${why}`) }),
      why === 'missing' ? 'missing' : 'usage',
    );
  if (status !== 'file') throw failure(reasons.includes(status) ? status : 'unreadable');
  const text = result.stdout.slice(lineEnd + 1);
  if (result.code !== 0) throw failure('unreadable');
  if (text.includes('\ufffd')) throw failure('no-text');
  return text;
}

/** The words of the script, each of which has a text. */
const reasons: readonly string[] = ['missing', 'special', 'large', 'closed'];

/** The size is taken by whoever reads it: a folder closed to the login user hides even that. */
function script(path: string): string {
  return `crb_read() {
  $1 test -e "$2" || { echo missing; return; }
  $1 test -f "$2" || { echo special; return; }
  $1 test -r "$2" || return 1
  [ "$($1 wc -c "$2" | { read -r crb_size crb_name; echo "$crb_size"; })" -le ${maxFileBytes} ] || { echo large; return; }
  echo file
  $1 cat "$2"
}
crb_path=${quote(path)}
if test -r "$crb_path"; then crb_read '' "$crb_path"
elif [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then crb_read 'sudo -n' "$crb_path" || echo closed
elif test -e "$crb_path"; then echo closed
else echo missing; fi`;
}
