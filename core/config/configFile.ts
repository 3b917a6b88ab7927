/** What containerd makes of config.toml and its imports. The types; loadConfig fills them. */
import type { TextRange } from '../text/ranges';
import type { ParsedToml } from '../toml/document';
import type { Settings } from './settings';

/** One key or table that this release does not take as its author meant it, and what that does. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode;
  /**
   * `exit`: containerd does not start. `cri`: the CRI plugin is not loaded. `ignored`: this key or table has no effect. `none`: worth a
   * word, and changes nothing about the file.
   */
  readonly effect: 'exit' | 'cri' | 'ignored' | 'none';
  /** The file it stands in: the root or one of its imports. */
  readonly path: string;
  readonly range: TextRange;
  readonly args: Readonly<Record<string, string | number>>;
  /** What containerd logs, word for word, where it says anything. */
  readonly text?: string;
  readonly key?: string;
}

export type ConfigProblemCode = string;

export interface ConfigSource {
  readonly path: string;
  readonly parsed: ParsedToml;
}

export interface ConfigFile {
  /** The root file first, then its imports in the order they are read. */
  readonly sources: readonly ConfigSource[];
  readonly problems: readonly ConfigProblem[];
  /** `version` of the root file, and what a missing one counts as in this release. */
  readonly configVersion: number;
  readonly outcome: 'used' | 'partly-ignored' | 'fatal';
  readonly registry: RegistrySettings;
  /** All settings merged and moved to where this release looks for them. */
  readonly settings: EffectiveSettings;
}

export interface EffectiveSettings {
  readonly top: Settings;
  /** By the name under which the release looks a plugin up: its full id, in a version 1 file of 1.x its short one. */
  readonly plugins: Settings;
}

/** The registry settings in effect, as a pull over CRI sees them (docs: CRI config `registry`). */
export interface RegistrySettings {
  /** As written; containerd splits it by version (facts: lists are broken in 2.1–2.3 on the transfer path). */
  readonly configPath: string;
  /** Folders that a CRI pull of this release looks into, by way to pull. */
  readonly hostsDirs: { readonly cri: readonly string[]; readonly local: readonly string[] };
  /** Legacy mirrors: image host (or `*`) → endpoints. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  readonly configs: Readonly<Record<string, RegistryConfig>>;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Whether a CRI pull of 2.1+ goes through the client instead of the transfer service because of these settings. */
  readonly localPull: boolean;
}

export interface RegistryConfig {
  readonly auth?: { readonly username?: string; readonly password?: string; readonly auth?: string; readonly identityToken?: string };
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string; readonly insecureSkipVerify?: boolean };
}
