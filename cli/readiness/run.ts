import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import {
  configPaths,
  interfaceProbes,
  interfaceRequestChecks,
  nodeChecks,
  nodeOffset,
  nodeTls,
  readinessProbes,
  readyDocument,
  type NodeEvidence,
} from '../../core/diagnosis/readiness';
import { registryClockCheck } from '../../core/diagnosis/readiness/surroundings';
import { registryChecks, registryOffset, registryTarget, type RegistryTarget } from '../../core/diagnosis/registryReadiness';
import { diagnosisMessages } from '../../core/diagnosis/diagnosisMessages';
import { readStage, stageScript, type StagedProbe } from '../../core/diagnosis/stage';
import { proxyOf, shownProxy, type ProxySettings } from '../../core/go/proxy';
import type { Cancellation, Clock, ConfigTree, HttpOutcome, NetFailure, Node, SendRequest, TlsSettings } from '../../core/ports';
import { placePrelude } from '../../core/probes/containerdPlace';
import { interfacePrelude, type InterfaceRequest } from '../../core/probes/interfaceRequests';
import type { ProbeOutput } from '../../core/probes/probe';
import { proxiesInUse, unitProxyProbe } from '../../core/probes/unitProxy';
import type { Step } from '../../core/protocol/progress';
import type { CheckDocument, ReadyDocument } from '../../core/protocol/ready';
import { message, render, type Catalog, type Message } from '../../core/text/message';
import { CallError } from '../command';
import { spoken } from '../format/spoken';
import { curlWay } from '../registry/curl';
import type { TreeReading } from '../transport/nodeTree';
import { askVersion } from './askVersion';

export interface ReadinessParams {
  readonly interfaces: readonly string[];
  /** Hosts or URLs; a bare host means https. */
  readonly registries: readonly string[];
}

export interface ReadinessContext {
  readonly node: Node<Duplex>;
  /** Requests that leave from the node, by the proxies that are known when each is sent: see createHttp. */
  readonly requests: (proxies: () => Promise<ProxySettings>) => SendRequest;
  readonly onStep: (step: Step) => void;
  /** Of the language of the steps; none: English. */
  readonly catalogs?: readonly Catalog[];
  readonly cancellation: Cancellation;
  readonly clock: Clock;
  /** Reads folders and files of the node; absent: its configuration is not judged. */
  readonly startReading?: (paths: readonly string[]) => TreeReading;
  /** How containerd on the node trusts a host (`host:port` as in a URL), asked when the system's authorities do not do; by default as its files say. */
  readonly tlsOf?: (authority: string) => Promise<TlsSettings | undefined>;
}

/** One part of the whole that can be asked alone, and again. Rejects only for a node out of reach. */
export interface ReadinessTask {
  readonly id: string;
  readonly label: Message;
  readonly check: () => Promise<readonly CheckDocument[]>;
}

const stageTimeoutMs = 30_000;
const noProxies: ProxySettings = { http: '', https: '', none: '' };

/** Everything about a node's readiness, once. Rejects only for bad parameters, a node out of reach, or a cancellation. */
export async function runReadiness(params: ReadinessParams, context: ReadinessContext): Promise<ReadyDocument> {
  const { onStep, cancellation, node, catalogs = [] } = context;
  const results = await Promise.all(
    readinessTasks(params, context).map(async (task) => {
      const step = { id: task.id, label: render(task.label, ...catalogs, diagnosisMessages) };
      onStep({ ...step, status: 'running' });
      const checks = await task.check();
      onStep({ ...step, ...worst(checks, catalogs) });
      return checks;
    }),
  );
  if (cancellation.cancelled) throw new CallError('the check was cancelled', 'cancelled');
  return readyDocument(node.name, results.flat());
}

/** The state of the node, what it reaches through named interfaces, and each registry: side by side over one connection. */
export function readinessTasks(params: ReadinessParams, context: ReadinessContext): readonly ReadinessTask[] {
  const { interfaces, registries } = params;
  const { node } = context;
  const targets = registries.map(targetOf);
  const state = stateTask(interfaces, targets, context);
  const http = context.requests(state.proxies);
  const overInterfaces: ReadinessTask = {
    id: 'interface-requests',
    label: message('what/interfaces', { interfaces: interfaces.join(', ') }),
    check: async () => checkInterfaces(interfaces, targets, context, await state.proxies()),
  };
  return [
    { id: 'node-state', label: message('what/node-state', { node: node.name }), check: state.check },
    ...(interfaces.length > 0 && targets.length > 0 ? [overInterfaces] : []),
    ...targets.map((target): ReadinessTask => ({
      id: `registry ${target.registry}`,
      label: message('what/registry', { registry: target.registry }),
      check: () => checkRegistry(target, http, context, state),
    })),
  ];
}

export function targetOf(registry: string): RegistryTarget {
  const target = registryTarget(registry);
  if (!target) throw new CallError(`--registry ${registry}: it must be a host or an http or https URL, such as registry.example:5000`);
  return target;
}

type Seen = Pick<NodeEvidence, 'outputs' | 'tree'>;

interface StateTask {
  readonly check: () => Promise<readonly CheckDocument[]>;
  /** Seconds that the node's clock is ahead of ours, once it was asked. */
  readonly offset: () => Promise<number | undefined>;
  /** What the node said last. */
  readonly seen: () => Promise<Seen>;
  /** Its files are read again with the next check: a person may be mending them. */
  readonly readAgain: () => void;
  /** Those of the containerd on the node, as they were last read; none where they cannot be read. */
  readonly proxies: () => Promise<ProxySettings>;
}

function stateTask(interfaces: readonly string[], targets: readonly RegistryTarget[], context: ReadinessContext): StateTask {
  const { startReading } = context;
  const offset = latest<number | undefined>();
  const seen = latest<Seen>();
  const proxies = latest<ProxySettings>();
  // While a person waits for an interface they are read once, and in the same script as all the rest.
  let files: Promise<ConfigTree | undefined> | undefined;
  const readAgain = (): void => {
    files = undefined;
  };
  const check = async (): Promise<readonly CheckDocument[]> => {
    try {
      const reading = files ? undefined : startReading?.(configPaths());
      const stage = await runStage(readinessProbes(), context, { more: reading?.script ?? '', onProxies: proxies.set });
      offset.set(nodeOffset(stage));
      // A node that lets us read none is judged without.
      if (reading) files = readAll(reading, stage).catch(() => undefined);
      const tree = await files;
      const evidence = { ...stage, ...(tree && { tree }) };
      seen.set(evidence);
      const checks = nodeChecks({ ...evidence, interfaces, urls: targets.map(({ url }) => url) });
      if (checks.some(({ id, status }) => id === 'containerd-config' && status === 'fail')) readAgain();
      return checks;
    } finally {
      offset.orElse(undefined);
      seen.orElse({ outputs: new Map() });
      proxies.orElse(noProxies);
    }
  };
  /** containerd may have been started with a configuration that is at no usual place. */
  const readAll = async (reading: TreeReading, stage: StageResult): Promise<ConfigTree | undefined> => {
    const paths = configPaths(stage.outputs.get('containerd'));
    if (paths.length === configPaths().length || !startReading) return reading.finish(stage.stdout);
    const own = startReading(paths);
    const run = context.node.run(own.script, { timeoutMs: stageTimeoutMs, cancellation: context.cancellation });
    return run.then(({ stdout }) => own.finish(stdout)).catch(() => reading.finish(stage.stdout));
  };
  return { check, offset: offset.get, seen: seen.get, readAgain, proxies: proxies.get };
}

interface Latest<T> {
  readonly get: () => Promise<T>;
  readonly set: (value: T) => void;
  /** What there is where nothing was set. */
  readonly orElse: (value: T) => void;
}

/** A value that is read again and again; whoever asks for it before it is there waits for the first. */
function latest<T>(): Latest<T> {
  let first: (value: T) => void = () => undefined;
  let value = new Promise<T>((resolve) => (first = resolve));
  const set = (next: T): void => {
    first(next);
    value = Promise.resolve(next);
  };
  return { get: () => value, set, orElse: (other) => first(other) };
}

interface StageResult {
  readonly outputs: ReadonlyMap<string, ProbeOutput>;
  /** All of it: what a script behind the probes printed is in it, too. */
  readonly stdout: string;
  /** Our clock in the middle of it. */
  readonly nowMs: number;
}

interface StageExtras {
  readonly prelude?: string;
  /** A script behind the probes. */
  readonly more?: string;
  /** Told as soon as the probe has answered: whoever asks a registry does not wait for the rest. */
  readonly onProxies?: (proxies: ProxySettings) => void;
}

async function runStage(probes: readonly StagedProbe[], context: ReadinessContext, extras: StageExtras): Promise<StageResult> {
  const { prelude = placePrelude, more = '', onProxies } = extras;
  const { node, clock, cancellation } = context;
  const marker = `@@${randomBytes(12).toString('hex')}`;
  const started = clock.nowMs();
  const script = `${stageScript(probes, marker, prelude)}${more}`;
  const onStdout = onProxies && proxyListener(marker, onProxies);
  const { stdout, stderr } = await node.run(script, { timeoutMs: stageTimeoutMs, cancellation, ...(onStdout && { onStdout }) });
  const ids = probes.map(({ id }) => id);
  return { outputs: readStage(ids, stdout, stderr, marker), stdout, nowMs: (started + clock.nowMs()) / 2 };
}

/** The probe is the first of the script: its answer is looked for in what comes first, and no longer than it can be. */
const longestAnswer = 1 << 20;

function proxyListener(marker: string, onProxies: (proxies: ProxySettings) => void): (chunk: string) => void {
  const { id } = unitProxyProbe;
  let text: string | undefined = '';
  return (chunk) => {
    if (text === undefined) return;
    text += chunk;
    const output = readStage([id], text, '', marker).get(id);
    if (output?.status === 'done') onProxies(proxiesInUse(output) ?? noProxies);
    if (output?.status === 'done' || text.length > longestAnswer) text = undefined;
  };
}

async function checkInterfaces(
  interfaces: readonly string[],
  targets: readonly RegistryTarget[],
  context: ReadinessContext,
  proxies: ProxySettings,
): Promise<readonly CheckDocument[]> {
  const requests = [...new Set(interfaces)].flatMap((name) =>
    targets.map(({ url }): InterfaceRequest => {
      const proxy = proxyOf(proxies, url);
      return { interface: name, url, way: curlWay(proxy), ...(proxy && { proxy: shownProxy(proxy) }) };
    }),
  );
  const stage = await runStage(interfaceProbes(requests), context, { prelude: `${placePrelude}\n${interfacePrelude(requests)}` });
  return interfaceRequestChecks(requests, stage.outputs);
}

async function checkRegistry(
  target: RegistryTarget,
  http: SendRequest,
  context: ReadinessContext,
  state: StateTask,
): Promise<readonly CheckDocument[]> {
  const { clock, cancellation, tlsOf = async (authority: string) => nodeTls(authority, await state.seen()) } = context;
  const ask = (tls: TlsSettings | undefined): Promise<HttpOutcome> => askVersion(target.url, http, cancellation, tls);
  const first = await ask(undefined);
  const settings = !first.ok && isAboutTrust(first.failure) ? await tlsOf(new URL(target.url).host) : undefined;
  const outcome = settings ? await ask(settings) : first;
  if (!outcome.ok && isAboutTrust(outcome.failure)) state.readAgain();
  const ahead = registryOffset(outcome, clock.nowMs());
  const offset = ahead === undefined ? undefined : await state.offset();
  const clockChecks = ahead === undefined || offset === undefined ? [] : [registryClockCheck(target.registry, target.host, offset, ahead)];
  return [...registryChecks(target, outcome, proxyOf(await state.proxies(), target.url)), ...clockChecks];
}

/** Go judges a proxy that speaks TLS by the authorities of the registry. */
function isAboutTrust(failure: NetFailure): boolean {
  return failure.kind === 'tls' || (failure.kind === 'proxyconnect' && failure.cause.kind === 'tls');
}

/** The step ends as its worst check; its detail is what is to be read first. */
function worst(checks: readonly CheckDocument[], catalogs: readonly Catalog[]): Pick<Step, 'status'> & { readonly detail: string } {
  for (const status of ['fail', 'warn'] as const) {
    const found = checks.find((check) => check.status === status);
    if (found) return { status, detail: spoken(found, catalogs) };
  }
  const last = checks.at(-1);
  return { status: 'pass', detail: last ? spoken(last, catalogs) : '' };
}
