import { printableText } from '../../core/text/display';
import type { DiagnoseDocument, DiagnosisVerdict } from '../../core/protocol/diagnose';
import type { Step } from '../../core/protocol/progress';
import type { CheckStatus } from '../../core/protocol/ready';
import type { FindingDocument } from '../../core/protocol/said';
import type { Catalog } from '../../core/text/message';
import { padded, sayIn } from './phrases';
import { spoken } from './spoken';
import type { TextStyle } from './text';

const marks: Readonly<Record<CheckStatus, string>> = { pass: 'ok', warn: 'warn', fail: 'FAIL', skip: '-' };
const colors: Readonly<Record<CheckStatus, number>> = { pass: 32, warn: 33, fail: 31, skip: 90 };
const most = 12;

/** For a person at three in the morning: the verdict first, what shows it, what to do; then everything that was looked at. */
export function diagnoseText(document: DiagnoseDocument, { color, catalogs }: TextStyle): string {
  const say = sayIn(catalogs);
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const { verdict, node, containerd, stages } = document;
  const title = verdict.kind === 'none' ? paint(32, say('diagnosis-ok')) : paint(31, say('diagnosis-cause'));
  const lines = [
    `${title}  ${paint(1, clean(causeOf(verdict, catalogs)))}${verdict.kind === 'none' ? '' : `  [${verdict.id}]`}`,
    `${padded(say('diagnosis-next'), 5)}  ${clean(nextStepOf(verdict, catalogs))}`,
    ...verdict.evidence.map(({ source, text, textMessage }) => {
      const words = textMessage ? spoken({ message: text, messageId: textMessage.id, args: textMessage.args }, catalogs) : text;
      return `  ${source.padEnd(13)} ${clean(words)}`;
    }),
    '',
    `${printableText(node)}, containerd ${containerd ?? say('unknown-release')}`,
  ];
  for (const stage of stages) {
    const { id, status, gaps } = stage;
    lines.push(`  ${paint(colors[status], marks[status].padEnd(4))}  ${id.padEnd(13)}  ${clean(spoken(stage, catalogs))}`);
    for (const gap of gaps) lines.push(`        ${' '.repeat(13)}  ${clean(say('not-seen', { gap: spoken(gap, catalogs) }))}`);
  }
  const also = otherFindings(document, catalogs);
  if (also.length > 0) lines.push('', say('also'), ...also.slice(0, most).map((text) => `  ${clean(text)}`));
  if (also.length > most) lines.push(`  ${say('more-findings', { count: also.length - most })}`);
  if (verdict.docs?.startsWith('errors/') || verdict.docs?.startsWith('rules/'))
    lines.push('', say('more-help', { id: verdict.docs.slice(verdict.docs.indexOf('/') + 1) }));
  return `${lines.join('\n')}\n`;
}

export function stepText({ label, status, detail }: Step): string {
  if (status === 'running') return '';
  return `  ${marks[status].padEnd(4)}  ${printableText(label)}${detail === undefined ? '' : `: ${clean(detail)}`}\n`;
}

function causeOf({ cause, causeMessage: { id, args } }: DiagnosisVerdict, catalogs: readonly Catalog[]): string {
  return spoken({ message: cause, messageId: id, args }, catalogs);
}

function nextStepOf({ nextStep, nextStepMessage: { id, args } }: DiagnosisVerdict, catalogs: readonly Catalog[]): string {
  return spoken({ message: nextStep, messageId: id, args }, catalogs);
}

/** What is wrong beside the cause: files first, then checks. */
function otherFindings({ configuration, findings, verdict, readiness }: DiagnoseDocument, catalogs: readonly Catalog[]): readonly string[] {
  const worth = ({ severity }: FindingDocument): boolean => severity === 'error' || severity === 'warning';
  const placed = configuration.files.flatMap(({ path, findings: own }) =>
    own.filter(worth).map((finding) => ({ finding, place: `${path}:${(finding.range?.start.line ?? 0) + 1}` })),
  );
  const own = findings.filter(worth).map((finding) => ({ finding, place: finding.path ?? '' }));
  const shown = verdict.evidence.filter(({ source }) => source === 'file').map(({ text }) => text);
  const inFiles = [...own, ...placed]
    .filter(({ finding, place }) => !(finding.id === verdict.id && shown.includes(place)))
    .map(({ finding, place }) => `${finding.severity}  ${place}  ${spoken(finding, catalogs)} [${finding.id}]`);
  const bad = readiness.filter(({ id, status }) => (status === 'fail' || status === 'warn') && id !== verdict.id);
  return [...inFiles, ...bad.map((check) => `${check.status === 'fail' ? 'error' : 'warning'}  ${spoken(check, catalogs)} [${check.id}]`)];
}

/** One line, without what could steer the terminal; long texts of registries are cut. */
function clean(text: string): string {
  const line = printableText(text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…'));
  return line.length > 600 ? `${line.slice(0, 600)}…` : line;
}
