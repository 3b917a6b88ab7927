import { errorClasses } from '../core/errors';
import { classify } from '../core/errors/classify';
import { confirmationsOf, type Confirmation } from '../core/errors/confirmation';
import type { ErrorClass, Step } from '../core/errors/errorClass';
import { parseVersion } from '../core/versions/versions';

/** docs/errors: the page of each error class, and the overview of all. */
export function errorPages(): ReadonlyMap<string, string> {
  const pages = new Map(errorClasses.map((one) => [`docs/errors/${one.id}.md`, errorPage(one)]));
  return pages.set('docs/errors/README.md', overview());
}

function errorPage({ id, title, examples, causes, retriable, doc }: ErrorClass): string {
  const parts = [
    `# ${id}`,
    `${title}.`,
    '## Meaning',
    doc.meaning,
    ...(examples.length === 0 ? [] : ['It reads like this:', ...examples.map((example) => exampleBlock(example.text, example.containerd))]),
    '## Impact',
    doc.impact,
    retriable ? 'A retry may help without any change.' : 'A retry without a change does not help.',
    '## Diagnosis',
    confirmation(id),
    ['| Likely cause | What tells |', '|---|---|', ...causes.map(({ what, tell }) => `| ${cell(what)} | ${cell(tell)} |`)].join('\n'),
    doc.diagnosis.map(step).join('\n\n'),
    '## Mitigation',
    doc.mitigation.map((one) => `- ${one}`).join('\n'),
    `Restart needed: ${doc.restart}`,
    ...(doc.rules.length === 0 ? [] : ['## Rules that find it', doc.rules.map((rule) => `- [${rule}](../rules/${rule}.md)`).join('\n')]),
    '## Classes that read alike',
    doc.related.map((other) => `- [${other.id}](${other.id}.md): ${other.apart}.`).join('\n'),
    '## Sources',
    doc.sources.map((source) => `- ${source}`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A text, and what classify says of it today, so that the page cannot drift from the code. */
function exampleBlock(text: string, containerd: string | undefined): string {
  const { class: found, confidence } = classify(text, parseVersion(containerd ?? ''));
  const label = containerd === undefined ? '' : `containerd ${containerd}: `;
  return `${fence('text', text)}\n\n${label}\`${found?.id ?? 'no class'}\`, ${Math.round(100 * confidence)} % sure.`;
}

/** The first link of each line is the one that the editor makes a command of (src/report/editorLinks.ts). */
function confirmation(id: string): string {
  return [
    'One step to certainty:',
    confirmationsOf(id)
      .map((one) => `- ${confirmationTexts[one]}`)
      .join('\n'),
  ].join('\n\n');
}

const confirmationTexts: Readonly<Record<Confirmation, string>> = {
  replay: '[Replay the pull](../../README.md#on-the-command-line), request by request: `containerd-runbooks resolve IMAGE --node NODE`',
  readiness: '[Check the node’s readiness](../readiness.md): `containerd-runbooks ready --node NODE --registry HOST`',
};

function step({ what, command }: Step, index: number): string {
  const number = `${index + 1}. ${what}`;
  if (command === undefined) return number;
  const indented = fence('sh', command)
    .split('\n')
    .map((one) => `   ${one}`)
    .join('\n');
  return `${number}\n\n${indented}`;
}

function overview(): string {
  const rows = errorClasses.map(({ id, title, retriable }) => `| [${id}](${id}.md) | ${title} | ${retriable ? 'yes' : 'no'} |`);
  return [
    '# Error classes',
    `The ${errorClasses.length} kinds of pull failure that \`containerd-runbooks explain\` tells apart, each with its runbook.`,
    ['| Class | | A retry may help |', '|---|---|---|', ...rows, ''].join('\n'),
  ].join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function fence(language: string, body: string): string {
  return `\`\`\`${language}\n${body}\n\`\`\``;
}
