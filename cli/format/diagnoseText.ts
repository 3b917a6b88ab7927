import { printableText } from '../../core/text/display';
import type { CheckStatus, DiagnoseDocument, FindingDocument, Step } from '../../core/protocol';

const marks: Readonly<Record<CheckStatus, string>> = { pass: 'ok', warn: 'warn', fail: 'FAIL', skip: '-' };
const colors: Readonly<Record<CheckStatus, number>> = { pass: 32, warn: 33, fail: 31, skip: 90 };
const most = 12;

/** For a person at three in the morning: the verdict first, what shows it, what to do; then everything that was looked at. */
export function diagnoseText(document: DiagnoseDocument, color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const { verdict, node, containerd, stages } = document;
  const title = verdict.kind === 'none' ? paint(32, 'OK') : paint(31, 'CAUSE');
  const lines = [
    `${title}  ${paint(1, clean(verdict.cause))}${verdict.kind === 'none' ? '' : `  [${verdict.id}]`}`,
    `NEXT   ${clean(verdict.nextStep)}`,
    ...verdict.evidence.map(({ source, text }) => `  ${source.padEnd(13)} ${clean(text)}`),
    '',
    `${printableText(node)}, containerd ${containerd ?? 'of unknown release'}`,
  ];
  for (const { id, status, message, gaps } of stages) {
    lines.push(`  ${paint(colors[status], marks[status].padEnd(4))}  ${id.padEnd(13)}  ${clean(message)}`);
    for (const gap of gaps) lines.push(`        ${' '.repeat(13)}  not seen: ${clean(gap.message)}`);
  }
  const also = otherFindings(document);
  if (also.length > 0) lines.push('', 'Also:', ...also.slice(0, most).map((text) => `  ${clean(text)}`));
  if (also.length > most) lines.push(`  and ${also.length - most} more: --format json shows all`);
  if (verdict.docs?.startsWith('errors/') || verdict.docs?.startsWith('rules/'))
    lines.push('', `More: containerd-runbooks help ${verdict.docs.slice(verdict.docs.indexOf('/') + 1)}`);
  return `${lines.join('\n')}\n`;
}

export function stepText({ label, status, detail }: Step): string {
  if (status === 'running') return '';
  return `  ${marks[status].padEnd(4)}  ${printableText(label)}${detail === undefined ? '' : `: ${clean(detail)}`}\n`;
}

/** What is wrong beside the cause: files first, then checks. */
function otherFindings({ configuration, findings, verdict, readiness }: DiagnoseDocument): readonly string[] {
  const worth = ({ severity }: FindingDocument): boolean => severity === 'error' || severity === 'warning';
  const placed = configuration.files.flatMap(({ path, findings: own }) =>
    own.filter(worth).map((finding) => ({ finding, place: `${path}:${(finding.range?.start.line ?? 0) + 1}` })),
  );
  const own = findings.filter(worth).map((finding) => ({ finding, place: finding.path ?? '' }));
  const shown = verdict.evidence.filter(({ source }) => source === 'file').map(({ text }) => text);
  const inFiles = [...own, ...placed]
    .filter(({ finding, place }) => !(finding.id === verdict.id && shown.includes(place)))
    .map(({ finding: { severity, message, id }, place }) => `${severity}  ${place}  ${message} [${id}]`);
  const bad = readiness.filter(({ id, status }) => (status === 'fail' || status === 'warn') && id !== verdict.id);
  return [...inFiles, ...bad.map(({ id, status, message }) => `${status === 'fail' ? 'error' : 'warning'}  ${message} [${id}]`)];
}

/** One line, without what could steer the terminal; long texts of registries are cut. */
function clean(text: string): string {
  const line = printableText(text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…'));
  return line.length > 600 ? `${line.slice(0, 600)}…` : line;
}
