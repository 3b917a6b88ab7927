/** What containerd makes of one hosts.toml. The types; decodeHostsFile in hostsDecode.ts fills them. */
import type { TlsSettings } from '../ports';
import type { TextRange } from '../text/ranges';
import type { TomlKey, TomlTable, TomlValue } from '../toml/document';

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
  /** http entry with TLS settings: containerd tries https first (hosts.go, HTTPFallback), and `scheme` is https. */
  readonly tryHttpsFirst: boolean;
  /** undefined: the dialer's 30 s. */
  readonly dialTimeoutMs: number | undefined;
}

/** One entry of the file: a `[host."URL"]` table, or the top level (`server`). */
export interface HostEntry {
  /** As written; undefined for the top level. */
  readonly name: string | undefined;
  readonly table: TomlTable;
  /** The name in its header, or the value of `server`; the start of the file where there is no `server`. */
  readonly range: TextRange;
  /** The keys that this release takes from the table, by the name that containerd has for them. */
  readonly fields: HostFields;
  /** For a top level without `server`: scheme and host are empty, and containerd puts the image's own registry in. */
  readonly host: RegistryHost;
}

export type HostFields = ReadonlyMap<string, HostField>;

export interface HostField {
  readonly key: TomlKey;
  readonly value: TomlValue;
}

/**
 * Something containerd does with the file that its author may not want; a rule explains each. `dropped`: decoding fails and the file
 * counts as absent. `fatal`: the pull fails before any request. `ignored`: this key or table has no effect. `unjudged`: a file is
 * named that cannot be seen from here, since the machine that this is meant for is another one.
 */
export interface HostsProblem {
  readonly code: HostsProblemCode;
  readonly effect: 'dropped' | 'fatal' | 'ignored' | 'unjudged';
  readonly range: TextRange;
  readonly args: Readonly<Record<string, string | number>>;
  /** What containerd logs or returns, word for word, where it says anything that is known to the letter. */
  readonly text?: string;
  /** For `ignored`: the dotted path as contract.md prints it: `host."https://m.example".credential_helper`. */
  readonly key?: string;
}

export const hostsProblemCodes = [
  /** The TOML library refuses the text. args: `code` of toml/errorTexts.ts and the arguments of its text. */
  'not-toml',
  /** A value of a type that the key does not take. args: key, wanted, found. */
  'wrong-type',
  /** No `[host]` table, which releases up to 1.7.31 demand. */
  'no-host-table',
  'unknown-capability',
  /** args: key (`server` or `host`), url, reason. */
  'bad-url',
  /** An element of `client` that is a list of other than two. args: count. */
  'client-pair-size',
  /** args: value, reason. */
  'bad-duration',
  /** containerd itself panics on the file. args: key. */
  'panics',
  /** args: path, reason. */
  'ca-unreadable',
  /** args: path. */
  'ca-without-certificate',
  /** args: path, reason. */
  'client-unreadable',
  /** Certificate and key that tls.X509KeyPair refuses. args: cert, key, reason. */
  'client-pair-refused',
  /** A key of no release. args: key, where (`top` or `host`). */
  'unknown-key',
  /** A key in a case that the release does not take. args: key, known. */
  'key-case',
  /** A key of later releases. args: key, releases. */
  'key-too-new',
  /** The same key in two cases: one of them wins. args: key, winner. */
  'key-twice',
  /** A host as inline table or dotted key, which 2.x does not see. args: name. */
  'host-not-in-header',
  /** `[Host."…"]`. args: word. */
  'host-word-case',
] as const;
export type HostsProblemCode = (typeof hostsProblemCodes)[number];

export interface HostsFile {
  readonly outcome: 'used' | 'partly-ignored' | 'dropped' | 'fatal';
  /** In the order containerd meets them; the first `dropped` or `fatal` one is what it logs or returns. */
  readonly problems: readonly HostsProblem[];
  /** In the order tried, the top level (`server`) last; empty when dropped, and for an empty file. */
  readonly entries: readonly HostEntry[];
}
