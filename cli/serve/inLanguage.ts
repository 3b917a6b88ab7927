/** Documents as the panel shows them: the texts for people in its language, all else as it is. */
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import type { CheckDocument, ReadyDocument } from '../../core/protocol/ready';
import type { ResolveDocument } from '../../core/protocol/resolve';
import type { FindingDocument, MessageDocument, SaidDocument } from '../../core/protocol/said';
import type { Catalog } from '../../core/text/message';
import { spoken } from '../format/spoken';

export function readyIn(document: ReadyDocument, catalogs: readonly Catalog[]): ReadyDocument {
  return { ...document, checks: checksIn(document.checks, catalogs), findings: findingsIn(document.findings, catalogs) };
}

export function diagnoseIn(document: DiagnoseDocument, catalogs: readonly Catalog[]): DiagnoseDocument {
  const { verdict, stages, readiness, configuration, journal, replays, findings } = document;
  return {
    ...document,
    verdict: {
      ...verdict,
      cause: textIn(verdict.cause, verdict.causeMessage, catalogs),
      nextStep: textIn(verdict.nextStep, verdict.nextStepMessage, catalogs),
      evidence: verdict.evidence.map((one) => (one.textMessage ? { ...one, text: textIn(one.text, one.textMessage, catalogs) } : one)),
    },
    stages: saidIn(stages, catalogs).map((stage) => ({ ...stage, gaps: saidIn(stage.gaps, catalogs) })),
    readiness: checksIn(readiness, catalogs),
    configuration: {
      ...configuration,
      files: configuration.files.map((file) => ({ ...file, findings: findingsIn(file.findings, catalogs) })),
    },
    journal: {
      ...journal,
      groups: journal.groups.map((group) => ({
        ...group,
        cause: textIn(group.cause, group.causeMessage, catalogs),
        nextStep: textIn(group.nextStep, group.nextStepMessage, catalogs),
      })),
    },
    replays: replays.map((replay) => resolveIn(replay, catalogs)),
    findings: findingsIn(findings, catalogs),
  };
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
      nextStep: step ? textIn(nextStep, step, catalogs) : nextStep,
    },
  };
}

/** What a check is about has a name of its own, or a word of ours. */
function checksIn(checks: readonly CheckDocument[], catalogs: readonly Catalog[]): readonly CheckDocument[] {
  return saidIn(checks, catalogs).map((check) => ({
    ...check,
    subject: textIn(check.subject, { id: `subject/${check.subject}`, args: {} }, catalogs),
  }));
}

function findingsIn(findings: readonly FindingDocument[], catalogs: readonly Catalog[]): readonly FindingDocument[] {
  return saidIn(findings, catalogs).map((finding) => {
    const { fix } = finding;
    return fix?.titleMessage ? { ...finding, fix: { ...fix, title: textIn(fix.title, fix.titleMessage, catalogs) } } : finding;
  });
}

function saidIn<T extends SaidDocument>(documents: readonly T[], catalogs: readonly Catalog[]): readonly T[] {
  return documents.map((document) => ({ ...document, message: spoken(document, catalogs) }));
}

function textIn(message: string, { id, args }: MessageDocument, catalogs: readonly Catalog[]): string {
  return spoken({ message, messageId: id, args }, catalogs);
}
