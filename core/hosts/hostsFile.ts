/** What containerd makes of one hosts.toml. The types; decodeHostsFile in hostsDecode.ts fills them. */
import type { TlsSettings } from '../ports';
import type { TextRange } from '../text/ranges';
import type { TomlTable } from '../toml/document';

export type HostCapability = 'pull' | 'resolve' | 'push' | 'referrers';

/** As docker.RegistryHost in core/remotes/docker/registry.go, as far as a pull can tell. */
export interface RegistryHost {
  readonly scheme: string;
  /** Host with port, as in a URL. */
  readonly host: string;
  /** `/v2`, or what override_path makes of it. */
  readonly path: string;
  readonly capabilities: readonly HostCapability[];
  /** null where the file says nothing. */
  readonly skipVerify: boolean | null;
  /** Names as written, values in order. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly tls: TlsSettings | undefined;
  /** http entry with TLS settings: containerd tries https first (hosts.go, HTTPFallback). */
  readonly tryHttpsFirst: boolean;
  /** undefined: the dialer's 30 s. */
  readonly dialTimeoutMs: number | undefined;
}

/** One entry of the file: a `[host."URL"]` table, or the top level (`server`). */
export interface HostEntry {
  /** As written; undefined for the top level. */
  readonly name: string | undefined;
  readonly table: TomlTable;
  readonly range: TextRange;
  readonly host: RegistryHost;
}

/**
 * Something containerd does with the file that its author may not want; a rule explains each. `dropped`: decoding fails and the file
 * counts as absent. `fatal`: the pull fails before any request. `ignored`: this key or table has no effect.
 */
export interface HostsProblem {
  readonly code: HostsProblemCode;
  readonly effect: 'dropped' | 'fatal' | 'ignored';
  readonly range: TextRange;
  readonly args: Readonly<Record<string, string | number>>;
  /** What containerd logs or returns, word for word, where it says anything. */
  readonly text?: string;
  /** For `ignored`: the dotted path as contract.md prints it: `host."https://m.example".credential_helper`. */
  readonly key?: string;
}

/** Extended as rules need it; one code, one meaning. */
export type HostsProblemCode = string;

export interface HostsFile {
  readonly outcome: 'used' | 'partly-ignored' | 'dropped' | 'fatal';
  readonly problems: readonly HostsProblem[];
  /** In the order tried, without the default host that HostDirs adds; empty when dropped. */
  readonly entries: readonly HostEntry[];
}
