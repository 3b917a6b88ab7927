/** Documents as the panel shows them: the texts for people in its language, all else as it is. */
import type { FindingDocument, ReadyDocument, ResolveDocument } from '../../core/protocol';
import type { Catalog } from '../../core/text/message';
import { spoken } from '../format/spoken';

export function readyIn(document: ReadyDocument, catalogs: readonly Catalog[]): ReadyDocument {
  const checks = document.checks.map((check) => ({ ...check, message: spoken(check, catalogs) }));
  return { ...document, checks, findings: findingsIn(document.findings, catalogs) };
}

export function resolveIn(document: ResolveDocument, catalogs: readonly Catalog[]): ResolveDocument {
  const { rootCause, findings } = document;
  const translated = { ...document, findings: findingsIn(findings, catalogs) };
  if (!rootCause) return translated;
  const { nextStep, nextStepMessage: step } = rootCause;
  return {
    ...translated,
    rootCause: {
      ...rootCause,
      message: spoken(rootCause, catalogs),
      nextStep: step ? spoken({ message: nextStep, messageId: step.id, args: step.args }, catalogs) : nextStep,
    },
  };
}

function findingsIn(findings: readonly FindingDocument[], catalogs: readonly Catalog[]): readonly FindingDocument[] {
  return findings.map((finding) => ({ ...finding, message: spoken(finding, catalogs) }));
}
