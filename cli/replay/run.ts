/** One replay from start to document. */
import type { Cancellation } from '../../core/ports';
import type { AttemptDocument, ResolveDocument } from '../../core/protocol';
import { observe, runLive, withFaults, type Attempt, type FaultRule, type SendOrNothing } from '../../core/resolver/drive';
import { pull, type PullResult } from '../../core/resolver/pull';
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
import { releaseLines } from '../../core/versions/versions';
import { CallError } from '../command';
import { releaseOf } from '../releaseOption';
import type { Place } from './place';
import type { ReplayRequest } from './request';

export interface RunOptions {
  readonly request: ReplayRequest;
  readonly place: Place;
  /** Answers instead of the network: a transcript. */
  readonly answers?: SendOrNothing;
  readonly onAttempt?: (attempt: AttemptDocument) => void;
  readonly cancellation: Cancellation;
  /** What was observed says something of other releases: show it even where `--predict` was not given. */
  readonly alwaysPredict: boolean;
}

export interface Ran {
  readonly document: ResolveDocument;
  readonly attempts: readonly Attempt[];
}

export async function runReplay(options: RunOptions): Promise<Ran> {
  const { request, place, cancellation } = options;
  const input = await inputOf(request, place);
  const send = withFaults(options.answers ?? place.send, request.faults);
  const attempts: Attempt[] = [];
  const onAttempt = (attempt: Attempt): void => {
    attempts.push(attempt);
    options.onAttempt?.(attemptDocument(attempt, goOfInput(input), request.faults));
  };
  const replay = await replayOnce(input, { send, onAttempt, attempts, faults: request.faults, cancellation });
  const more = request.predict ? await askMore(input, attempts, options.answers ? undefined : send, cancellation) : attempts;
  const predictions = request.predict || options.alwaysPredict ? predictionDocuments(predict(input, observe(more))) : undefined;
  return { document: replayDocument(replay, predictions), attempts };
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

interface Channel {
  readonly send: SendOrNothing;
  readonly onAttempt: (attempt: Attempt) => void;
  readonly attempts: readonly Attempt[];
  readonly faults: readonly FaultRule[];
  readonly cancellation: Cancellation;
}

async function replayOnce(input: ReplayInput, { send, onAttempt, attempts, faults, cancellation }: Channel): Promise<Replay> {
  const plan = planReplay(input);
  if (!plan.ok) return { input, attempts, faults, result: refusedReference(plan.reported) };
  const driven = await runLive(pull(plan.context), send, clock, onAttempt, cancellation);
  switch (driven.status) {
    case 'done':
      return { input, attempts, faults, result: driven.value };
    case 'cancelled':
      throw new CallError('the replay was cancelled', 'cancelled');
    case 'needs':
      return {
        input,
        attempts,
        faults,
        result: nothing,
        stopped: `the transcript holds no answer to ${driven.exchange.request.method} ${driven.exchange.request.url}`,
      };
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
  send: SendOrNothing | undefined,
  cancellation: Cancellation,
): Promise<readonly Attempt[]> {
  const attempts = [...seen];
  if (!send) return attempts;
  for (const { newest } of releaseLines) {
    for (let extra = 0; extra < maxExtra && !cancellation.cancelled; extra++) {
      const outcome = predictOne(input, newest, observe(attempts));
      if (isResult(outcome)) break;
      const answer = await send(outcome.request, cancellation);
      if (!answer || attempts.some(({ request }) => request === outcome.request)) break;
      attempts.push({ phase: outcome.phase, request: outcome.request, outcome: answer, startedMs: 0 });
    }
  }
  return attempts;
}
