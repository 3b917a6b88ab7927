import { proxySettings, type ProxySettings } from '../../core/go/proxy';
import type { Node } from '../../core/ports';
import { quote } from '../../core/probes/quote';
import { parseVersion, type Version } from '../../core/versions/versions';

export interface NodeFacts {
  /** As `uname -m` says: `x86_64`; empty when it says nothing. */
  readonly machine: string;
  /** The release of the containerd on the node's PATH. */
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
  const known = builds.get(node);
  return {
    script: factsScript(known?.programs ?? ''),
    finish: (stdout) => {
      const [machine = '', programs = ''] = stdout.split('\n');
      const build = known && programs !== '' && programs === known.programs ? known : { programs, ...buildOf(stdout) };
      builds.set(node, build);
      return { machine: machine.trim(), version: build.version, go: build.go, proxies: proxiesOf(stdout) };
    },
  };
}

interface Build extends Pick<NodeFacts, 'version' | 'go'> {
  /** Inode, size and time of containerd's and ctr's files: while they are these, their build is this. */
  readonly programs: string;
}

/** Two programs are started for a build, so an open connection remembers it. */
const builds = new WeakMap<Node, Build>();

function buildOf(stdout: string): Omit<Build, 'programs'> {
  const version = parseVersion(/^containerd .*?\sv?(\d+\.\d+\.\d\S*)/m.exec(stdout)?.[1] ?? '');
  const go = /^ {0,8}Go version: {0,8}go(\d+\.\d+)/m.exec(stdout)?.[1];
  return { version, go };
}

function proxiesOf(stdout: string): ProxySettings {
  const pairs = stdout.split('\n').flatMap((line) => {
    const match = /^"?(https?_proxy|no_proxy)=(.*?)"?$/i.exec(line.trim());
    return match ? [[match[1] ?? '', match[2] ?? ''] as const] : [];
  });
  return proxySettings(new Map(pairs));
}

/**
 * ctr is built with containerd's Go, and names it before it looks for a daemon; there is none to ask at that address. Of the environment
 * only the proxies leave the node: it may hold secrets.
 */
function factsScript(programs: string): string {
  return `uname -m
files=$(ls -Lli "$(command -v containerd)" "$(command -v ctr)" 2>/dev/null | tr '\\n' ' ')
echo "$files"
if [ -z "$files" ] || [ "$files" != ${quote(programs)} ]; then
  containerd --version 2>/dev/null
  ctr --address /nonexistent --connect-timeout 1ms version 2>/dev/null | head -n 4
fi
keep() { grep -iE '^"?(https?|no)_proxy='; }
pid=$(systemctl show -p MainPID --value containerd 2>/dev/null)
case $pid in ''|0)
  pid=
  for found in $(grep -lx containerd /proc/[0-9]*/comm 2>/dev/null); do
    found=\${found#/proc/}; found=\${found%/comm}
    [ -n "$pid" ] && [ "$pid" -lt "$found" ] || pid=$found
  done ;;
esac
if [ -n "$pid" ] && [ -r "/proc/$pid/environ" ]; then tr '\\0' '\\n' <"/proc/$pid/environ" | keep
else systemctl show -p Environment --value containerd 2>/dev/null | tr ' ' '\\n' | keep; fi
:`;
}
