/** collect: every stage of one node, each with its time limit; one that fails is a gap and stops no other. */
import type { Duplex } from 'node:stream';
import { diagnosisMessages } from '../../core/diagnosis/diagnosisMessages';
import { emptyEvidence, type Evidence, type Gap } from '../../core/diagnosis/evidence';
import { failureMessages } from '../../core/diagnosis/failureMessages';
import { failingReferences } from '../../core/diagnosis/journalErrors';
import { treeOfPlaces } from '../../core/diagnosis/places';
import { redactEvidence } from '../../core/diagnosis/redact';
import type { Cancellation, Node } from '../../core/ports';
import type { StageId } from '../../core/protocol/diagnose';
import type { Step } from '../../core/protocol/progress';
import type { CheckDocument } from '../../core/protocol/ready';
import type { ResolveDocument } from '../../core/protocol/resolve';
import { message, render, type Catalog, type Message } from '../../core/text/message';
import { newestVersion, parseVersion, type Version } from '../../core/versions/versions';
import { parsePem } from '../../files/pem';
import { CallError, toldIn, type Io } from '../command';
import { checked } from '../commands/ready';
import { openPlace, type Place } from '../replay/place';
import { authOfEnv, requestOf } from '../replay/request';
import { runReplay } from '../replay/run';
import { limited } from './limited';
import { configInUse, fileEvidence, seeConfiguration, seeJournal, type ConfigurationSeen } from './nodeEvidence';

export interface CollectParams {
  /** undefined: what the journal says failed last. */
  readonly reference: string | undefined;
  readonly stageTimeoutMs: number;
}

export interface CollectContext {
  readonly node: Node<Duplex>;
  readonly io: Io;
  readonly cancellation: Cancellation;
  readonly onStep: (step: Step) => void;
  /** Of the language of steps; English without. */
  readonly catalogs?: readonly Catalog[];
}

/** Failures of the journal that are replayed when nothing is asked for. */
const mostReferences = 3;

/** Redacted: nothing unredacted leaves this function. Rejects when the node cannot be asked at all, or for a cancellation. */
export async function collect(params: CollectParams, context: CollectContext): Promise<Evidence> {
  const stages = stageRunner(params, context);
  const { node, cancellation } = context;
  const readiness = (stop: Cancellation): Promise<readonly CheckDocument[]> =>
    checked(node, { interfaces: [], registries: [] }, () => undefined, stop).then(({ checks }) => checks);
  const [checks, configuration, journal] = await Promise.all([
    stages.run('readiness', readiness),
    stages.run('configuration', (stop) => seeConfiguration(node, stop)),
    stages.run('journal', (stop) => seeJournal(node, stop)),
  ]);
  if (!checks && !configuration && !journal)
    throw stages.firstFailure() ?? new CallError(message('failure/no-answer', { node: node.name }), 'unreachable');
  const version = parseVersion(configuration?.dump.version ?? '');
  const chosen = failingReferences(journal?.journal ?? null, version ?? newestVersion, mostReferences);
  const references = params.reference === undefined ? chosen : [params.reference];
  const replays = await replayAll(references, configuration, stages, context);
  if (cancellation.cancelled) throw new CallError('the diagnosis was cancelled', 'cancelled');
  return redactEvidence({
    ...emptyEvidence(node.name, node.takenMs ?? Date.now()),
    reference: params.reference ?? null,
    containerd: version ? (configuration?.dump.version ?? null) : null,
    checks: checks ?? [],
    configPath: configuration?.dump.configPath ?? null,
    files: configuration ? fileEvidence(configuration.places) : [],
    dump: configuration?.dump.dump ?? null,
    journal: journal?.journal ?? null,
    replays,
    gaps: [...(configuration?.gaps ?? []), ...(journal?.gaps ?? []), ...stages.gaps()],
  });
}

interface StageRunner {
  run<T>(stage: StageId, work: (stop: Cancellation) => Promise<T>, args?: Gap['args']): Promise<T | undefined>;
  gaps(): readonly Gap[];
  firstFailure(): Error | undefined;
}

function stageRunner({ stageTimeoutMs }: CollectParams, { onStep, cancellation, catalogs = [] }: CollectContext): StageRunner {
  const gaps: Gap[] = [];
  let first: Error | undefined;
  const spokenHere = (said: Message): string => render(said, ...catalogs, diagnosisMessages, failureMessages);
  return {
    gaps: () => gaps,
    firstFailure: () => first,
    run: async (stage, work, args = {}) => {
      const what = `what/${stage}`;
      const label = spokenHere({ id: what, args });
      const step = { id: label, label };
      onStep({ ...step, status: 'running' });
      try {
        const outcome = await limited(cancellation, stageTimeoutMs, work);
        if (outcome.ended === 'done') {
          onStep({ ...step, status: 'pass' });
          return outcome.value;
        }
        gaps.push({ stage, id: 'gap/timeout', args: { ...args, what, seconds: stageTimeoutMs / 1000 } });
        onStep({ ...step, status: 'fail', detail: spokenHere(message('failure/stage-late', { seconds: stageTimeoutMs / 1000 })) });
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        first ??= failure;
        const reason = (error instanceof CallError && error.said) || failure.message;
        gaps.push({ stage, id: 'gap/failed', args: { ...args, what, reason } });
        onStep({ ...step, status: 'fail', detail: toldIn(catalogs, failure) });
      }
      return undefined;
    },
  };
}

/** One after the other, as a kubelet pulls by default; each over the settings that were just read. */
async function replayAll(
  references: readonly string[],
  configuration: ConfigurationSeen | undefined,
  stages: StageRunner,
  { node, io }: CollectContext,
): Promise<readonly ResolveDocument[]> {
  const documents: ResolveDocument[] = [];
  if (references.length === 0) return documents;
  const place = replayPlace(node, io, configuration);
  const config = configuration && configInUse(configuration);
  const line = { positionals: [], values: config === undefined ? {} : { config } };
  try {
    for (const reference of references) {
      const request = requestOf(line, { ...io, cwd: '/' }, reference, authOfEnv(io.env));
      const replay = (cancellation: Cancellation): Promise<ResolveDocument> =>
        runReplay({ request, place, cancellation, alwaysPredict: true }).then(({ document }) => document);
      const document = await stages.run('replay', replay, { reference });
      if (document) documents.push(document);
    }
  } finally {
    await place.close();
  }
  return documents;
}

/** Files that only root may read were read through sudo: the replay sees them too. */
function replayPlace(node: Node<Duplex>, io: Io, configuration: ConfigurationSeen | undefined): Place {
  const place = openPlace({ node, cwd: io.cwd, root: undefined });
  if (!configuration) return place;
  const { places, dump } = configuration;
  const tree = treeOfPlaces(places, ({ text }) => (text === undefined ? undefined : parsePem(text)), node.takenMs ?? Date.now());
  const version: Version | undefined = parseVersion(dump.version ?? '');
  return {
    ...place,
    tree: () => Promise.resolve(tree),
    build: async () => (await place.build()) ?? (version && { version }),
  };
}
