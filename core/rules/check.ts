import { catalogOf, message, type Catalog, type Message } from '../text/message';
import type { DocumentContext } from './context';
import type { Finding, Rule } from './rule';

/** A finding together with the rule that says it. */
export interface LintFinding extends Finding {
  readonly rule: string;
  readonly message: Message;
}

/** What one rule says; nothing when it is for the other kind of file. */
export function checkRule(rule: Rule, context: DocumentContext): LintFinding[] {
  const found = (finding: Finding): LintFinding => ({
    ...finding,
    rule: rule.id,
    message: message(`${rule.id}/${finding.key}`, finding.args),
  });
  if (rule.kind === 'hosts') return context.kind === 'hosts' ? [...rule.check(context.hosts)].map(found) : [];
  return context.kind === 'config' ? [...rule.check(context.config)].map(found) : [];
}

/** The rule's texts under the ids that its messages have in a catalog. */
export function ruleTexts(rule: Rule): Catalog {
  return catalogOf(rule.id, rule.messages);
}
