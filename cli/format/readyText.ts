import type { CheckChange, CheckDocument, CheckStatus, ReadyDocument } from '../../core/protocol/ready';
import { problemsFirst } from '../../core/diagnosis/readiness/order';
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
  const { problems, others } = problemsFirst({ checks, findings });
  const advised = problems.map(
    ({ check, finding }) =>
      `${line(check)}${' '.repeat(width + 8)}${spoken(finding, catalogs)} (help ${finding.docs.replace(/^\w+\//, '')})\n`,
  );
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const after = watched ? say('after', { time: seconds(watched.elapsedMs) }) : '';
  const [first] = problems;
  const args = { node, failed, count: checks.length, after, first: first?.check.id ?? '' };
  const verdict = say(ready ? 'ready' : first ? 'not-ready-first' : 'not-ready', args);
  return `${[...advised, ...(advised.length > 0 ? ['\n'] : []), ...others.map(line)].join('')}${paint(ready ? 'pass' : 'fail', verdict, color)}\n`;
}

/** Of `--watch`: the moment in which a check came to be as it is. */
export function changeLine({ elapsedMs }: CheckChange, check: CheckDocument, { color, catalogs }: TextStyle): string {
  const { id, status } = check;
  return `+${seconds(elapsedMs).padStart(8)}  ${mark(status, color)}  ${id.padEnd(18)}  ${spoken(check, catalogs)}\n`;
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
