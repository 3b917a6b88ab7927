/** Where a replay runs: the node's network, its files, and what it says of itself. */
import type { Duplex } from 'node:stream';
import { posix } from 'node:path';
import type { ProxySettings } from '../../core/go/proxy';
import type { ConfigTree, Node } from '../../core/ports';
import type { Message } from '../../core/text/message';
import { parsePlatform } from '../../core/resolver/platform';
import type { Platform } from '../../core/resolver/machine';
import type { Version } from '../../core/versions/versions';
import { CallError } from '../command';
import { treeOf } from '../lintFiles';
import { createCurlHttp, curlRefusal } from '../registry/curl';
import { createHttp, type Http } from '../registry/http';
import { askFacts, readNodeFacts, type NodeFacts } from '../transport/nodeFacts';
import { readNodeFile, readSystemCa } from '../transport/nodeFiles';
import { readNodeTree, startReading } from '../transport/nodeTree';

export interface Place {
  /** For one pull: containerd makes its http.Transports anew for each, so that none finds a connection of another. Whoever asks closes it. */
  requests(): Http;
  /** Why no request can be sent as it was asked for. */
  refusal(): Promise<Message | undefined>;
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
  /** Requests leave through this interface of the node. */
  readonly interface?: string | undefined;
}

export function openPlace({ node, cwd, root, proxies: given, interface: name }: PlaceOptions): Place {
  const pathOf = (path: string): string => (root === undefined ? path : posix.join(posix.resolve(cwd, root), path));
  let asked: Promise<NodeFacts> | undefined;
  const facts = (): Promise<NodeFacts> => (asked ??= readNodeFacts(node));
  const trees = new Map<string, Promise<ConfigTree>>();
  const proxies = async (): Promise<ProxySettings> => given ?? (await facts()).proxies;
  const own = (): Http =>
    createHttp({
      node,
      readFile: async (path) => {
        // hosts.toml names its certificates, so they were read with it.
        const read = (await Promise.all(trees.values())).map((tree) => tree.read(path)).find((text) => text !== undefined);
        return read ?? readNodeFile(node, pathOf(path));
      },
      systemCa: () => readSystemCa(node),
      proxies,
    });
  const http = name === undefined ? own() : createCurlHttp({ node, interface: name, pathOf, proxies });
  const readTree = (paths: readonly string[]): Promise<ConfigTree> => {
    if (asked) return readNodeTree(node, paths);
    const both = factsAndTree(node, paths);
    asked = both.then(({ facts }) => facts);
    // Whoever wants the tree is told.
    asked.catch(() => undefined);
    return both.then(({ tree }) => tree);
  };
  const nodeTree = (paths: readonly string[]): Promise<ConfigTree> => {
    const key = paths.join('\n');
    const tree = trees.get(key) ?? readTree(['/etc/containerd', ...paths]);
    trees.set(key, tree);
    return tree;
  };
  return {
    requests: () => http.apart(),
    refusal: () => (name === undefined ? Promise.resolve(undefined) : curlRefusal(node, name)),
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

/** What a replay needs of a node, in one script; what the files name takes more. */
async function factsAndTree(node: Node, paths: readonly string[]): Promise<{ readonly facts: NodeFacts; readonly tree: ConfigTree }> {
  const [question, reading] = [askFacts(node), startReading(node, paths)];
  const end = '@@ facts';
  const { stdout } = await node.run(`${question.script}\necho '${end}'\n${reading.script}`, { timeoutMs: 30_000 });
  const [facts = ''] = stdout.split(`${end}\n`, 1);
  return { facts: question.finish(facts), tree: await reading.finish(stdout.slice(facts.length)) };
}
