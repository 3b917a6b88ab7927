import type { Row } from '../views/row';
import { rowsOf } from '../views/rows';
import { statusOf, type Diagnosis } from '../views/diagnosis';

const marks: Readonly<Record<Row['icon'], string>> = {
  running: '…',
  pass: '✔',
  warn: '⚠',
  fail: '✘',
  skip: '–',
  page: '→',
  fix: '→',
  file: '→',
  advice: '→',
  information: 'ℹ',
};

/** A run as Markdown, to paste into an issue or a chat: what the panel shows, line by line. */
export function reportOf(diagnosis: Diagnosis): string {
  const { title, place } = diagnosis.subject;
  const status = statusOf(diagnosis);
  const heading = `### ${status === 'advice' ? '' : `${marks[status]} `}${escape(title)}: ${escape(place)}`;
  return [heading, '', diagnosis.startedAt.toISOString(), '', ...rowsOf(diagnosis).flatMap((row) => lines(row, '')), ''].join('\n');
}

function lines(row: Row, indent: string): readonly string[] {
  if (row.icon === 'file' || row.icon === 'fix') return [];
  const description = row.description === undefined || row.description === '' ? '' : ` (${escape(row.description)})`;
  return [
    `${indent}- ${marks[row.icon]} ${escape(row.label)}${description}`,
    ...row.children.flatMap((child) => lines(child, `${indent}  `)),
  ];
}

/** Remote text stays text: no links, no HTML, no line that starts a block of its own. */
function escape(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>]/g, '\\$&');
}
