/** What the journal of a node says of failed pulls. */
import { triage, type Triage } from '../errors/triage';
import type { TriageGroupDocument } from '../protocol/explain';
import { parseReference } from '../reference/reference';
import type { Version } from '../versions/versions';
import type { JournalEvidence } from './evidence';
import { triageDocument } from './explainDocument';

export interface JournalErrors {
  readonly source: string | null;
  readonly lines: number;
  readonly errors: number;
  readonly groups: readonly TriageGroupDocument[];
}

export function journalErrors(journal: JournalEvidence | null, version: Version): JournalErrors {
  if (journal === null) return { source: null, lines: 0, errors: 0, groups: [] };
  const log = triaged(journal.text, version);
  const { lines, errors, groups } = triageDocument(log);
  return { source: journal.source, lines, errors, groups };
}

/** References that failed last, newest first; only such as containerd takes. */
export function failingReferences(journal: JournalEvidence | null, version: Version, most: number): readonly string[] {
  if (journal === null) return [];
  const groups = [...triaged(journal.text, version).groups()].sort((a, b) => b.last.line - a.last.line);
  const newestFirst = groups.flatMap(({ last, references }) => [last.result.captures.reference, ...[...references].reverse()]);
  const taken = newestFirst.filter((reference) => reference !== null).filter((reference) => parseReference(reference, version).ok);
  return [...new Set(taken)].slice(0, most);
}

function triaged(text: string, version: Version): Triage {
  const log = triage(version);
  for (const line of text.split('\n')) log.push(line);
  log.flush();
  return log;
}
