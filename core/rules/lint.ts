import { lineIndex } from '../text/lineIndex';
import type { Catalog } from '../text/message';
import type { ParsedToml } from '../toml/document';
import { checkDirectives, checkRule, ruleTexts, type LintFinding } from './check';
import { contextOf, type DocumentContext, type DocumentInput } from './context';
import { directivesIn, hidingWord, type Word } from './directives';
import { rules } from './index';
import { kindOf } from './kind';
import { fileOutcomes, type DocumentKind, type FileOutcome } from './rule';

export type { LintFinding };

export interface LintInput extends DocumentInput {
  /** Undefined: by path. */
  readonly kind?: DocumentKind;
}

export interface LintResult {
  readonly path: string;
  readonly kind: DocumentKind;
  readonly outcome: FileOutcome;
  /** Dotted paths of what containerd does not use of a file that it reads. */
  readonly ignoredKeys: readonly string[];
  /** In file order. */
  readonly findings: readonly LintFinding[];
  /** Other files that were read as part of this one: the imports of a config.toml. */
  readonly imports: readonly string[];
}

/** What all rules of its kind say of one text. A path of no known kind is taken as config.toml: callers choose with kindOf. */
export function lint(input: LintInput): LintResult {
  return lintContext(contextOf(input.kind ?? kindOf(input.path) ?? 'config', input));
}

/** The same for a text that is decoded already. */
export function lintContext(context: DocumentContext): LintResult {
  const { path, parsed } = context.kind === 'hosts' ? context.hosts : context.config;
  const said = rules.flatMap((rule) => checkRule(rule, context));
  // A hidden finding is only hidden: containerd does what it does.
  const outcome = worst(new Set([...ownOutcomes(context, path), ...said.map((finding) => finding.outcome)]));
  const findings = shown(said, parsed).sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  const imports =
    context.kind === 'config' ? context.config.file.sources.map((source) => source.path).filter((other) => other !== path) : [];
  return { path, kind: context.kind, outcome, ignoredKeys: ignoredKeys(context, path, outcome), findings, imports };
}

/** English texts of every rule. */
export const ruleCatalog: Catalog = Object.fromEntries(rules.flatMap((rule) => Object.entries(ruleTexts(rule))));

/** Without what directives of the text hide, with what is to be said of them. */
function shown(said: readonly LintFinding[], parsed: ParsedToml): LintFinding[] {
  const lines = lineIndex(parsed.document.text);
  const directives = directivesIn(parsed.document, lines);
  if (directives.length === 0) return [...said];
  const used = new Set<Word>();
  const isShown = (finding: LintFinding): boolean => {
    const word = hidingWord(directives, finding, lines);
    if (word) used.add(word);
    return word === undefined;
  };
  const left = said.filter(isShown);
  const context = { parsed, directives, used, ruleIds: rules.map(({ id }) => id) };
  return [...left, ...rules.flatMap((rule) => checkDirectives(rule, context)).filter(isShown)];
}

function ownOutcomes(context: DocumentContext, path: string): readonly (FileOutcome | undefined)[] {
  if (context.kind === 'hosts') return [context.hosts.file.outcome];
  return context.config.file.problems.filter((problem) => problem.path === path).map(({ effect }) => outcomeOfEffect[effect]);
}

function ignoredKeys(context: DocumentContext, path: string, outcome: FileOutcome): string[] {
  if (outcome === 'dropped' || outcome === 'fatal') return [];
  const problems =
    context.kind === 'hosts' ? context.hosts.file.problems : context.config.file.problems.filter((problem) => problem.path === path);
  const keys = new Set<string>();
  for (const { effect, key } of problems) if (effect === 'ignored' && key !== undefined) keys.add(key);
  return [...keys];
}

function worst(outcomes: ReadonlySet<FileOutcome | undefined>): FileOutcome {
  return fileOutcomes.findLast((outcome) => outcomes.has(outcome)) ?? 'used';
}

const outcomeOfEffect: Readonly<Record<string, FileOutcome | undefined>> = { exit: 'fatal', cri: 'fatal', ignored: 'partly-ignored' };
