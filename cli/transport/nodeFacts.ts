import { proxySettings, type ProxySettings } from '../../core/go/proxy';
import type { Node } from '../../core/ports';
import { findContainerd, programPath } from '../../core/probes/containerdPlace';
import { quote } from '../../core/probes/quote';
import { containerdProxies, proxyVariables } from '../../core/probes/unitProxy';
import { parseVersion, type Version } from '../../core/versions/versions';

export interface NodeFacts {
  /** As `uname -m` says: `x86_64`; empty when it says nothing. */
  readonly machine: string;
  /** The release of the containerd that runs, else of the one on the node's PATH. */
  readonly version: Version | undefined;
  /** The Go that it was built with, e.g. `1.24`. */
  readonly go: string | undefined;
  /**
   * The proxies of the containerd on the node: of its process, else of its systemd unit. Ours would say nothing of containerd's. A node
   * that tells nothing has none.
   */
  readonly proxies: ProxySettings;
}

/** Never rejects for what the node answers: a node without containerd has no version. */
export async function readNodeFacts(node: Node): Promise<NodeFacts> {
  const asking = askFacts(node);
  const { stdout } = await node.run(asking.script, { timeoutMs: 20_000 });
  return asking.finish(stdout);
}

/** The question whose script is run by the caller, in front of one of its own. `finish` takes what it printed, and nothing else. */
export function askFacts(node: Node): { readonly script: string; finish(stdout: string): NodeFacts } {
  const known = remembered.get(node);
  return {
    script: factsScript(known),
    finish: (stdout) => {
      const [files = '', process = '', program = '', machine = ''] = stdout.split('\n');
      const isSameBuild = known && files !== '' && files === known.files;
      const isSameProcess = known && process !== '' && process === known.process;
      const { version, go } = isSameBuild ? known.facts : buildOf(stdout);
      const proxies = isSameProcess ? known.facts.proxies : proxySettings(proxyVariables(stdout));
      const facts = { machine: known?.facts.machine ?? machine.trim(), version, go, proxies };
      remembered.set(node, { files, process, program, facts });
      return facts;
    },
  };
}

interface Remembered {
  /** Inode, size and time of containerd's and ctr's files: while they are these, the build is the same. */
  readonly files: string;
  /** Number and start of containerd's process: while it is this one, its environment is the same. */
  readonly process: string;
  /** The file that runs, or the one on PATH; empty where there is none. */
  readonly program: string;
  readonly facts: NodeFacts;
}

/** An open connection remembers what would cost a node a dozen processes for each replay. */
const remembered = new WeakMap<Node, Remembered>();

function buildOf(stdout: string): Pick<NodeFacts, 'version' | 'go'> {
  const version = parseVersion(/^containerd .*?\sv?(\d+\.\d+\.\d\S*)/m.exec(stdout)?.[1] ?? '');
  const go = /^ {0,8}Go version: {0,8}go(\d+\.\d+)/m.exec(stdout)?.[1];
  return { version, go };
}

/**
 * ctr is built with containerd's Go, and names it before it looks for a daemon; there is none to ask at that address. Only an environment
 * that the login may not read is worth a question to sudo.
 */
function factsScript(known: Remembered | undefined): string {
  return `${programPath}
${findContainerd}
started() {
  process=
  [ -n "$crb_pid" ] && read -r process 2>/dev/null <"/proc/$crb_pid/stat" || return
  set -- \${process##*') '}; process="$crb_pid \${20}"
}
known=${quote(known?.process ?? '')} crb_program=${quote(known?.program ?? '')}
crb_pid=\${known%% *}; started
if [ -z "$process" ] || [ "$process" != "$known" ]; then
  known= crb_pid=
  crb_find; started
  [ -z "$crb_pid" ] || [ -r "/proc/$crb_pid/environ" ] || { crb_sudo=; sudo -n true </dev/null >/dev/null 2>&1 && crb_sudo='sudo -n'; }
  crb_look
fi
case $crb_program in
  */*) ctr=\${crb_program%/*}/ctr ;;
  *) crb_program=$(command -v containerd); ctr=$(command -v ctr) ;;
esac
files=$(ls -Lli "$crb_program" "$ctr" 2>/dev/null)
set -f; set -- $files; set +f
files=$*
printf '%s\n' "$files" "$process" "$crb_program"
${known ? '' : 'uname -m'}
if [ -z "$files" ] || [ "$files" != ${quote(known?.files ?? '')} ]; then
  [ -z "$crb_program" ] || "$crb_program" --version 2>/dev/null
  [ -z "$ctr" ] || "$ctr" --address /nonexistent --connect-timeout 1ms version 2>/dev/null | head -n 4
fi
if [ -z "$known" ]; then
  ${containerdProxies}
fi`;
}
