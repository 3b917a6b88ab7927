/** One answer out of everything that was seen: what the cause is, what shows it, what to do next. */
import { errorCatalog } from '../errors/index';
import type { DiagnosisVerdict, StageDocument } from '../protocol/diagnose';
import type { TriageGroupDocument } from '../protocol/explain';
import type { LintedFile } from '../protocol/lint';
import type { CheckDocument } from '../protocol/ready';
import type { ResolveDocument, RootCauseDocument } from '../protocol/resolve';
import type { FindingDocument, MessageDocument } from '../protocol/said';
import { render, type MessageArgs } from '../text/message';
import type { JournalErrors } from './journalErrors';
import type { LiveConfig } from './liveConfig';
import { quoted, quotedTexts } from './quoted';

export interface Seen {
  readonly checks: readonly CheckDocument[];
  readonly config: LiveConfig;
  readonly journal: JournalErrors;
  readonly replays: readonly ResolveDocument[];
  readonly stages: readonly StageDocument[];
  /** The hosts.toml that a reference leads to. */
  readonly fileOf: (reference: string) => string | undefined;
  /** The hosts.toml that it would lead to, if containerd looked where they are. */
  readonly unreadFileOf: (reference: string) => string | undefined;
}

type Evidence = DiagnosisVerdict['evidence'];
type Candidate = (seen: Seen) => DiagnosisVerdict | undefined;

/** The first that has something to say decides. Nearer causes come first: nobody looks at a mirror while the disk is full. */
const candidates: readonly Candidate[] = [
  stoppedByConfig,
  (seen) => failedCheck(seen, (id) => id.startsWith('containerd-')),
  criNotLoaded,
  (seen) => failedCheck(seen, (id) => id.startsWith('disk-')),
  failedReplay,
  pastErrors,
  willNotRestart,
  (seen) => worstFinding(seen, 'error'),
  (seen) => failedCheck(seen, () => true),
  (seen) => worstFinding(seen, 'warning'),
];

export function decide(seen: Seen): DiagnosisVerdict {
  for (const candidate of candidates) {
    const found = candidate(seen);
    if (found) return found;
  }
  return nothingFound(seen);
}

function stoppedByConfig(seen: Seen): DiagnosisVerdict | undefined {
  return isRunning(seen) === true ? undefined : ofFinding(seen, fatalFinding(seen, 'exit'), 'diagnosis/rule');
}

function criNotLoaded(seen: Seen): DiagnosisVerdict | undefined {
  return ofFinding(seen, fatalFinding(seen, 'cri'), 'diagnosis/rule');
}

function willNotRestart(seen: Seen): DiagnosisVerdict | undefined {
  return ofFinding(seen, fatalFinding(seen, 'exit'), 'diagnosis/restart');
}

function isRunning({ checks }: Seen): boolean | undefined {
  const status = checks.find(({ id }) => id === 'containerd-running')?.status;
  return status === 'pass' ? true : status === 'fail' ? false : undefined;
}

function fatalFinding({ config }: Seen, effect: 'exit' | 'cri'): Placed | undefined {
  const problem = config.loaded?.problems.find((one) => one.effect === effect);
  const file = config.files.find(({ path, outcome }) => path === problem?.path && outcome === 'fatal');
  const finding = file?.findings.find(({ severity }) => severity === 'error');
  return file && finding && { finding, path: file.path };
}

function failedCheck(seen: Seen, wanted: (id: string) => boolean): DiagnosisVerdict | undefined {
  const failed = seen.checks.find(({ id, status }) => status === 'fail' && wanted(id));
  if (!failed) return undefined;
  return {
    id: failed.id,
    kind: 'check',
    ...texts(said('diagnosis/check', { message: quoted(failed) }), said('diagnosis/check-step')),
    evidence: [checkEvidence(failed), ...journalEvidence(seen)],
    docs: null,
  };
}

/** Failures that no registry configuration brings about. */
const notOfConfig = /^(?:unpack|content|platform|cancel|cri|manifest)\./;

function failedReplay(seen: Seen): DiagnosisVerdict | undefined {
  const failed = seen.replays.find(({ ok, rootCause }) => !ok && rootCause !== null);
  if (!failed?.rootCause) return undefined;
  const { class: id } = failed.rootCause;
  const message = (id === 'other' ? failed.reported : null) ?? quoted(failed.rootCause);
  const evidence = [...replayEvidence(failed), ...journalEvidence(seen)];
  const inFile = notOfConfig.test(id) ? undefined : explainingFinding(seen, failed);
  const ofFile = ofFinding(seen, inFile, 'diagnosis/rule', failed.reference);
  if (ofFile) return { ...ofFile, evidence: [...ofFile.evidence, ...evidence] };
  const network = /^(?:dns|net)\./.test(id) ? failedCheck(seen, (one) => /^(?:interface|default-route|resolver)/.test(one)) : undefined;
  if (network) return { ...network, evidence: [...network.evidence, ...evidence] };
  return {
    id,
    kind: 'class',
    ...texts(said('diagnosis/class', { message }), classStep(failed.rootCause)),
    evidence,
    docs: docsOf(id),
  };
}

/** An error in the hosts.toml of that image, or in the setting that leads there. */
function explainingFinding({ config, fileOf, unreadFileOf }: Seen, { reference }: ResolveDocument): Placed | undefined {
  const own = config.files.find(({ path }) => path === fileOf(reference));
  const inOwn = own?.findings.find(({ severity }) => severity === 'error');
  if (own && inOwn) return { finding: inOwn, path: own.path };
  const isUnread = own === undefined && unreadFileOf(reference) !== undefined;
  const unread = isUnread ? config.findings.find(({ id }) => id === 'certs-d-not-read') : undefined;
  if (unread) return { finding: unread, path: unread.path ?? '' };
  const place = config.files
    .filter(({ kind }) => kind === 'config')
    .flatMap((file) => file.findings.map((finding) => ({ finding, path: file.path })));
  return place.find(({ finding: { id, severity } }) => /^config-(?:path|mirror|registry|tls)/.test(id) && severity === 'error');
}

function pastErrors(seen: Seen): DiagnosisVerdict | undefined {
  const [group] = seen.journal.groups;
  if (!group) return undefined;
  const pulled = seen.replays.filter(({ ok }) => ok).map(({ reference }) => reference);
  const cause =
    pulled.length > 0
      ? said('diagnosis/past', { message: group.causeMessage, references: pulled.join(', ') })
      : said('diagnosis/class', { message: group.causeMessage });
  return {
    id: group.class,
    kind: 'class',
    ...texts(cause, said('diagnosis/class-step', { step: group.nextStepMessage })),
    evidence: journalEvidence(seen),
    docs: docsOf(group.class),
  };
}

function worstFinding(seen: Seen, severity: 'error' | 'warning'): DiagnosisVerdict | undefined {
  const all = [
    ...seen.config.findings.map((finding) => ({ finding, path: finding.path ?? '' })),
    ...seen.config.files.flatMap((file: LintedFile) => file.findings.map((finding) => ({ finding, path: file.path }))),
  ];
  return ofFinding(
    seen,
    all.find(({ finding }) => finding.severity === severity),
    'diagnosis/rule',
  );
}

function nothingFound({ replays, stages }: Seen): DiagnosisVerdict {
  const references = replays.map(({ reference }) => reference).join(', ');
  const gap = stages.flatMap(({ gaps }) => gaps)[0];
  const [cause, step] =
    references !== ''
      ? [said('diagnosis/none-pulled', { references }), said('diagnosis/none-pulled-step')]
      : gap
        ? [said('diagnosis/unseen'), said('diagnosis/unseen-step', { first: quoted(gap) })]
        : [said('diagnosis/none'), said('diagnosis/none-step')];
  return { id: 'none', kind: 'none', ...texts(cause, step), evidence: [], docs: null };
}

interface Placed {
  readonly finding: FindingDocument;
  readonly path: string;
}

function ofFinding(seen: Seen, placed: Placed | undefined, id: string, reference = ''): DiagnosisVerdict | undefined {
  if (!placed) return undefined;
  const { finding, path } = placed;
  const place = finding.range ? `${path}:${finding.range.start.line + 1}` : path;
  const next = reference === '' ? 'REFERENCE' : reference;
  const message = quoted(finding);
  const cause = finding.range ? said(id, { message, place }) : said('diagnosis/class', { message });
  const step = finding.fix
    ? said(finding.range ? 'diagnosis/fix' : 'diagnosis/do', { place, fix: finding.fix.titleMessage ?? finding.fix.title, reference: next })
    : said('diagnosis/no-fix', { place, id: finding.id });
  return {
    id: finding.id,
    kind: 'rule',
    ...texts(cause, step),
    evidence: [{ source: 'file', text: place }, ...(id === 'diagnosis/rule' && reference === '' ? journalEvidence(seen) : [])],
    docs: finding.docs,
  };
}

function checkEvidence({ evidence, ...failed }: CheckDocument): Evidence[number] {
  const message = quoted(failed);
  if (evidence !== '' || typeof message === 'string') return { source: 'readiness', text: evidence === '' ? failed.message : evidence };
  return { source: 'readiness', text: failed.message, textMessage: message };
}

function replayEvidence({ reference, attempts, rootCause, reported, masked, containerd }: ResolveDocument): Evidence {
  const attempt = attempts[rootCause?.attempt ?? -1];
  const asked = attempt ? [`${attempt.method} ${attempt.url}: ${attempt.error ?? String(attempt.status ?? '')}`] : [];
  const shown = reported === null ? [] : [said('evidence/reports', { containerd, reference, reported })];
  const hides = masked ? [said('evidence/hides', { class: masked.by })] : [];
  return [...asked.map((text) => ({ source: 'replay', text }) as const), ...[...shown, ...hides].map((one) => shownAs('replay', one))];
}

function shownAs(source: Evidence[number]['source'], textMessage: MessageDocument): Evidence[number] {
  return { source, text: render(textMessage, quotedTexts), textMessage };
}

function journalEvidence({ journal }: Seen): Evidence {
  return journal.groups.slice(0, 3).map((group) => shownAs('journal', groupMessage(group)));
}

function groupMessage({ count, class: id, host, lastSeen, sample }: TriageGroupDocument): MessageDocument {
  const at = host === null ? '' : said('evidence/at', { host });
  const last = lastSeen === null ? '' : said('evidence/last', { time: lastSeen });
  return said('evidence/journal', { count, class: id, at, last, sample: ending(sample) });
}

/** The innermost error stands at the end. */
function ending(sample: string): string {
  return sample.length > 240 ? `…${sample.slice(-240)}` : sample;
}

/** What the replay chose, whatever release of ours has replayed. */
function classStep({ class: id, nextStep, nextStepMessage }: RootCauseDocument): MessageDocument {
  const step = nextStepMessage !== null && Object.hasOwn(quotedTexts, nextStepMessage.id) ? nextStepMessage : nextStep;
  return step === '' ? said('diagnosis/class-help', { id }) : said('diagnosis/class-step', { step });
}

function docsOf(id: string): string | null {
  return Object.hasOwn(errorCatalog, `${id}/cause`) ? `errors/${id}` : null;
}

function said(id: string, args: MessageArgs = {}): MessageDocument {
  return { id, args };
}

function texts(
  causeMessage: MessageDocument,
  nextStepMessage: MessageDocument,
): Pick<DiagnosisVerdict, 'cause' | 'causeMessage' | 'nextStep' | 'nextStepMessage'> {
  return {
    cause: english(causeMessage),
    causeMessage,
    nextStep: english(nextStepMessage),
    nextStepMessage,
  };
}

/** A sentence that goes on behind what it quotes. */
const goesOn = new Set(['diagnosis/rule', 'diagnosis/restart', 'diagnosis/fix', 'diagnosis/do']);

function english({ id, args }: MessageDocument): string {
  const shown = Object.entries(args).map(([name, value]): [string, string | number] => {
    const text = typeof value === 'object' ? render(value, quotedTexts) : value;
    const ends = goesOn.has(id) && (name === 'message' || name === 'fix');
    return [name, ends ? String(text).replace(/\.$/, '') : text];
  });
  return render({ id, args: Object.fromEntries(shown) }, quotedTexts);
}
