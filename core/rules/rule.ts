import type { ConfigFile } from '../config/configFile';
import type { HostsFile } from '../hosts/hostsFile';
import type { ConfigTree } from '../ports';
import type { Catalog, Message, MessageArgs } from '../text/message';
import type { TextEdit, TextRange } from '../text/ranges';
import type { ParsedToml } from '../toml/document';
import type { Version } from '../versions/versions';
import type { Directive, Word } from './directives';
import type { Template } from './templateText';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** Worst last. What containerd does with a whole file; contract.md says what each means for hosts.toml and config.toml. */
export const fileOutcomes = ['used', 'partly-ignored', 'not-read', 'dropped', 'fatal'] as const;
export type FileOutcome = (typeof fileOutcomes)[number];

/** What containerd reads at a path: config.toml or an import of it, or hosts.toml in a host namespace. */
export type DocumentKind = 'config' | 'hosts';

/** What a rule says of one span. `key` names one of the rule's own messages; severity and outcome may depend on the version. */
export interface Finding {
  readonly range: TextRange;
  readonly severity: Severity;
  readonly key: string;
  readonly args: MessageArgs;
  /** What this does to the whole file; absent when it changes nothing about it. */
  readonly outcome?: FileOutcome;
  readonly fix?: Fix;
}

/** `safe` fixes are applied by `lint --fix` and *fix all*: they cannot change what a person meant. */
export interface Fix {
  readonly title: Message;
  readonly edits: readonly TextEdit[];
  readonly safe: boolean;
}

export interface RuleDoc {
  readonly title: string;
  /** What containerd does with the mistake, since which version. Markdown. */
  readonly why: string;
  /** Where the examples stand on a node; default: the usual place of their kind. */
  readonly path?: string;
  /** Other files of that node, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The release the examples are judged for, e.g. `1.7`; default: the newest known. */
  readonly containerd?: string;
  readonly bad: string;
  /** Where `good` stands, when the mistake is the place itself. */
  readonly goodPath?: string;
  /** What the fix makes of `bad`; without a fix: how it should be. */
  readonly good: string;
  /** Go functions, documents: `containerd core/remotes/docker/config/hosts.go: parseHostConfig`. */
  readonly sources: readonly string[];
}

interface RuleOf<K extends DocumentKind | 'any', C> {
  readonly id: string;
  readonly kind: K;
  readonly doc: RuleDoc;
  /** Codes of the decoder's problems (HostsFile, ConfigFile) that this rule puts into words; every code of hosts.toml has one rule. */
  readonly explains?: readonly string[];
  /** English texts by key, `{name}` for arguments; `fix` keys are the fixes' titles. */
  readonly messages: Catalog;
  check(context: C): Iterable<Finding>;
}

export type HostsRule = RuleOf<'hosts', HostsContext>;
export type ConfigRule = RuleOf<'config', ConfigContext>;
/** Looks at the comments that steer lint and at what lint passes over, when all other rules have spoken. */
export type DirectivesRule = RuleOf<'any', DirectivesContext>;
export type Rule = HostsRule | ConfigRule | DirectivesRule;

interface ContextBase {
  /** Absolute POSIX path on the machine. */
  readonly path: string;
  readonly parsed: ParsedToml;
  readonly version: Version;
  readonly tree: ConfigTree;
  /** Folders known to be roots of host namespaces (`--certs-d`, config_path); absent: judged by the path alone. */
  readonly certsDirs?: readonly string[];
}

/** `file` is what containerd makes of this text: decoded once, shared by all rules. */
export interface HostsContext extends ContextBase {
  readonly file: HostsFile;
}

export interface ConfigContext extends ContextBase {
  readonly file: ConfigFile;
}

export interface DirectivesContext {
  readonly parsed: ParsedToml;
  readonly directives: readonly Directive[];
  /** The words of directives that hid a finding. */
  readonly used: ReadonlySet<Word>;
  readonly ruleIds: readonly string[];
  /** The text is judged around what is to be filled in. */
  readonly template?: Template;
}
