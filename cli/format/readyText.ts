import type { CheckChange, CheckDocument, CheckStatus, ReadyDocument } from '../../core/protocol/ready';
import { problemsInOrder } from '../../core/diagnosis/readiness/order';
import type { FindingDocument } from '../../core/protocol/said';
import { sayIn } from './phrases';
import { spoken } from './spoken';
import type { TextStyle } from './text';

const marks: Readonly<Record<CheckStatus, string>> = { pass: 'ok', warn: 'warn', fail: 'FAIL', skip: 'skip' };
const colors: Readonly<Record<CheckStatus, number>> = { pass: 32, warn: 33, fail: 31, skip: 90 };

/** For a person at three in the morning: what is wrong first, each with what to do about it; then all else that was asked, and the verdict. */
export function readyText({ node, ready, checks, findings, watched }: ReadyDocument, { color, catalogs }: TextStyle): string {
  const say = sayIn(catalogs);
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  const line = (check: CheckDocument): string => `${mark(check.status, color)}  ${check.id.padEnd(width)}  ${spoken(check, catalogs)}\n`;
  const problems = problemsInOrder(checks).flatMap((check) => {
    const finding = findings.find((one) => isAbout(one, check));
    return finding ? [{ check, finding }] : [];
  });
  const advised = problems.map(
    ({ check, finding }) =>
      `${line(check)}${' '.repeat(width + 8)}${spoken(finding, catalogs)} (help ${finding.docs.replace(/^\w+\//, '')})\n`,
  );
  const others = checks.filter((check) => !problems.some((one) => one.check === check)).map(line);
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const after = watched ? say('after', { time: seconds(watched.elapsedMs) }) : '';
  const [first] = problems;
  const args = { node, failed, count: checks.length, after, first: first?.check.id ?? '' };
  const verdict = say(ready ? 'ready' : first ? 'not-ready-first' : 'not-ready', args);
  return `${[...advised, ...(advised.length > 0 ? ['\n'] : []), ...others].join('')}${paint(ready ? 'pass' : 'fail', verdict, color)}\n`;
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
