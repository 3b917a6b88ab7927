import { triage, type LogError } from '../../core/errors/triage';
import type { OnNode } from '../../core/nodeFiles';
import type { Node } from '../../core/ports';
import type { Step } from '../../core/protocol/progress';
import type { AttemptDocument } from '../../core/protocol/resolve';
import { englishCatalog } from '../../core/catalog';
import type { ServeCommands } from '../../core/serve';
import { message, render, type Catalog, type Message } from '../../core/text/message';
import { CallError, type CommandLine, type Io } from '../command';
import { followErrors } from '../commands/explain';
import { checked } from '../commands/ready';
import { configInUse, seeConfiguration } from '../diagnosis/nodeEvidence';
import { explainText } from '../explainDocument';
import { explainNode, usualSeconds, usualTimeoutMs, versionOn } from '../explainNodes';
import { followNode } from '../followNode';
import { openPlace } from '../replay/place';
import { authOfEnv, requestOf } from '../replay/request';
import { runReplay } from '../replay/run';
import { diagnosisHandlers } from './diagnoses';
import { readyIn, resolveIn } from './inLanguage';
import { nodeFileHandlers } from './nodeFiles';
import type { NodePool } from './nodePool';
import { labelIn, onNode, type NodesAndWords } from './onNode';
import type { Handlers } from './requests';
import { stepHandlers } from './steps';
import type { Session } from './session';

/** The commands as requests: the same functions as `ready`, `resolve` and `explain` call, with steps instead of lines. */
export function createHandlers(io: Io, pool: NodePool, catalogs: readonly Catalog[]): Handlers {
  return {
    ready: async (params, session) => readyIn(await ready(params, session, { pool, catalogs }), catalogs),
    resolve: async (params, session) => resolveIn(await replay(params, session, io, pool), catalogs),
    explain: ({ text, version }) => Promise.resolve(explainText(text, version, ...catalogs)),
    explainJournal: (params, session) => explainJournal(params, session, { pool, catalogs }),
    follow: (params, session) => follow(params, session, { pool, catalogs }),
    ...diagnosisHandlers(io, pool, catalogs),
    ...nodeFileHandlers({ pool, catalogs }),
    ...stepHandlers({ pool, catalogs }),
  };
}

function ready(
  params: ServeCommands['ready']['params'],
  session: Session,
  { pool, catalogs }: NodesAndWords,
): Promise<ServeCommands['ready']['result']> {
  const { node: name, sshConfig, interfaces, registries } = params;
  return pool.with(name, sshConfig, session, (node) =>
    checked(node, { interfaces, registries }, (step) => session.step(step), session.cancellation, catalogs),
  );
}

function explainJournal(params: OnNode, session: Session, nodes: NodesAndWords): Promise<ServeCommands['explainJournal']['result']> {
  const question = { version: undefined, seconds: usualSeconds, timeoutMs: usualTimeoutMs, catalogs: nodes.catalogs };
  const label = message('what/node-journal', { node: params.node });
  return onNode(nodes, params, session, label, (node) => explainNode(node, question, session.cancellation));
}

async function follow({ node: name, sshConfig }: OnNode, session: Session, { pool, catalogs }: NodesAndWords): Promise<never> {
  const show = (error: LogError | null): void => {
    if (error) session.step(failedPull(error));
  };
  const say = (told: Message): void => session.step({ id: render(told, englishCatalog), label: labelIn(catalogs, told), status: 'warn' });
  await pool.with(name, sshConfig, session, async (node) =>
    followErrors(triage(await versionOn(node, undefined)), followNode(node, session.cancellation, say), show),
  );
  throw new CallError(`${name} is not followed any more`, 'cancelled');
}

/** A pull that fails again and again is one step. */
function failedPull({ class: errorClass, result, time, sample }: LogError): Step {
  const { reference, host } = result.captures;
  const label = `${reference ?? host ?? sample.slice(0, 200)}: ${errorClass.id}`;
  return { id: `pull/${label}`, label, status: 'fail', docs: `errors/${errorClass.id}`, ...(time !== null && { detail: time }) };
}

type ResolveParams = ServeCommands['resolve']['params'];

function replay(params: ResolveParams, session: Session, io: Io, pool: NodePool): Promise<ServeCommands['resolve']['result']> {
  return pool.with(params.node, params.sshConfig, session, async (node) => {
    const config = params.certsD === undefined ? (params.config ?? (await startedWith(node, session))) : params.config;
    const place = openPlace({ node, cwd: io.cwd, root: undefined });
    let count = 0;
    try {
      const { document } = await runReplay({
        request: requestOf(lineOf({ ...params, ...(config !== undefined && { config }) }), io, params.reference, authOfEnv(io.env)),
        place,
        cancellation: session.cancellation,
        alwaysPredict: true,
        onAttempt: (attempt) => session.step(attemptStep(attempt, count++)),
      });
      return document;
    } finally {
      await place.close();
    }
  });
}

/** Over the same connection, so that a node that is not reached is waited for once. */
async function startedWith(node: Node, { cancellation }: Session): Promise<string | undefined> {
  return node.name === 'local' ? undefined : configInUse(await seeConfiguration(node, cancellation));
}

/** The parameters as the words of a call, so that both are read by one function. */
function lineOf({ certsD, config, containerd, via, fault }: ResolveParams): CommandLine {
  return { positionals: [], values: { 'certs-d': certsD, config, containerd, via, fault: fault === undefined ? [] : [fault] } };
}

function attemptStep({ method, url, status, error }: AttemptDocument, index: number): Step {
  const failed = status === null || status >= 400;
  return { id: `attempt/${index}`, label: `${method} ${url}`, status: failed ? 'warn' : 'pass', detail: error ?? String(status ?? '') };
}
