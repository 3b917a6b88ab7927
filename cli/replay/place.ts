/** Where a replay runs: the node's network, its files, and what it says of itself. */
import type { Duplex } from 'node:stream';
import { posix } from 'node:path';
import type { ProxySettings } from '../../core/go/proxy';
import type { ConfigTree, Node, SendRequest } from '../../core/ports';
import { parsePlatform } from '../../core/resolver/platform';
import type { Platform } from '../../core/resolver/machine';
import type { Version } from '../../core/versions/versions';
import { CallError } from '../command';
import { treeOf } from '../lintFiles';
import { createHttp } from '../registry/http';
import { readNodeFacts } from '../transport/nodeFacts';
import { readNodeFile, readSystemCa } from '../transport/nodeFiles';
import { readNodeProxies } from '../transport/nodeProxies';
import { readNodeTree } from '../transport/nodeTree';

export interface Place {
  readonly send: SendRequest;
  /** The node's files; on this machine with a root, those under it. `paths` are read beside /etc/containerd. */
  tree(root: string | undefined, paths: readonly string[]): Promise<ConfigTree>;
  /** The release of the containerd on the node and its Go, undefined where it does not say. */
  build(): Promise<{ readonly version: Version; readonly go?: string } | undefined>;
  platform(): Promise<Platform>;
  close(): Promise<void>;
}

export interface PlaceOptions {
  readonly node: Node<Duplex>;
  readonly cwd: string;
  /** CA and client files of hosts.toml are read under this folder. */
  readonly root: string | undefined;
  /** Absent: those of the containerd that runs on the node. */
  readonly proxies?: ProxySettings | undefined;
}

export function openPlace({ node, cwd, root, proxies }: PlaceOptions): Place {
  const http = createHttp({
    node,
    readFile: (path) => readNodeFile(node, root === undefined ? path : posix.join(posix.resolve(cwd, root), path)),
    systemCa: () => readSystemCa(node),
    proxies: () => (proxies ? Promise.resolve(proxies) : readNodeProxies(node)),
  });
  const facts = once(() => readNodeFacts(node));
  const trees = new Map<string, Promise<ConfigTree>>();
  const nodeTree = (paths: readonly string[]): Promise<ConfigTree> => {
    const key = paths.join('\n');
    const tree = trees.get(key) ?? readNodeTree(node, ['/etc/containerd', ...paths]);
    trees.set(key, tree);
    return tree;
  };
  return {
    send: http.send,
    tree: async (inside, paths) => {
      // A replay runs where the files are: what is missing here is missing for containerd too.
      if (node.name === 'local') return { ...treeOf({ root: inside, cwd }), rooted: true };
      if (inside !== undefined) throw new CallError(`--root does not go with --node ${node.name}: paths are the node's already`);
      return nodeTree(paths);
    },
    build: async () => {
      const { version, go } = await facts();
      return version && { version, ...(go !== undefined && { go }) };
    },
    platform: async () => parsePlatform(`linux/${(await facts()).machine}`) ?? { os: 'linux', architecture: 'amd64' },
    close: () => http.close(),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
