import { isIP } from 'node:net';
import type { DialOptions, DialResult, NetFailure, Node } from '../../core/ports';
import { quote } from '../../core/probes/quote';
import { hostPort } from './netFailures';

/**
 * The addresses that a transport does not know, because it knew only the name: sshd and the tools of a node keep to themselves which one
 * they tried. The node's own resolver is asked, in one script for each name, and only when a failure has to name an address as Go does, or
 * a name is one that a registry chose.
 */
export class NodeAddresses<S> {
  readonly #addresses = new Map<string, Promise<readonly string[]>>();

  constructor(private readonly node: Node<S>) {}

  /** As the node's resolver sorts them; none where it gives none. */
  of(host: string): Promise<readonly string[]> {
    const known = this.#addresses.get(host) ?? addressesOf(this.node, host);
    this.#addresses.set(host, known);
    return known;
  }

  /**
   * A connection to one of the addresses of a name, after all of them were looked at. Without any the name itself is dialled, for the
   * failure in the words of the far end; a connection that stands all the same is not taken.
   */
  async dial(host: string, port: number, options: DialOptions, unknown: NetFailure, discard: (stream: S) => void): Promise<DialResult<S>> {
    if (this.node.looksUp === true || isIP(host) !== 0) return this.node.dial(host, port, options);
    const started = performance.now();
    const found = await this.of(host);
    const dnsMs = performance.now() - started;
    const refused = found.map((address) => options.refusal?.(address)).find((one) => one !== undefined);
    if (refused) return { ok: false, failure: refused, timings: { dnsMs } };
    let first: DialResult<S> | undefined;
    for (const [index, address] of found.entries()) {
      const timeoutMs = (options.timeoutMs - (performance.now() - started)) / (found.length - index);
      const dialled = await this.node.dial(address, port, { ...options, timeoutMs });
      if (dialled.ok) return { ...dialled, address: hostPort(address, port), timings: { dnsMs, ...dialled.timings } };
      first ??= { ...dialled, timings: { dnsMs, ...dialled.timings } };
      if (options.cancellation?.cancelled) break;
    }
    if (first) return first;
    const named = await this.node.dial(host, port, options);
    if (!named.ok) return named;
    discard(named.stream);
    return { ok: false, failure: unknown, timings: named.timings };
  }

  /** The same failure where nothing is missing, or the node does not say. */
  async named(failure: NetFailure): Promise<NetFailure> {
    switch (failure.kind) {
      case 'dial':
      case 'read':
      case 'write':
        return { ...failure, address: await this.#withAddress(failure.address) };
      case 'proxyconnect':
        return { ...failure, cause: await this.named(failure.cause) };
      default:
        return failure;
    }
  }

  async #withAddress(text: string): Promise<string> {
    const [, host = '', port = ''] = /^([^[\]:]+):(\d{1,5})$/.exec(text) ?? [];
    if (host === '' || isIP(host) !== 0) return text;
    // Go tells of the first address when none answers (net/dial.go: dialSerial), and sorts as getaddrinfo does.
    const [address] = await this.of(host);
    return address === undefined ? text : hostPort(address, Number(port));
  }
}

async function addressesOf(node: Pick<Node, 'run'>, host: string): Promise<readonly string[]> {
  try {
    const { stdout } = await node.run(script(host), { timeoutMs: 6000 });
    return [...new Set(stdout.split(/\s+/).filter((word) => isIP(word) !== 0))];
  } catch {
    // The failure itself is told; without the node there is nothing to add.
    return [];
  }
}

/** A node without glibc's or musl's getent has busybox's nslookup, or at least a hosts file and a shell to read it. */
function script(host: string): string {
  return `crb_host=${quote(host)}
if command -v getent >/dev/null 2>&1; then getent ahosts "$crb_host" || getent hosts "$crb_host"
else
  while read -r address names; do
    case " $names " in *[[:space:]]"$crb_host"[[:space:]]*) echo "$address" ;; esac
  done </etc/hosts
  nslookup "$crb_host" 2>/dev/null | sed -n '/^Name:/,$s/^Address[^:]*: *\\([0-9a-fA-F.:]*\\).*/\\1/p'
fi`;
}
