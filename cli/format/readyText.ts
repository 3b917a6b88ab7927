import type { CheckChange, CheckDocument, CheckStatus, ReadyDocument } from '../../core/protocol/ready';
import type { FindingDocument } from '../../core/protocol/said';
import { sayIn } from './phrases';
import { spoken } from './spoken';
import type { TextStyle } from './text';

const marks: Readonly<Record<CheckStatus, string>> = { pass: 'ok', warn: 'warn', fail: 'FAIL', skip: 'skip' };
const colors: Readonly<Record<CheckStatus, number>> = { pass: 32, warn: 33, fail: 31, skip: 90 };

/** One line per check, below it what to do about it, and the verdict at the end. */
export function readyText({ node, ready, checks, findings, watched }: ReadyDocument, { color, catalogs }: TextStyle): string {
  const say = sayIn(catalogs);
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  const left = [...findings];
  const rows = checks.map((check) => {
    const row = `${mark(check.status, color)}  ${check.id.padEnd(width)}  ${spoken(check, catalogs)}\n`;
    const at = left.findIndex((finding) => isAbout(finding, check));
    const [finding] = at < 0 ? [] : left.splice(at, 1);
    return finding ? `${row}${' '.repeat(width + 8)}${spoken(finding, catalogs)} (help ${finding.docs.replace(/^\w+\//, '')})\n` : row;
  });
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const args = { node, failed, count: checks.length, after: watched ? say('after', { time: seconds(watched.elapsedMs) }) : '' };
  const verdict = say(ready ? 'ready' : 'not-ready', args);
  return `${rows.join('')}${paint(ready ? 'pass' : 'fail', verdict, color)}\n`;
}

/** Of `--watch`: the moment in which a check came to be as it is. */
export function changeLine({ elapsedMs }: CheckChange, check: CheckDocument, { color, catalogs }: TextStyle): string {
  const { id, status } = check;
  return `+${seconds(elapsedMs).padStart(8)}  ${mark(status, color)}  ${id.padEnd(18)}  ${spoken(check, catalogs)}\n`;
}

function isAbout({ id, messageId, args }: FindingDocument, check: CheckDocument): boolean {
  return id === check.id && messageId === `readiness/${check.messageId}` && args === check.args;
}

function mark(status: CheckStatus, color: boolean): string {
  return paint(status, marks[status].padEnd(4), color);
}

function paint(status: CheckStatus, text: string, color: boolean): string {
  return color ? `\u001b[${colors[status]}m${text}\u001b[0m` : text;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
