/** Where a replay runs: the node's network, its files, and what it says of itself. */
import type { Duplex } from 'node:stream';
import { posix } from 'node:path';
import { quote } from '../../core/probes/quote';
import type { ConfigTree, Node, SendRequest } from '../../core/ports';
import { parsePlatform } from '../../core/resolver/platform';
import type { Platform } from '../../core/resolver/machine';
import { parseVersion, type Version } from '../../core/versions/versions';
import { CallError } from '../command';
import { treeOf } from '../lintFiles';
import { createHttp } from '../registry/http';

export interface Place {
  readonly send: SendRequest;
  /** The node's files; with a root, those under it. */
  tree(root: string | undefined): ConfigTree;
  /** The release of the containerd on the node, undefined when it does not say. */
  version(): Promise<Version | undefined>;
  platform(): Promise<Platform>;
  close(): Promise<void>;
}

export interface PlaceOptions {
  readonly node: Node<Duplex>;
  readonly cwd: string;
  /** CA and client files of hosts.toml are read under this folder. */
  readonly root: string | undefined;
}

export function openPlace({ node, cwd, root }: PlaceOptions): Place {
  const read = (path: string): Promise<string> => output(node, `cat -- ${quote(path)}`);
  const http = createHttp({
    node,
    readFile: (path) => read(root === undefined ? path : posix.join(posix.resolve(cwd, root), path)),
    systemCa: () => output(node, systemCaScript).catch(() => ''),
  });
  const facts = once(() => output(node, factsScript).catch(() => ''));
  return {
    send: http.send,
    tree: (inside) => {
      if (node.name !== 'local' && inside === undefined)
        throw new CallError(`the files of ${node.name} cannot be read yet; give --certs-d with --root and a copy of them`);
      // A replay runs where the files are: what is missing here is missing for containerd too.
      return { ...treeOf({ root: inside, cwd }), rooted: true };
    },
    version: async () => parseVersion(/\sv?(\d+\.\d+\.\d\S*)/.exec((await facts()).split('\n')[1] ?? '')?.[1] ?? ''),
    platform: async () => parsePlatform(`linux/${(await facts()).split('\n')[0]?.trim() ?? ''}`) ?? { os: 'linux', architecture: 'amd64' },
    close: () => http.close(),
  };
}

const factsScript = 'uname -m; containerd --version 2>/dev/null';

/** Go's crypto/x509 root_linux.go: the first that is there. */
const systemCaScript = `for f in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/pki/tls/cacert.pem /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem /etc/ssl/cert.pem; do
if [ -r "$f" ]; then cat "$f"; exit 0; fi
done`;

async function output(node: Node<Duplex>, script: string): Promise<string> {
  const result = await node.run(script, { timeoutMs: 20_000 });
  if (result.status !== 'exited') throw new CallError(`${node.name} did not answer in 20 s`, 'unreachable');
  if (result.code !== 0 && result.stdout === '') throw new Error(result.stderr.trim().split('\n')[0] ?? `exit status ${result.code}`);
  return result.stdout;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
