/** Evidence in, diagnosis out: the same for a node that was just looked at and for a bundle of last week. */
import type { DiagnoseDocument, StageDocument, StageId } from '../protocol/diagnose';
import type { LintedFile } from '../protocol/lint';
import type { CheckStatus } from '../protocol/ready';
import type { FindingDocument, SaidDocument } from '../protocol/said';
import { render, type MessageArgs } from '../text/message';
import { formatVersion, newestVersion, parseVersion, type Version } from '../versions/versions';
import { diagnosisMessages } from './diagnosisMessages';
import { failureMessages } from './failureMessages';
import { stepCatalog } from '../steps';
import { debugLogSince } from '../steps/debugLog';
import { decide } from './diagnosisVerdict';
import { evidenceTree, type Evidence } from './evidence';
import { journalErrors, type JournalErrors } from './journalErrors';
import { quoted, quotedTexts } from './quoted';
import { fileOfReference, liveConfig, unreadFileOfReference, type LiveConfig } from './liveConfig';

/** A setting as `containerd config dump` has it, beside what our reading of the files came to. */
export interface Difference {
  readonly key: string;
  readonly files: string;
  readonly dump: string;
}

/** Compares a dump with the files; the caller brings a strict TOML reader. `unread`: the dump is no TOML. */
export type CompareDump = (dump: string, config: LiveConfig) => readonly Difference[] | 'unread';

export function diagnose(evidence: Evidence, compareDump: CompareDump): DiagnoseDocument {
  const version = parseVersion(evidence.containerd ?? '') ?? newestVersion;
  const tree = evidenceTree(evidence);
  const config = liveConfig({ tree, version, configPath: evidence.configPath });
  const compared = evidence.dump === null ? [] : compareDump(evidence.dump, config);
  const differences = compared === 'unread' ? [] : compared;
  const debugLog = debugLogFindings(evidence);
  const findings = [...config.findings, ...debugLog, ...differences.map((one) => differenceFinding(one, evidence.configPath))];
  const journal = journalErrors(evidence.journal, version);
  const gaps = gapsOf(evidence, compared === 'unread');
  const stages = stagesOf(evidence, { config: { ...config, findings }, journal, version, gaps });
  const verdict = decide({
    checks: evidence.checks,
    config: { ...config, findings },
    journal,
    replays: evidence.replays,
    stages,
    fileOf: (reference) => fileOfReference(reference, config, tree, version),
    unreadFileOf: (reference) => unreadFileOfReference(reference, config, tree, version),
  });
  return {
    schema: 1,
    node: evidence.node,
    containerd: evidence.containerd,
    references: evidence.replays.map(({ reference }) => reference),
    ok: verdict.kind === 'none',
    verdict,
    stages,
    readiness: evidence.checks,
    configuration: { path: config.path, effective: config.effective, files: config.files, differences },
    journal,
    replays: evidence.replays,
    findings,
  };
}

/** What a guided step left on is said by every diagnosis until it is taken back. */
function debugLogFindings({ files }: Evidence): readonly FindingDocument[] {
  return files.flatMap(({ path, text }) => {
    const since = debugLogSince(text ?? '');
    if (since === undefined) return [];
    const said = { id: 'debug-log/on', args: { since, path } };
    return [
      {
        id: 'debug-log-on',
        severity: 'warning',
        message: render(said, stepCatalog),
        messageId: said.id,
        args: said.args,
        path,
        docs: 'steps/debug-log',
      } as const,
    ];
  });
}

function differenceFinding(args: Difference, path: string | null): FindingDocument {
  const messageId = 'dump-differs/message';
  return {
    id: 'dump-differs',
    severity: 'warning',
    message: render({ id: messageId, args: { ...args } }, diagnosisMessages),
    messageId,
    args: { ...args },
    ...(path !== null && { path }),
    docs: 'errors/config.ignored-setting',
  };
}

type Gaps = Readonly<Record<StageId, readonly SaidDocument[]>>;

function gapsOf({ gaps }: Evidence, dumpUnread: boolean): Gaps {
  const of = (stage: StageId): SaidDocument[] => gaps.filter((gap) => gap.stage === stage).map(({ id, args }) => gapDocument(id, args));
  const configuration = [...of('configuration'), ...(dumpUnread ? [gapDocument('gap/dump-unread', {})] : [])];
  return { readiness: of('readiness'), configuration, journal: of('journal'), replay: of('replay') };
}

/** `what` of a gap is itself a text. */
function gapDocument(messageId: string, args: MessageArgs): SaidDocument {
  const what = typeof args['what'] === 'string' ? { what: { id: args['what'], args } } : {};
  const shown = { ...args, ...what };
  return { message: render({ id: messageId, args: shown }, diagnosisMessages, failureMessages), messageId, args: shown };
}

interface Judged {
  readonly config: LiveConfig;
  readonly journal: JournalErrors;
  readonly version: Version;
  readonly gaps: Gaps;
}

function stagesOf(evidence: Evidence, judged: Judged): readonly StageDocument[] {
  return [readinessStage(evidence, judged.gaps), configurationStage(judged), journalStage(judged), replayStage(evidence, judged.gaps)];
}

function readinessStage({ checks }: Evidence, { readiness }: Gaps): StageDocument {
  const bad = checks.filter(({ status }) => status === 'fail' || status === 'warn').sort(worstFirst);
  const [first] = bad;
  if (checks.length === 0) return stage('readiness', 'skip', 'none', {}, readiness);
  if (!first) return stage('readiness', 'pass', 'pass', { count: checks.length }, readiness);
  return stage('readiness', first.status, 'found', { bad: bad.length, count: checks.length, first: quoted(first) }, readiness);
}

function configurationStage({ config, version, gaps }: Judged): StageDocument {
  const all = [...config.findings, ...config.files.flatMap((file: LintedFile) => file.findings)];
  const errors = all.filter(({ severity }) => severity === 'error');
  const warnings = all.filter(({ severity }) => severity === 'warning');
  const [first] = [...errors, ...warnings];
  const count = config.files.length;
  if (count === 0) return stage('configuration', 'skip', 'none', {}, gaps.configuration);
  if (!first) return stage('configuration', 'pass', 'pass', { count, containerd: formatVersion(version) }, gaps.configuration);
  const args = { errors: errors.length, warnings: warnings.length, count, first: quoted(first) };
  return stage('configuration', errors.length > 0 ? 'fail' : 'warn', 'found', args, gaps.configuration);
}

function journalStage({ journal: { source, lines, errors, groups }, gaps }: Judged): StageDocument {
  if (source === null) return stage('journal', 'skip', 'none', {}, gaps.journal);
  const [group] = groups;
  if (!group) return stage('journal', 'pass', 'pass', { source, lines }, gaps.journal);
  return stage('journal', 'warn', 'found', { errors, source, class: group.class }, gaps.journal);
}

function replayStage({ replays }: Evidence, { replay }: Gaps): StageDocument {
  if (replays.length === 0) return stage('replay', 'skip', replay.length > 0 ? 'failed' : 'none', {}, replay);
  const bad = replays.filter(({ ok }) => !ok);
  const [first] = bad;
  if (!first) return stage('replay', 'pass', 'pass', { references: replays.map(({ reference }) => reference).join(', ') }, replay);
  const finding = first.findings[0];
  const message = first.rootCause ? quoted(first.rootCause) : (first.reported ?? (finding ? quoted(finding) : ''));
  return stage('replay', 'fail', 'found', { bad: bad.length, count: replays.length, first: message }, replay);
}

function stage(id: StageId, status: CheckStatus, key: string, args: MessageArgs, gaps: readonly SaidDocument[]): StageDocument {
  const messageId = `stage/${id}-${key}`;
  return { id, status, message: render({ id: messageId, args }, quotedTexts), messageId, args, gaps };
}

function worstFirst(a: { readonly status: CheckStatus }, b: { readonly status: CheckStatus }): number {
  return Number(b.status === 'fail') - Number(a.status === 'fail');
}
