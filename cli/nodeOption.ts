/** `--node`, `--ssh-config` and `--record`, and the files and release of a node that is not this machine. */
import { resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ConfigTree, Node } from '../core/ports';
import { formatVersion } from '../core/versions/versions';
import { CallError, stringOption, type CommandLine, type CommandOption, type Io } from './command';
import { releaseOf, type Release } from './releaseOption';
import { sshConfigOption } from './sharedOptions';
import { connect } from './transport';
import { readNodeFacts } from './transport/nodeFacts';
import { readNodeTree } from './transport/nodeTree';
import { recordNode } from './transport/recorded';

export const recordOption: CommandOption = {
  type: 'string',
  value: 'FILE',
  help: 'Saves what the node answered, without secrets: with --node recorded:FILE the same call runs again without the node.',
};

export const nodeOptions: Readonly<Record<'node' | 'ssh-config' | 'record', CommandOption>> = {
  node: {
    type: 'string',
    value: 'NODE',
    help: 'local (default), an ssh destination ("HOST COMMAND": through a command there), exec:COMMAND, or recorded:FILE.',
  },
  'ssh-config': sshConfigOption,
  record: recordOption,
};

/** `name`: for a command whose `--node` may repeat. With many nodes nobody is asked for anything: a question would be lost among them. */
export async function connectNode(
  line: CommandLine,
  io: Io,
  name = stringOption(line, 'node') ?? 'local',
  mayAsk = true,
): Promise<Node<Duplex>> {
  const [sshConfig, record] = [stringOption(line, 'ssh-config'), stringOption(line, 'record')];
  // Its files are read without asking a node, so they would be in no recording.
  if (record !== undefined && name === 'local') throw new CallError('--record needs a node: for this machine --node exec:env');
  const node = await connect(name, {
    ...(sshConfig !== undefined && { sshConfig }),
    cwd: io.cwd,
    env: io.env,
    cancellation: io.cancellation,
    ...(mayAsk && { prompt: 'terminal' }),
    onNotice: (notice) => io.stderr(`containerd-runbooks: ${notice}\n`),
  });
  return record === undefined ? node : recordNode(node, resolve(io.cwd, record), record);
}

/** The name of a node that is not this machine, undefined for `local`. Its files are its own: no `--root` goes with it. */
export function remoteNode(line: CommandLine): string | undefined {
  const name = stringOption(line, 'node');
  if (name === undefined || name === 'local') return undefined;
  for (const option of ['root', 'jsonl', 'fix']) {
    if (line.values[option] !== undefined) throw new CallError(`--${option} does not go with --node ${name}: ${why[option] ?? ''}`);
  }
  return name;
}

const why: Readonly<Record<string, string>> = {
  root: "paths are the node's already",
  jsonl: 'its lines name folders of this machine',
  fix: 'a node is only read',
};

export interface NodeSnapshot {
  readonly tree: ConfigTree;
  /** What `--containerd` says, else what the node's containerd says of itself, else the newest known. */
  readonly release: Release;
}

/** Reads configuration once: /etc/containerd, the paths of the call, and what they name. */
export async function nodeSnapshot(line: CommandLine, io: Io, paths: readonly string[]): Promise<NodeSnapshot> {
  const node = await connectNode(line, io);
  try {
    const tree = await readNodeTree(node, [...new Set(['/etc/containerd', ...paths])], io.cancellation);
    const { version } = await readNodeFacts(node);
    const given = stringOption(line, 'containerd');
    return { tree, release: given === undefined && version ? { version, shown: formatVersion(version) } : releaseOf(given) };
  } finally {
    await node.close();
  }
}
