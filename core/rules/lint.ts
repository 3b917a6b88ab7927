import { lineIndex } from '../text/lineIndex';
import { message, type Catalog, type MessageArgs } from '../text/message';
import type { ParsedToml } from '../toml/document';
import { checkDirectives, checkRule, ruleTexts, type LintFinding } from './check';
import { contextOf, type DocumentContext, type DocumentInput } from './context';
import { directivesIn, hidingWords, type Word } from './directives';
import { rules } from './index';
import { isTemplate } from '../config/template';
import { kindOf } from './kind';
import { fileOutcomes, type DocumentKind, type FileOutcome } from './rule';
import { besideActions, templateOf, withoutLetters, type Template } from './templateText';

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
  return lintDecoded(input, contextOf(input.kind ?? kindOf(input.path) ?? 'config', input));
}

/** The same for a text that is decoded already. A template is decoded once more, without what is to be filled in. */
export function lintDecoded(input: DocumentInput, context: DocumentContext): LintResult {
  const template = isTemplate(input.path) ? undefined : templateOf(input);
  if (!template) return lintContext(context);
  const { parsed } = context.kind === 'hosts' ? context.hosts : context.config;
  const asItStands = lintContext(context);
  const isBeside = besideActions(template);
  const isRefused = asItStands.findings.some(({ severity, range }) => severity === 'error' && isBeside(range));
  if (!template.named && !isRefused) return asItStands;
  return lintContext(contextOf(context.kind, { ...input, text: template.text }), { template, parsed });
}

interface AroundTemplate {
  readonly template: Template;
  /** The text as it is written. */
  readonly parsed: ParsedToml;
}

/** What rules say of a decoded text as it stands, or around the actions of a template. */
export function lintContext(context: DocumentContext, around?: AroundTemplate): LintResult {
  const { path, parsed } = context.kind === 'hosts' ? context.hosts : context.config;
  const found = rules.flatMap((rule) => checkRule(rule, context));
  const said = around ? aroundActions(found, around.template) : found;
  // A hidden finding is only hidden: containerd does what it does.
  const own = around ? [] : ownOutcomes(context, path);
  const outcome = settledOutcome(context, own) ?? worst(new Set([...own, ...said.map((finding) => finding.outcome)]));
  const findings = shown(said, around?.parsed ?? parsed, around?.template).sort(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end,
  );
  const imports =
    context.kind === 'config' ? context.config.file.sources.map((source) => source.path).filter((other) => other !== path) : [];
  const ignored = ignoredKeys(context, path, outcome);
  const keys = around ? ignored.map((key) => withoutLetters(key, around.template)) : ignored;
  return { path, kind: context.kind, outcome, ignoredKeys: keys, findings, imports };
}

/** English texts of every rule. */
export const ruleCatalog: Catalog = Object.fromEntries(rules.flatMap((rule) => Object.entries(ruleTexts(rule))));

/** What stands beside an action is not known. A fix could write what is put in place of the actions, so there is none. */
function aroundActions(found: readonly LintFinding[], template: Template): LintFinding[] {
  const isBeside = besideActions(template);
  return found
    .filter(({ range }) => !isBeside(range))
    .map(({ rule, key, range, severity, args, outcome }) => {
      const shownArgs = quotable(args, template);
      return { rule, key, range, severity, args: shownArgs, message: message(`${rule}/${key}`, shownArgs), ...(outcome && { outcome }) };
    });
}

function quotable(args: MessageArgs, template: Template): MessageArgs {
  const shownArg = (arg: MessageArgs[string]): MessageArgs[string] => (typeof arg === 'string' ? withoutLetters(arg, template) : arg);
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, shownArg(arg)]));
}

/** Without what directives of the text hide, with what is to be said of them, and of the text as a whole. */
function shown(said: readonly LintFinding[], parsed: ParsedToml, template?: Template): LintFinding[] {
  const lines = lineIndex(parsed.document.text);
  const directives = directivesIn(parsed.document, lines);
  if (directives.length === 0 && !template) return [...said];
  const wordFor = hidingWords(directives, lines);
  const used = new Set<Word>();
  const isShown = (finding: LintFinding): boolean => {
    const word = wordFor(finding);
    if (word) used.add(word);
    return word === undefined;
  };
  const left = said.filter(isShown);
  const context = { parsed, directives, used, ruleIds: rules.map(({ id }) => id), ...(template && { template }) };
  return [...left, ...rules.flatMap((rule) => checkDirectives(rule, context).filter(isShown))];
}

function ownOutcomes(context: DocumentContext, path: string): readonly (FileOutcome | undefined)[] {
  if (context.kind === 'hosts') return [context.hosts.file.outcome];
  return context.config.file.problems.filter((problem) => problem.path === path).map(({ effect }) => outcomeOfEffect[effect]);
}

/** containerd ends at the first thing in a hosts.toml that it does not take, which need not be the worst. */
function settledOutcome({ kind }: DocumentContext, own: readonly (FileOutcome | undefined)[]): FileOutcome | undefined {
  return kind === 'hosts' ? own.find((outcome) => outcome === 'dropped' || outcome === 'fatal') : undefined;
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
