import { isIP } from 'node:net';
import type { NetFailure, Node } from '../../core/ports';
import { quote } from '../../core/probes/quote';
import { hostPort } from './netFailures';

/**
 * Failures with the address that Go dials, where the transport knew only the name: sshd and the tools of a node keep to themselves which
 * address they tried. The node's own resolver is asked, in one script for each name, and only when a failure needs it.
 */
export class NodeAddresses {
  readonly #addresses = new Map<string, Promise<string | undefined>>();

  constructor(private readonly node: Node) {}

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
    const asked = this.#addresses.get(host) ?? firstAddress(this.node, host);
    this.#addresses.set(host, asked);
    const address = await asked;
    return address === undefined ? text : hostPort(address, Number(port));
  }
}

/** Go tells of the first address when none answers (net/dial.go: dialSerial), and sorts as getaddrinfo does. */
async function firstAddress(node: Node, host: string): Promise<string | undefined> {
  try {
    const { stdout } = await node.run(script(host), { timeoutMs: 6000 });
    return stdout.split(/\s+/).find((word) => isIP(word) !== 0);
  } catch {
    // The failure itself is told; without the node there is nothing to add.
    return undefined;
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
