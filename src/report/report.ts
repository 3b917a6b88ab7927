import type { Row } from '../views/row';
import { rowsOf } from '../views/rows';
import { statusOf, type Diagnosis } from '../views/diagnosis';
import { commandLink } from './editorLinks';
import { remoteText } from './remoteText';

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
  return report(diagnosis, plainLines);
}

/** A run as Markdown for the editor: the same, with links to the line, the fix, the page and the next diagnosis. */
export function linkedReportOf(diagnosis: Diagnosis): string {
  return report(diagnosis, linkedLines);
}

type Lines = (row: Row, indent: string) => readonly string[];

function report(diagnosis: Diagnosis, lines: Lines): string {
  const { title, place } = diagnosis.subject;
  const status = statusOf(diagnosis);
  const heading = `### ${status === 'advice' ? '' : `${marks[status]} `}${remoteText(title)}: ${remoteText(place)}`;
  return [heading, '', diagnosis.startedAt.toISOString(), '', ...rowsOf(diagnosis).flatMap((row) => lines(row, '')), ''].join('\n');
}

function plainLines(row: Row, indent: string): readonly string[] {
  return row.icon === 'file' || row.icon === 'fix' ? [] : item(row, remoteText(row.label), indent, plainLines);
}

/** What has rows below it is no link itself: they are its links. */
function linkedLines(row: Row, indent: string): readonly string[] {
  const label = remoteText(row.label);
  const isLink = row.target !== undefined && row.children.length === 0;
  return item(row, isLink ? commandLink(label, 'follow', row.target) : label, indent, linkedLines);
}

function item(row: Row, label: string, indent: string, below: Lines): readonly string[] {
  const description = row.description === undefined || row.description === '' ? '' : ` (${remoteText(row.description)})`;
  return [`${indent}- ${marks[row.icon]} ${label}${description}`, ...row.children.flatMap((child) => below(child, `${indent}  `))];
}
