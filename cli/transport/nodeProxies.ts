import { proxySettings, type ProxySettings } from '../../core/go/proxy';
import type { Node } from '../../core/ports';

/**
 * The proxies of the containerd on the node: of its process, else of its systemd unit. Ours would say nothing of containerd's. A node that
 * tells nothing has none.
 */
export async function readNodeProxies(node: Node): Promise<ProxySettings> {
  const result = await node.run(script, { timeoutMs: 20_000 });
  const pairs = result.stdout.split('\n').flatMap((line) => {
    const match = /^"?(https?_proxy|no_proxy)=(.*?)"?$/i.exec(line.trim());
    return match ? [[match[1] ?? '', match[2] ?? ''] as const] : [];
  });
  return proxySettings(new Map(pairs));
}

/** Only the proxies leave the node: an environment may hold secrets. */
const script = `keep() { grep -iE '^"?(https?|no)_proxy='; }
pid=$(systemctl show -p MainPID --value containerd 2>/dev/null)
case $pid in ''|0) pid=$(pidof containerd 2>/dev/null | sed 's/.* //') ;; esac
if [ -n "$pid" ] && [ -r "/proc/$pid/environ" ]; then tr '\\0' '\\n' <"/proc/$pid/environ" | keep
else systemctl show -p Environment --value containerd 2>/dev/null | tr ' ' '\\n' | keep; fi
exit 0`;
