import type { CheckStatus, ReadyDocument } from '../../core/protocol';

const marks: Readonly<Record<CheckStatus, string>> = { pass: 'ok', warn: 'warn', fail: 'FAIL', skip: 'skip' };
const colors: Readonly<Record<CheckStatus, number>> = { pass: 32, warn: 33, fail: 31, skip: 90 };

/** One line per check, and the verdict at the end. */
export function readyText({ node, ready, checks }: ReadyDocument, color: boolean): string {
  const paint = (status: CheckStatus, text: string): string => (color ? `\u001b[${colors[status]}m${text}\u001b[0m` : text);
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  const rows = checks.map(({ id, status, message }) => `${paint(status, marks[status].padEnd(4))}  ${id.padEnd(width)}  ${message}\n`);
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const verdict = ready ? `${node} is ready.` : `${node} is not ready: ${failed} of ${checks.length} checks failed.`;
  return `${rows.join('')}${paint(ready ? 'pass' : 'fail', verdict)}\n`;
}
