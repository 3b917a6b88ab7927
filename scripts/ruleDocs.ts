import { contextOf, type DocumentInput } from '../core/rules/context';
import { checkRule, ruleTexts, type LintFinding } from '../core/rules/check';
import { renderFinding } from '../core/rules/render';
import { lint } from '../core/rules/lint';
import type { DocumentKind, Rule } from '../core/rules/rule';
import { lineIndex } from '../core/text/lineIndex';
import { render } from '../core/text/message';
import { applyEdits } from '../core/text/ranges';
import { formatVersion, newestVersion, parseVersion } from '../core/versions/versions';
import { mapTree, overlayTree } from '../files/tree';

/** Examples of a rule for both kinds are hosts.toml. */
export function documentKindOf(rule: Rule): DocumentKind {
  return rule.kind === 'any' ? 'hosts' : rule.kind;
}

const usualPath = { hosts: '/etc/containerd/certs.d/docker.io/hosts.toml', config: '/etc/containerd/config.toml' } as const;

/** An example of a rule's page on the node that the rule describes. */
export function exampleOf(rule: Rule, text: string): DocumentInput {
  const moved = text === rule.doc.good ? rule.doc.goodPath : undefined;
  const path = moved ?? rule.doc.path ?? usualPath[documentKindOf(rule)];
  const version = parseVersion(rule.doc.containerd ?? '') ?? newestVersion;
  const tree = { ...mapTree(rule.doc.files ?? {}), takenMs: Date.UTC(2026, 0, 1) };
  return { path, text, version, tree: overlayTree(tree, path, text) };
}

export function findingsIn(rule: Rule, text: string): readonly LintFinding[] {
  const kind = documentKindOf(rule);
  const example = exampleOf(rule, text);
  if (rule.kind === 'any') return lint({ ...example, kind }).findings.filter((finding) => finding.rule === rule.id);
  return checkRule(rule, contextOf(kind, example));
}

/** The text after all fixes of the rule; the text itself when there is none. */
export function fixedText(rule: Rule, text: string): string {
  const edits = findingsIn(rule, text).flatMap((finding) => finding.fix?.edits ?? []);
  const known = new Set<string>();
  const once = edits.filter(({ range, newText }) => {
    const key = `${range.start}-${range.end}-${newText}`;
    return !known.has(key) && known.add(key);
  });
  return applyEdits(text, once);
}

const judged: Readonly<Record<Rule['kind'], string>> = {
  hosts: 'hosts.toml',
  config: 'config.toml and its imports',
  any: 'both hosts.toml and config.toml',
};

/** The page of a rule. The output is what the rule says today, so the page cannot drift from the code. */
export function rulePage(rule: Rule): string {
  const { title, why, bad, good, sources, files, containerd } = rule.doc;
  const findings = findingsIn(rule, bad);
  const parts = [
    `# ${rule.id}`,
    `${title}.`,
    `Severity: ${severities(findings)}. Judges ${judged[rule.kind]}.`,
    why,
    '## Example',
    ...(rule.doc.path === undefined ? [] : [`In \`${rule.doc.path}\`:`]),
    ...(containerd === undefined ? [] : [`As containerd ${containerd} reads it:`]),
    ...Object.entries(files ?? {}).map(([path, text]) => `\`${path}\`:\n\n${fence('toml', text)}`),
    fence('toml', bad),
    'Output:',
    fence('text', `${printed(rule, bad)}\n`),
    '## Instead',
    ...(rule.doc.goodPath === undefined ? [] : [`In \`${rule.doc.goodPath}\`:`]),
    fence('toml', good),
    ...(findings.some((finding) => finding.fix)
      ? [
          findings.some((finding) => finding.fix?.safe)
            ? 'Fix: `containerd-runbooks lint --fix`, or the quick fix in the editor.'
            : 'Fix: the quick fix in the editor.',
        ]
      : []),
    '## Sources',
    sources.map((source) => `- ${source}`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function printed(rule: Rule, text: string): string {
  const { path } = exampleOf(rule, text);
  const lines = lineIndex(text);
  const texts = ruleTexts(rule);
  return findingsIn(rule, text)
    .map(({ severity, range, message }) => renderFinding(path, lines, { id: rule.id, severity, message: render(message, texts), range }))
    .join('\n');
}

export function severities(findings: readonly LintFinding[]): string {
  return [...new Set(findings.map(({ severity }) => severity))].join(', ') || 'none';
}

/** The index of all pages, also the table in README.md. */
export function ruleTable(rules: readonly Rule[], folder: string): string {
  const row = (rule: Rule): string =>
    `| [${rule.id}](${folder}${rule.id}.md) | ${rule.doc.title} | ${severities(findingsIn(rule, rule.doc.bad))} |`;
  return ['| Rule | What it finds | Severity |', '|---|---|---|', ...rules.map(row)].join('\n');
}

export function rulesIndexPage(rules: readonly Rule[]): string {
  const newest = formatVersion(newestVersion);
  return `# Rules\n\nWhat \`containerd-runbooks lint\` and the editor say. Examples are judged for containerd ${newest} unless a page names another release.\n\n${ruleTable(rules, '')}\n`;
}

function fence(language: string, body: string): string {
  return `\`\`\`${language}\n${body.endsWith('\n') ? body : `${body}\n`}\`\`\``;
}
