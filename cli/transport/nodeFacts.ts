import type { Node } from '../../core/ports';
import { parseVersion, type Version } from '../../core/versions/versions';

export interface NodeFacts {
  /** As `uname -m` says: `x86_64`; empty when it says nothing. */
  readonly machine: string;
  /** The release of the containerd on the node's PATH. */
  readonly version: Version | undefined;
}

/** Never rejects for what the node answers: a node without containerd has no version. */
export async function readNodeFacts(node: Node): Promise<NodeFacts> {
  const result = await node.run('uname -m; containerd --version 2>/dev/null', { timeoutMs: 20_000 });
  const [machine = '', containerd = ''] = result.stdout.split('\n');
  const version = parseVersion(/\sv?(\d+\.\d+\.\d\S*)/.exec(containerd)?.[1] ?? '');
  return { machine: machine.trim(), version };
}
