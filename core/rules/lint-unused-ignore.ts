import { closest } from '../text/closest';
import { message } from '../text/message';
import type { TextRange } from '../text/ranges';
import { directiveVerbs, type Directive, type Word } from './directives';
import type { DirectivesContext, DirectivesRule, Finding, Fix } from './rule';

export const lintUnusedIgnore: DirectivesRule = {
  id: 'lint-unused-ignore',
  kind: 'any',
  doc: {
    title: 'An ignore directive hides nothing',
    why: `A comment \`# containerd-runbooks: ignore <rule>\` hides what that rule says of the next line, or of its own line behind a key or value; \`# containerd-runbooks: ignore-file <rule>\` hides it in the whole file. Several rules are separated by commas, a reason may follow after \`--\`. What containerd does with the file stays the same, and so does the \`outcome\` that is reported.

A directive that names no known rule, or whose rule has nothing to say there, is a leftover or a typing error: the finding that it is meant for is still shown, or a later one would be hidden unnoticed. A rule may have nothing to say for one release and something for another; the hint is about the release that the file is judged for.`,
    bad: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  # containerd-runbooks: ignore hosts-unknown-key
  skip_verify = true
`,
    good: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  skip_verify = true
`,
    sources: ['core/rules/directives.ts'],
  },
  messages: {
    unused: 'This directive hides nothing: {rule} has nothing to say here.',
    unknown: 'There is no rule "{rule}", so this directive hides nothing.',
    'did-you-mean': 'There is no rule "{rule}", so this directive hides nothing. Did you mean "{meant}"?',
    verb: 'This directive is not read: after "containerd-runbooks:" comes {verbs}, then the ids of rules.',
    empty: 'This directive names no rule, so it hides nothing.',
    fix: 'Remove {rule} from the directive',
    correct: 'Replace with {meant}',
  },

  *check(context) {
    for (const directive of context.directives) {
      if (!directiveVerbs.some((verb) => verb === directive.verb.text)) yield badVerb(directive);
      else if (directive.rules.length === 0) yield hint(directive.range, 'empty', {});
      else yield* directive.rules.flatMap((word) => wordFinding(word, directive, context));
    }
  },
};

function badVerb({ verb }: Directive): Finding {
  return hint(verb.range, 'verb', { verbs: directiveVerbs.map((one) => `"${one}"`).join(' or ') });
}

function wordFinding(word: Word, directive: Directive, { used, ruleIds, parsed }: DirectivesContext): readonly Finding[] {
  const rule = word.text;
  // Whether it is used itself is only known when it has spoken.
  if (used.has(word) || rule === lintUnusedIgnore.id) return [];
  const removal = fixWith('fix', { rule }, removalOf(word, directive, parsed.document.text), '');
  if (ruleIds.includes(rule)) return [hint(word.range, 'unused', { rule }, removal)];
  const meant = closest(rule, ruleIds);
  if (meant === undefined) return [hint(word.range, 'unknown', { rule }, removal)];
  return [hint(word.range, 'did-you-mean', { rule, meant }, fixWith('correct', { meant }, word.range, meant))];
}

/** A directive of one rule goes with its line, or with the blanks before it; one of several only loses the word and its comma. */
function removalOf({ range }: Word, directive: Directive, text: string): TextRange {
  const { rules } = directive;
  const at = rules.findIndex((word) => word.range === range);
  const next = rules[at + 1];
  if (next) return { start: range.start, end: next.range.start };
  const before = rules[at - 1];
  return before ? { start: before.range.end, end: range.end } : removalOfComment(directive.range, text);
}

function removalOfComment({ start, end }: TextRange, text: string): TextRange {
  let from = start;
  while (from > 0 && (text[from - 1] === ' ' || text[from - 1] === '\t')) from--;
  const ownLine = from === 0 || text[from - 1] === '\n';
  if (!ownLine) return { start: from, end };
  const lineEnd = text.indexOf('\n', end);
  return { start: from, end: lineEnd < 0 ? end : lineEnd + 1 };
}

function hint(range: TextRange, key: string, args: Finding['args'], fix?: Fix): Finding {
  return { range, severity: 'hint', key, args, ...(fix && { fix }) };
}

function fixWith(key: string, args: Finding['args'], range: TextRange, newText: string): Fix {
  return { title: message(`${lintUnusedIgnore.id}/${key}`, args), edits: [{ range, newText }], safe: false };
}
