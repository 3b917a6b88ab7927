/** One replay from start to document. */
import type { Cancellation, SendRequest } from '../../core/ports';
import type { AttemptDocument, ResolveDocument } from '../../core/protocol/resolve';
import { runLive, runRecorded } from '../../core/resolver/drive';
import { withFaults } from '../../core/resolver/faults';
import { type Attempt, lacksBody, observe, whyUnread, type Observations } from '../../core/resolver/observations';
import { pull, type PullResult } from '../../core/resolver/pull';
import { hiddenKey } from '../../core/diagnosis/transcript';
import {
  attemptDocument,
  isResult,
  predict,
  predictionDocuments,
  predictOne,
  refusedReference,
  replayDocument,
  type Replay,
} from '../../core/diagnosis/replayDocument';
import { goOfInput, planReplay, type ReplayInput } from '../../core/diagnosis/replayPlan';
import { message } from '../../core/text/message';
import { releaseLines } from '../../core/versions/versions';
import { CallError } from '../command';
import { releaseOf } from '../releaseOption';
import type { Place } from './place';
import type { ReplayRequest } from './request';

export interface RunOptions {
  readonly request: ReplayRequest;
  readonly place: Place;
  /** Answers instead of the network: a transcript. */
  readonly answers?: Observations;
  readonly onAttempt?: (attempt: AttemptDocument) => void;
  readonly cancellation: Cancellation;
  /** What was observed says something of other releases: show it even where `--predict` was not given. */
  readonly alwaysPredict: boolean;
}

export interface Ran {
  readonly document: ResolveDocument;
  /** With those of `--predict`: whoever gets the transcript may ask for other releases. */
  readonly attempts: readonly Attempt[];
}

export async function runReplay(options: RunOptions): Promise<Ran> {
  const { request, answers, place, cancellation } = options;
  const input = await inputOf(request, place);
  const http = place.requests();
  try {
    const send = withFaults(http.send, request.faults);
    const replay = await replayOnce(input, send, options);
    const attempts = request.predict && !answers ? await askMore(input, replay.attempts, send, cancellation) : replay.attempts;
    // A transcript may hold more than this release asks.
    const predicted = (): ReturnType<typeof predict> =>
      answers ? predict(input, answers, { faults: request.faults, keyOf: hiddenKey }) : predict(input, observe(attempts));
    const predictions = request.predict || options.alwaysPredict ? predictionDocuments(predicted()) : undefined;
    return { document: replayDocument(replay, predictions), attempts };
  } finally {
    await http.close();
  }
}

async function inputOf(request: ReplayRequest, place: Place): Promise<ReplayInput> {
  const { reference, certsD, config, root, containerd, way, until, download, auth } = request;
  const version = releaseOf(containerd).version;
  const tree = await place.tree(
    root,
    [certsD, config].filter((path) => path !== undefined),
  );
  if (config !== undefined && tree.stat(config) !== 'file') throw new CallError(`--config ${config}: no such file`);
  return {
    reference,
    ...(containerd === undefined ? ((await place.build()) ?? { version }) : { version }),
    way,
    tree,
    ...(certsD !== undefined && { certsD }),
    ...(config !== undefined && { configPath: config }),
    ...(auth && { auth }),
    platform: request.platform ?? (await place.platform()),
    until,
    download,
  };
}

async function replayOnce(
  input: ReplayInput,
  send: SendRequest,
  { request, answers, place, cancellation, ...options }: RunOptions,
): Promise<Replay> {
  const { faults } = request;
  const plan = planReplay(input);
  if (!plan.ok) return { input, attempts: [], faults, result: refusedReference(plan.reported) };
  const refusal = answers ? undefined : await place.refusal();
  if (refusal !== undefined) return { input, attempts: [], faults, result: nothing, stopped: refusal };
  const onAttempt = (attempt: Attempt): void => options.onAttempt?.(attemptDocument(attempt, goOfInput(input), faults));
  const driven = answers
    ? runRecorded(pull(plan.context), answers, { faults, keyOf: hiddenKey, onAttempt })
    : await runLive(pull(plan.context), send, clock, onAttempt, cancellation);
  const { attempts } = driven;
  switch (driven.status) {
    case 'done': {
      const { droppedFile } = plan;
      return { input, attempts, faults, result: driven.value, ...(droppedFile !== undefined && { droppedFile }) };
    }
    case 'cancelled':
      throw new CallError('the replay was cancelled', 'cancelled');
    case 'needs': {
      const { request } = driven.exchange;
      const { method, url } = request;
      // It is there, and was not read.
      const without = answers?.get(hiddenKey(request))?.every(({ outcome }) => lacksBody(request, outcome)) === true;
      const stopped = message(`replay-stopped/transcript${without ? '-body' : ''}`, { method, url });
      return { input, attempts, faults, result: nothing, stopped };
    }
    case 'refused':
      return { input, attempts, faults, result: nothing, stopped: driven.reason };
  }
}

const nothing: PullResult = { ok: false, digest: null, mediaType: null, reported: '', grpcCode: 'Unknown' };
const clock = { monotonicMs: () => performance.now(), nowMs: () => Date.now() };

/** More than any release asks beyond what another asked. */
const maxExtra = 40;

/** `--predict`: the requests that other releases would have made too, so that nothing is left open. */
async function askMore(
  input: ReplayInput,
  seen: readonly Attempt[],
  send: SendRequest,
  cancellation: Cancellation,
): Promise<readonly Attempt[]> {
  const attempts = [...seen];
  for (const { newest } of releaseLines) {
    for (let extra = 0; extra < maxExtra && !cancellation.cancelled; extra++) {
      const outcome = predictOne(input, newest, observe(attempts));
      if (isResult(outcome) || outcome.refuse) break;
      const answer = await send(outcome.request, cancellation);
      if (whyUnread(answer) || attempts.some(({ request }) => request === outcome.request)) break;
      attempts.push({ phase: outcome.phase, request: outcome.request, outcome: answer, startedMs: 0, order: attempts.length });
    }
  }
  return attempts;
}
