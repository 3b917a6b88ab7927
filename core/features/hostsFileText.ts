/** The hosts.toml that a registry begins with: where the editor makes one on a node. */
import { ownHost } from '../hosts/configureHosts';
import type { CheckDocument } from '../protocol/ready';
import type { ResolveDocument } from '../protocol/resolve';
import { parseReference } from '../reference/reference';
import { newestVersion, parseVersion } from '../versions/versions';

/** What a new hosts.toml says of the registry itself. */
export interface OwnSettings {
  /** As image references name it, with its port. */
  readonly registry: string;
  readonly scheme?: 'http' | 'https';
  /** A file beside hosts.toml. */
  readonly ca?: string;
}

/** Nothing but the registry itself: a mirror is a person's to name. */
export function hostsFileText({ registry, scheme, ca }: OwnSettings): string {
  const own = ownHost(registry, newestVersion);
  const trust = ca === undefined ? '' : `ca = "${ca}"\n`;
  return `server = "${scheme ?? own.scheme}://${own.host}"\n${trust}\n# Before 1.7.32 containerd drops a file without a host table.\n[host]\n`;
}

/** The file that settles what a replay failed with: only the registry itself failed, in a way that its own hosts.toml decides. */
export function hostsFileFor({ reference, containerd, rootCause, attempts }: ResolveDocument): OwnSettings | undefined {
  const version = parseVersion(containerd) ?? newestVersion;
  const parsed = parseReference(reference, version);
  const attempt = attempts[rootCause?.attempt ?? -1];
  if (!parsed.ok || !attempt) return undefined;
  const registry = parsed.reference.hostname;
  if (attempt.host !== ownHost(registry, version).host) return undefined;
  if (rootCause?.class === 'tls.unknown-ca') return { registry, ca: 'ca.crt' };
  if (rootCause?.class === 'tls.scheme-mismatch') return { registry, scheme: attempt.url.startsWith('https:') ? 'http' : 'https' };
  return undefined;
}

/** The file that settles a failed check of readiness: the registry itself was asked, and its hosts.toml decides whom containerd trusts. */
export function hostsFileForCheck({ messageId, args }: CheckDocument): OwnSettings | undefined {
  const { namespace, url } = args;
  if (messageId !== 'tls/unknown-ca' || typeof namespace !== 'string' || typeof url !== 'string') return undefined;
  // Behind a path is a mirror, which another file names.
  return /^https:\/\/[^/]+\/v2\/$/.test(url) ? { registry: namespace, ca: 'ca.crt' } : undefined;
}
