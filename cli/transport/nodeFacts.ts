import type { Node } from '../../core/ports';
import { parseVersion, type Version } from '../../core/versions/versions';

export interface NodeFacts {
  /** As `uname -m` says: `x86_64`; empty when it says nothing. */
  readonly machine: string;
  /** The release of the containerd on the node's PATH. */
  readonly version: Version | undefined;
  /** The Go that it was built with, e.g. `1.24`. */
  readonly go: string | undefined;
}

/** Never rejects for what the node answers: a node without containerd has no version. */
export async function readNodeFacts(node: Node): Promise<NodeFacts> {
  const { stdout } = await node.run(script, { timeoutMs: 20_000 });
  const version = parseVersion(/^containerd .*?\sv?(\d+\.\d+\.\d\S*)/m.exec(stdout)?.[1] ?? '');
  const go = /^ {0,8}Go version: {0,8}go(\d+\.\d+)/m.exec(stdout)?.[1];
  return { machine: (stdout.split('\n')[0] ?? '').trim(), version, go };
}

/** ctr is built with containerd's Go, and names it before it looks for a daemon; there is none to ask at that address. */
const script = `uname -m
containerd --version 2>/dev/null
ctr --address /nonexistent --connect-timeout 1ms version 2>/dev/null | head -n 4`;
