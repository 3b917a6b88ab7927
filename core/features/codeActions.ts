/** What can be done about findings: their fixes, all safe fixes of the file at once, the page that explains them. */
import type { LintFinding } from '../rules/check';
import { lineIndex } from '../text/lineIndex';
import { catalogOf, message, type Message } from '../text/message';
import { overlaps, type TextEdit, type TextRange } from '../text/ranges';
import type { TomlDocument } from '../toml/document';
import { ignoreEdit } from './ignoreHere';

export type EditorAction =
  | {
      readonly kind: 'fix';
      readonly rule: string;
      readonly range: TextRange;
      readonly title: Message;
      readonly edits: readonly TextEdit[];
      readonly isPreferred: boolean;
    }
  | {
      readonly kind: 'ignore';
      readonly rule: string;
      readonly range: TextRange;
      readonly title: Message;
      readonly edits: readonly TextEdit[];
      readonly isPreferred: false;
    }
  | { readonly kind: 'fix-all'; readonly title: Message; readonly edits: readonly TextEdit[]; readonly isPreferred: false }
  | { readonly kind: 'page'; readonly rule: string; readonly range: TextRange; readonly title: Message };

export const codeActionTexts = catalogOf('code-action', {
  'fix-all': 'Apply all safe fixes ({count})',
  page: 'Explain {rule}',
  'ignore-here': 'Ignore {rule} here',
  'ignore-file': 'Ignore {rule} in this file',
});

/** More at one place, or in one go, helps nobody; the rest is offered again afterwards. */
const mostAtOnce = 200;

/** `findings` are those of the whole `document`, `range` is what the editor has selected. */
export function codeActions(findings: readonly LintFinding[], range: TextRange, document: TomlDocument): readonly EditorAction[] {
  const here = findings.filter((finding) => overlaps(finding.range, range)).slice(0, mostAtOnce);
  return [...here.flatMap(fixAction), ...fixAllAction(findings), ...ignoreActions(here, document), ...pageActions(here)];
}

function fixAction({ fix, rule, range }: LintFinding): readonly EditorAction[] {
  return fix ? [{ kind: 'fix', rule, range, title: fix.title, edits: fix.edits, isPreferred: fix.safe }] : [];
}

function fixAllAction(findings: readonly LintFinding[]): readonly EditorAction[] {
  const fixes = compatible(findings.flatMap(({ fix }) => (fix?.safe ? [fix.edits] : [])).slice(0, mostAtOnce));
  if (fixes.length === 0) return [];
  return [{ kind: 'fix-all', title: message('code-action/fix-all', { count: fixes.length }), edits: fixes.flat(), isPreferred: false }];
}

/**
 * The fixes whose edits do not get in each other's way, the first come first. The others are offered again once these are applied. A text
 * insertion at the place of another counts as in the way: which comes first would be left to chance.
 */
export function compatible(fixes: readonly (readonly TextEdit[])[]): readonly (readonly TextEdit[])[] {
  const taken: TextRange[] = [];
  return fixes.filter((edits) => {
    if (edits.some(({ range }) => taken.some((other) => overlaps(range, other)))) return false;
    taken.push(...edits.map(({ range }) => range));
    return true;
  });
}

/** One per rule and line: a directive hides all that a rule says of its line. */
function ignoreActions(here: readonly LintFinding[], document: TomlDocument): readonly EditorAction[] {
  const lines = lineIndex(document.text);
  const firstOnLine = new Map(here.map((finding) => [`${finding.rule} ${lines.positionAt(finding.range.start).line}`, finding]));
  return [...firstOnLine.values()].map((finding) => {
    const { rule, range } = finding;
    const { scope, edits } = ignoreEdit(document, finding, lines);
    return { kind: 'ignore', rule, range, title: message(`code-action/ignore-${scope}`, { rule }), edits, isPreferred: false };
  });
}

function pageActions(here: readonly LintFinding[]): readonly EditorAction[] {
  const firstOfRule = new Map(here.map((finding) => [finding.rule, finding]));
  return [...firstOfRule.values()].map(({ rule, range }) => ({ kind: 'page', rule, range, title: message('code-action/page', { rule }) }));
}
