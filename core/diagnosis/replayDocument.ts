/** A finished replay as the command line's document. */
import { classify } from '../errors/classify';
import { explanationOfClass } from '../errors/explanation';
import { errorCatalog } from '../errors/index';
import { failureText } from '../go/netErrors';
import { isIpAddress, parseUrl } from '../go/url';
import type { AttemptDocument, Prediction, ResolveDocument, RootCauseDocument } from '../protocol/resolve';
import type { FindingDocument } from '../protocol/said';
import { runRecorded, type RecordedOptions } from '../resolver/drive';
import { faultOf, type FaultRule } from '../resolver/faults';
import type { Exchange } from '../resolver/machine';
import { pull, type PullResult } from '../resolver/pull';
import { legacyConfig } from '../resolver/mediaTypes';
import { type Attempt, observe, type Observations } from '../resolver/observations';
import type { NotUnpacked, PulledImage } from '../resolver/pulledImage';
import { verdict, type Verdict } from '../resolver/verdict';
import { message, render, type Message } from '../text/message';
import { goOf } from '../versions/goBuilds';
import { formatVersion, lineOf, releaseLines, type Version } from '../versions/versions';
import { lint } from '../rules/lint';
import { lineIndex } from '../text/lineIndex';
import { findingDocument } from './findingDocument';
import { hidePasswords, hideSecrets } from './hideSecrets';
import { mapStrings } from './redact';
import { goOfInput, planReplay, type ReplayInput } from './replayPlan';
import { unpackMessages, verdictMessages } from './verdictMessages';

export interface Replay {
  readonly input: ReplayInput;
  readonly attempts: readonly Attempt[];
  readonly result: PullResult;
  readonly faults: readonly FaultRule[];
  /** The hosts.toml that was passed over as a whole. */
  readonly droppedFile?: string;
  /** Set when the replay itself stopped short: what it would not or could not do. */
  readonly stopped?: Message;
}

export function replayDocument(replay: Replay, predictions: Readonly<Record<string, Prediction>> | undefined): ResolveDocument {
  // A password may stand in a reference as it was typed, in a redirect, in the address of a token server.
  return mapStrings(documentOf(replay, predictions), hidePasswords);
}

function documentOf(
  { input, attempts, result, faults, droppedFile, stopped }: Replay,
  predictions: Readonly<Record<string, Prediction>> | undefined,
): ResolveDocument {
  const found = stopped === undefined ? judge(attempts, result, input.version) : undefined;
  return {
    schema: 1,
    reference: input.reference,
    containerd: formatVersion(input.version),
    via: input.way,
    ok: result.ok && stopped === undefined,
    digest: result.digest,
    mediaType: result.mediaType,
    attempts: attempts.map((attempt) => attemptDocument(attempt, goOfInput(input), faults)),
    reported: result.ok || stopped !== undefined ? null : result.reported,
    grpcCode: result.ok || stopped !== undefined ? null : result.grpcCode,
    rootCause: found ? rootCause(input, attempts, result, found) : null,
    masked: found?.maskedBy === undefined ? null : { by: found.maskedBy, versions: maskingVersions(input, attempts, found) },
    ...(predictions && { predictions }),
    ...(result.image && result.image.pieces.length > 0 && { image: { pieces: result.image.pieces } }),
    findings:
      stopped === undefined
        ? [
            ...(result.ok || droppedFile === undefined ? [] : droppedFindings(input, droppedFile)),
            ...(result.ok ? unpackFindings(result.image) : addressFindings(attempts)),
          ]
        : [stoppedFinding(stopped)],
  };
}

/** What a reference that containerd refuses comes to: no request is made. */
export function refusedReference(reported: string): PullResult {
  return { ok: false, digest: null, mediaType: null, reported, grpcCode: 'Unknown' };
}

/** What every other release would say of what was observed; the newest patch stands for its line. */
export function predict(
  input: ReplayInput,
  observations: Observations,
  options: RecordedOptions = {},
): ReadonlyMap<string, PullResult | Exchange> {
  const others = releaseLines.filter(({ line }) => line !== lineOf(input.version));
  return new Map(others.map(({ line, newest }) => [line, predictOne(input, newest, observations, options)]));
}

export function predictOne(
  input: ReplayInput,
  version: Version,
  observations: Observations,
  options: RecordedOptions = {},
): PullResult | Exchange {
  const plan = planReplay({ ...input, version, go: goOf(version) });
  if (!plan.ok) return refusedReference(plan.reported);
  const predicted = runRecorded(pull(plan.context), observations, options);
  return predicted.status === 'done' ? predicted.value : predicted.exchange;
}

export function isResult(outcome: PullResult | Exchange): outcome is PullResult {
  return 'ok' in outcome;
}

export function predictionDocuments(predictions: ReadonlyMap<string, PullResult | Exchange>): Readonly<Record<string, Prediction>> {
  return Object.fromEntries(
    [...predictions].map(([line, outcome]) => [
      line,
      isResult(outcome)
        ? {
            ok: outcome.ok,
            reported: outcome.ok ? null : outcome.reported,
            ...(outcome.ok && outcome.image?.notUnpacked !== undefined && { notUnpacked: true as const }),
          }
        : { needs: `${outcome.request.method} ${hideSecrets(outcome.request.url)}` },
    ]),
  );
}

/** Where the attempts say nothing, containerd's words do. */
function judge(attempts: readonly Attempt[], result: PullResult, version: Version): Verdict | undefined {
  const found = verdict(attempts, result);
  if (found?.class !== 'other' || result.ok) return found;
  return { ...found, class: classify(result.reported, version).class?.id ?? 'other' };
}

function rootCause(input: ReplayInput, attempts: readonly Attempt[], result: PullResult, found: Verdict): RootCauseDocument {
  const { attempt, class: id, args } = found;
  const messageId = Object.hasOwn(verdictMessages, `verdict/${id}`) ? `verdict/${id}` : `${id}/cause`;
  const step = nextStep(input, attempts, result, found);
  return {
    attempt,
    class: id,
    message: render({ id: messageId, args }, verdictMessages, errorCatalog),
    messageId,
    args,
    nextStep: step === null ? '' : render(step, errorCatalog),
    nextStepMessage: step,
  };
}

/**
 * What to do about it, as a text of the same words would be explained. A request that the network swallowed before /blobs/ was asked points
 * to the node: its interface may not have been ready.
 */
function nextStep(
  input: ReplayInput,
  attempts: readonly Attempt[],
  result: PullResult,
  { class: id, attempt: index, args, maskedBy }: Verdict,
): Message | null {
  const shown = result.ok ? undefined : result.request;
  const attempt = attempts[index];
  const fellBack = maskedBy !== undefined && attempt?.phase === 'resolve' && shown?.url.includes('/blobs/') === true;
  const of = fellBack && /^(?:net|dns)\./.test(id) ? 'masked.blob-fallback' : id;
  const words = attempt === undefined ? undefined : wordsOf(attempt, goOfInput(input));
  const text = words ?? (result.ok ? '' : result.reported);
  const known = { host: args.host === '' ? null : args.host, reference: input.reference, elapsedSeconds: null };
  return explanationOfClass(of, `failed to resolve reference "${input.reference}": ${text}`, known)?.nextStep ?? null;
}

/** How containerd words the failure of one request; undefined for one that did not fail. */
function wordsOf({ request: { method, url }, outcome }: Attempt, go: string): string | undefined {
  const failure = outcome.ok ? outcome.bodyFailure : outcome.failure;
  const asked = hideSecrets(url);
  if (failure) return `failed to do request: ${method.charAt(0)}${method.slice(1).toLowerCase()} "${asked}": ${failureText(failure, go)}`;
  if (!outcome.ok || outcome.status < 400) return undefined;
  return `unexpected status from ${method} request to ${asked}: ${outcome.status} ${outcome.statusText}: ${(outcome.body ?? '').slice(0, 4000)}`;
}

/** Why a hosts.toml that would have counted does not, where the pull failed without it. */
function droppedFindings({ tree, version }: ReplayInput, path: string): readonly FindingDocument[] {
  const text = tree.read(path) ?? '';
  const { findings } = lint({ path, text, kind: 'hosts', version, tree });
  return findings.filter(({ severity }) => severity === 'error').map((finding) => ({ ...findingDocument(finding, lineIndex(text)), path }));
}

/** What is wrong with an image that is pulled all the same. */
function unpackFindings(image: PulledImage | undefined): readonly FindingDocument[] {
  const [why, foreign] = [image?.notUnpacked && notUnpackedClass(image.notUnpacked), image?.foreign];
  return [
    ...(why ? [unpackFinding(why.id, message(`${why.id}/notUnpacked`, why.args))] : []),
    ...(foreign ? [unpackFinding('platform.mismatch', message('platform.mismatch/foreign', foreign))] : []),
  ];
}

function unpackFinding(id: string, said: Message): FindingDocument {
  const { id: messageId, args } = said;
  return { id, severity: 'warning', message: render(said, unpackMessages), messageId, args, docs: `errors/${id}` };
}

function notUnpackedClass(why: NotUnpacked): Message {
  if ('config' in why)
    return { id: why.config === legacyConfig ? 'manifest.legacy-config' : 'manifest.not-an-image', args: { mediaType: why.config } };
  const { platform, offered } = why;
  // A hostile index may name any number of them.
  return { id: 'platform.mismatch', args: { platform, offered: offered.length === 0 ? 'none' : offered.slice(0, 20).join(', ') } };
}

export function attemptDocument(
  { phase, request, outcome, startedMs }: Attempt,
  go: string,
  faults: readonly FaultRule[] = [],
): AttemptDocument {
  const failure = outcome.ok ? outcome.bodyFailure : outcome.failure;
  const parsed = parseUrl(request.url);
  return {
    method: request.method,
    url: hideSecrets(request.url),
    host: parsed.ok ? parsed.url.host : '',
    phase,
    status: outcome.ok ? outcome.status : null,
    error: failure ? failureText(failure, go) : null,
    startedMs: Math.round(startedMs),
    timings: Object.fromEntries(Object.entries(outcome.timings).map(([name, ms]) => [name, Math.round(Number(ms) * 10) / 10])),
    ...(faultOf(faults, request) && { simulated: true as const }),
  };
}

/** The releases that hide the same cause, as a range over release lines; lines that would have asked something else are left out. */
function maskingVersions(input: ReplayInput, attempts: readonly Attempt[], found: Verdict): string {
  const observations = observe(attempts);
  const masks = releaseLines.map(({ line, newest }) => {
    const own = line === lineOf(input.version);
    const outcome = own ? undefined : predictOne(input, newest, observations);
    const judged = outcome && isResult(outcome) ? verdict(attempts, outcome) : undefined;
    return own || judged?.maskedBy === found.maskedBy;
  });
  return rangeOf(masks);
}

/** `>=2.0.0` when the newest line and all down to 2.0 do; gaps are written out. */
function rangeOf(masks: readonly boolean[]): string {
  const bounds: string[] = [];
  for (let start = 0; start < masks.length; start++) {
    if (masks[start] !== true || masks[start - 1] === true) continue;
    const end = masks.indexOf(false, start);
    const from = start === 0 ? '' : `>=${releaseLines[start]?.line ?? ''}.0`;
    const to = end < 0 ? '' : `<${releaseLines[end]?.line ?? ''}.0`;
    bounds.push([from, to].filter((bound) => bound !== '').join(' ') || '*');
  }
  return bounds.join(' || ');
}

/** A failed connection has an address in containerd's words; only a name is known where the node's resolver could not be asked. */
function addressFindings(attempts: readonly Attempt[]): readonly FindingDocument[] {
  const failures = attempts.flatMap(({ outcome }) => {
    const failure = outcome.ok ? outcome.bodyFailure : outcome.failure;
    return failure ? [failure.kind === 'proxyconnect' ? failure.cause : failure] : [];
  });
  const names = failures.flatMap((failure) =>
    failure.kind === 'dial' || failure.kind === 'read' || failure.kind === 'write' ? [failure.address.replace(/:\d*$/, '')] : [],
  );
  return [...new Set(names)]
    .filter((host) => host !== '' && !isIpAddress(host))
    .map((host) => {
      const message = { id: 'replay-address/unknown', args: { host } };
      return {
        id: 'replay-address',
        severity: 'info',
        message: render(message, verdictMessages),
        messageId: message.id,
        args: message.args,
        docs: 'rules/replay-address',
      };
    });
}

function stoppedFinding(reason: Message): FindingDocument {
  return {
    id: 'replay-stopped',
    severity: 'error',
    message: render({ id: 'replay-stopped/stopped', args: { reason } }, verdictMessages),
    messageId: 'replay-stopped/stopped',
    args: { reason },
    docs: 'rules/replay-stopped',
  };
}
