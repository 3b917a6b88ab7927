import { catalogOf, message, type Catalog, type Message } from '../text/message';
import { tomlErrorTexts } from '../toml/errorTexts';
import type { DocumentContext } from './context';
import type { DirectivesContext, Finding, Rule } from './rule';
import { foreignTexts } from './foreignKeys';
import { lookAlikeTexts } from './tomlReason';
import { typeTexts } from './typeTexts';

/** A finding together with the rule that says it. */
export interface LintFinding extends Finding {
  readonly rule: string;
  readonly message: Message;
}

/** What one rule says; nothing when it is for the other kind of file, or about directives. */
export function checkRule(rule: Rule, context: DocumentContext): LintFinding[] {
  if (rule.kind === 'any') return [];
  if (rule.kind === 'hosts') return context.kind === 'hosts' ? foundBy(rule, rule.check(context.hosts)) : [];
  return context.kind === 'config' ? foundBy(rule, rule.check(context.config)) : [];
}

export function checkDirectives(rule: Rule, context: DirectivesContext): LintFinding[] {
  return rule.kind === 'any' ? foundBy(rule, rule.check(context)) : [];
}

function foundBy({ id }: Rule, findings: Iterable<Finding>): LintFinding[] {
  return Array.from(findings, (finding) => ({ ...finding, rule: id, message: message(`${id}/${finding.key}`, finding.args) }));
}

/** The rule's texts under the ids that its messages have in a catalog, and those that may stand in them. */
export function ruleTexts(rule: Rule): Catalog {
  return { ...tomlErrorTexts, ...lookAlikeTexts, ...foreignTexts, ...typeTexts, ...catalogOf(rule.id, rule.messages) };
}
