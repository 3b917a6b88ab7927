import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { nodeChecks, readinessProbes, readyDocument } from '../../core/diagnosis/readiness';
import { registryChecks, registryTarget, type RegistryTarget } from '../../core/diagnosis/registryReadiness';
import { readStage, stageScript } from '../../core/diagnosis/stage';
import { placePrelude } from '../../core/probes/containerdPlace';
import type { Cancellation, Clock, HttpOutcome, Node, SendRequest, TlsSettings } from '../../core/ports';
import type { CheckDocument, ReadyDocument, Step } from '../../core/protocol';
import { CallError } from '../command';

export interface ReadinessParams {
  readonly interfaces: readonly string[];
  /** Hosts or URLs; a bare host means https. */
  readonly registries: readonly string[];
}

export interface ReadinessContext {
  readonly node: Node<Duplex>;
  /** Requests that leave from the node: see createHttp. */
  readonly http: SendRequest;
  readonly onStep: (step: Step) => void;
  readonly cancellation: Cancellation;
  readonly clock: Clock;
  /** How containerd on the node trusts a host (`host:port` as in a URL); asked when the system's authorities do not do. */
  readonly tlsOf?: (authority: string) => Promise<TlsSettings | undefined>;
}

const stageTimeoutMs = 20_000;
const dialTimeoutMs = 10_000;

/** Everything about a node's readiness, once. Rejects only for bad parameters, a node out of reach, or a cancellation. */
export async function runReadiness(params: ReadinessParams, context: ReadinessContext): Promise<ReadyDocument> {
  const targets = params.registries.map(targetOf);
  const [onNode, ...onRegistries] = await Promise.all([
    checkNode(params.interfaces, context),
    ...targets.map((target) => checkRegistry(target, context)),
  ]);
  if (context.cancellation.cancelled) throw new CallError('the check was cancelled', 'cancelled');
  return readyDocument(context.node.name, [...onNode, ...onRegistries.flat()]);
}

function targetOf(registry: string): RegistryTarget {
  const target = registryTarget(registry);
  if (!target) throw new CallError(`--registry ${registry}: it must be a host or an http or https URL, such as registry.example:5000`);
  return target;
}

async function checkNode(
  interfaces: readonly string[],
  { node, onStep, cancellation, clock }: ReadinessContext,
): Promise<readonly CheckDocument[]> {
  const step = { id: 'node-state', label: `State of ${node.name}` };
  onStep({ ...step, status: 'running' });
  const marker = `@@${randomBytes(12).toString('hex')}`;
  const probes = readinessProbes();
  const started = clock.nowMs();
  const result = await node.run(stageScript(probes, marker, placePrelude), { timeoutMs: stageTimeoutMs, cancellation });
  const ids = probes.map(({ id }) => id);
  const checks = nodeChecks({
    outputs: readStage(ids, result.stdout, result.stderr, marker),
    interfaces,
    nowMs: (started + clock.nowMs()) / 2,
  });
  onStep({ ...step, ...worst(checks) });
  return checks;
}

async function checkRegistry(target: RegistryTarget, context: ReadinessContext): Promise<readonly CheckDocument[]> {
  const { onStep } = context;
  const step = { id: `registry ${target.registry}`, label: `Registry ${target.registry}` };
  onStep({ ...step, status: 'running' });
  const first = await askVersion(target.url, context, undefined);
  const settings = !first.ok && first.failure.kind === 'tls' ? await context.tlsOf?.(new URL(target.url).host) : undefined;
  const checks = registryChecks(target, settings ? await askVersion(target.url, context, settings) : first);
  onStep({ ...step, ...worst(checks) });
  return checks;
}

/** As Go's client, which containerd's requests go through: redirects of a GET are followed, up to ten. */
async function askVersion(url: string, context: ReadinessContext, tls: TlsSettings | undefined, redirects = 10): Promise<HttpOutcome> {
  const headers = [['user-agent', 'containerd-runbooks']] as const;
  const outcome = await context.http({ method: 'GET', url, headers, tls, dialTimeoutMs, want: { body: 'none' } }, context.cancellation);
  const moved = outcome.ok && [301, 302, 303, 307, 308].includes(outcome.status);
  const location = moved ? outcome.headers.find(([name]) => name === 'location')?.[1] : undefined;
  if (location === undefined || redirects === 0 || !URL.canParse(location, url)) return outcome;
  const next = new URL(location, url);
  return askVersion(next.href, context, next.host === new URL(url).host ? tls : undefined, redirects - 1);
}

/** The step ends as its worst check; its detail is what is to be read first. */
function worst(checks: readonly CheckDocument[]): Pick<Step, 'status'> & { readonly detail: string } {
  for (const status of ['fail', 'warn'] as const) {
    const found = checks.find((check) => check.status === status);
    if (found) return { status, detail: found.message };
  }
  return { status: 'pass', detail: checks.at(-1)?.message ?? '' };
}
