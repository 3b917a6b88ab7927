import type { CheckChange, CheckDocument, CheckStatus, FindingDocument, ReadyDocument } from '../../core/protocol';

const marks: Readonly<Record<CheckStatus, string>> = { pass: 'ok', warn: 'warn', fail: 'FAIL', skip: 'skip' };
const colors: Readonly<Record<CheckStatus, number>> = { pass: 32, warn: 33, fail: 31, skip: 90 };

/** One line per check, below it what to do about it, and the verdict at the end. */
export function readyText({ node, ready, checks, findings, watched }: ReadyDocument, color: boolean): string {
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  const left = [...findings];
  const rows = checks.map((check) => {
    const row = `${mark(check.status, color)}  ${check.id.padEnd(width)}  ${check.message}\n`;
    const at = left.findIndex((finding) => isAbout(finding, check));
    const [finding] = at < 0 ? [] : left.splice(at, 1);
    return finding ? `${row}${' '.repeat(width + 8)}${finding.message} (help ${finding.docs.replace(/^\w+\//, '')})\n` : row;
  });
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const after = watched ? ` after ${seconds(watched.elapsedMs)}` : '';
  const verdict = ready ? `${node} is ready${after}.` : `${node} is not ready${after}: ${failed} of ${checks.length} checks failed.`;
  return `${rows.join('')}${paint(ready ? 'pass' : 'fail', verdict, color)}\n`;
}

/** Of `--watch`: the moment in which a check came to be as it is. */
export function changeLine({ elapsedMs }: CheckChange, { id, status, message }: CheckDocument, color: boolean): string {
  return `+${seconds(elapsedMs).padStart(8)}  ${mark(status, color)}  ${id.padEnd(18)}  ${message}\n`;
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
