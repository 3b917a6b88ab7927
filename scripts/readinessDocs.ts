import { checkKinds } from '../core/diagnosis/readinessMessages';

/** docs/readiness.md between its markers: every check, what it asks and of whom, when it fails or warns, and what to do then. */
export function readinessTable(): string {
  return [
    '| Check | What is asked | Where the answer comes from | Fails or warns when | Next step |',
    '|---|---|---|---|---|',
    ...checkKinds.map(({ id, asks, source, outcomes }) => {
      const bad = Object.values(outcomes).flatMap((outcome) => ('next' in outcome ? [outcome] : []));
      const rules = bad.map(({ status, when, docs }) => `**${status}**: [${when}](${docs}.md)`);
      const steps = [...new Set(bad.map(({ next }) => next))];
      return `| \`${id}\` | ${cell(asks)} | ${cell(source)} | ${rules.map(cell).join('<br>')} | ${steps.map(cell).join('<br>')} |`;
    }),
  ].join('\n');
}

function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replace(/\{(\w+)\}/g, '*$1*')
    .replace(/\*(?=\/)/g, '\\*');
}
