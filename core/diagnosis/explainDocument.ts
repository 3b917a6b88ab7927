import { classify, type Classification } from '../errors/classify';
import { errorCatalog } from '../errors';
import type { LogGroup, Triage } from '../errors/triage';
import type { ExplainDocument, TriageDocument, TriageGroupDocument } from '../protocol/explain';
import { render, type Catalog } from '../text/message';
import { parseVersion } from '../versions/versions';

/** One pull error explained. An unknown version is ignored. */
export function explainText(text: string, version: string | undefined, ...catalogs: readonly Catalog[]): ExplainDocument {
  return explainDocument(classify(text, parseVersion(version ?? '')), ...catalogs);
}

export function explainDocument(result: Classification, ...catalogs: readonly Catalog[]): ExplainDocument {
  const { reference, host, status, digest, url } = result.captures;
  return {
    class: result.class?.id ?? null,
    confidence: result.confidence,
    alternatives: result.alternatives
      .filter(({ confidence }) => confidence >= 0.01)
      .map((one) => ({ class: one.class.id, confidence: one.confidence })),
    captures: { reference, host, status, digest, url },
    cause: result.cause === null ? null : render(result.cause, ...catalogs, errorCatalog),
    nextStep: result.nextStep === null ? null : render(result.nextStep, ...catalogs, errorCatalog),
    masked: result.masked?.id ?? null,
    retriable: result.retriable,
    docs: result.class === null ? null : `errors/${result.class.id}`,
    causeMessage: result.cause,
    nextStepMessage: result.nextStep,
    evidence: result.evidence,
  };
}

/** A whole log. With one error it says exactly what `explainDocument` says of that error. */
export function triageDocument(log: Triage, ...catalogs: readonly Catalog[]): TriageDocument {
  const groups = log.groups();
  const main = explainDocument(groups[0]?.first.result ?? classify(''), ...catalogs);
  // Spans of one record would be read as spans of the whole log.
  const document = { schema: 1, ...main, evidence: [], lines: log.lines(), errors: log.errors() } as const;
  return { ...document, groups: groups.map((group) => groupDocument(group, catalogs)), pulls: log.pulls() };
}

function groupDocument(group: LogGroup, catalogs: readonly Catalog[]): TriageGroupDocument {
  const { cause, causeMessage, nextStep, nextStepMessage, docs } = explainDocument(group.first.result, ...catalogs);
  const none = { id: group.class.id, args: {} };
  return {
    class: group.class.id,
    count: group.count,
    host: group.host,
    references: group.references,
    firstLine: group.first.line,
    lastLine: group.last.line,
    firstSeen: group.first.time,
    lastSeen: group.last.time,
    cause: cause ?? '',
    causeMessage: causeMessage ?? none,
    nextStep: nextStep ?? '',
    nextStepMessage: nextStepMessage ?? none,
    sample: group.first.sample,
    docs: docs ?? '',
  };
}
