/** Is a node ready to pull: what was observed on it, judged check by check. */
import type { ConfigTree, TlsSettings } from '../ports';
import { addressesProbe } from '../probes/addresses';
import { clockProbe } from '../probes/clock';
import { containerdApiProbe } from '../probes/containerdApi';
import { usualConfigs } from '../probes/containerdPlace';
import { containerdProbe, type ContainerdProcess } from '../probes/containerdProcess';
import { defaultRouteProbe } from '../probes/defaultRoute';
import { interfaceRequestsProbe, type InterfaceAnswer, type InterfaceRequest } from '../probes/interfaceRequests';
import { interfacesProbe } from '../probes/interfaces';
import { kernelProbe } from '../probes/kernel';
import { kubeletProbe } from '../probes/kubelet';
import { neighboursProbe } from '../probes/neighbours';
import { pressureProbe } from '../probes/pressure';
import type { ProbeOutput } from '../probes/probe';
import { resolverProbe } from '../probes/resolver';
import { storageProbe } from '../probes/storage';
import { unitProxyProbe } from '../probes/unitProxy';
import type { CheckDocument, ReadyDocument } from '../protocol/ready';
import type { FindingDocument } from '../protocol/said';
import { render, type Message } from '../text/message';
import { newestVersion, parseVersion, type Version } from '../versions/versions';
import { checkOf } from './readiness/check';
import { configurationCheck, readConfiguration, sandboxCheck } from './readiness/configuration';
import { apiChecks, kubeletChecks, processChecks, proxyChecks, withAnswer } from './readiness/containerd';
import { interfaceChecks, neighbourChecks, resolverCheck, routeCheck } from './readiness/network';
import { overInterfaceKind } from './readiness/networkKinds';
import { reason } from './readiness/reasons';
import { clockCheck, clockOffset, kernelCheck, pressureCheck, storageChecks } from './readiness/surroundings';
import { readinessMessages } from './readinessMessages';
import { registryTls } from './registryTls';
import type { StagedProbe } from './stage';

/** What the kernel and the process table say: quick, and asked again and again while a person waits. */
const stateProbes = [
  // First: requests to registries wait for it.
  unitProxyProbe,
  interfacesProbe,
  addressesProbe,
  defaultRouteProbe,
  neighboursProbe,
  resolverProbe,
  containerdProbe,
  kubeletProbe,
  storageProbe,
  clockProbe,
  kernelProbe,
  pressureProbe,
] as const;

export function readinessProbes(): readonly StagedProbe[] {
  return [...stateProbes, containerdApiProbe].map((probe) => ({ id: probe.id, timeoutMs: probe.timeoutMs, script: probe.script() }));
}

/** A stage of its own: it waits for the network. */
export function interfaceProbes(requests: readonly InterfaceRequest[]): readonly StagedProbe[] {
  const { id, timeoutMs } = interfaceRequestsProbe;
  return [{ id, timeoutMs, script: interfaceRequestsProbe.script(requests) }];
}

export function interfaceRequestChecks(
  requests: readonly InterfaceRequest[],
  outputs: ReadonlyMap<string, ProbeOutput>,
): readonly CheckDocument[] {
  const output = outputs.get(interfaceRequestsProbe.id);
  return output ? interfaceRequestsProbe.parse(output, requests).map(overInterfaceCheck) : [];
}

export interface NodeEvidence {
  /** Answers by probe id; see stage.ts. */
  readonly outputs: ReadonlyMap<string, ProbeOutput>;
  /** Interfaces named by the person; without any, those of the default route are looked at. */
  readonly interfaces: readonly string[];
  /** The registries that are asked, by URL. */
  readonly urls?: readonly string[];
  /** Our clock when the node was asked. */
  readonly nowMs: number;
  /** The node's files; absent when they were not read. */
  readonly tree?: ConfigTree;
}

export function nodeChecks(evidence: NodeEvidence): readonly CheckDocument[] {
  const { outputs, interfaces, nowMs } = evidence;
  const output = (id: string): ProbeOutput => outputs.get(id) ?? { status: 'missing', stdout: '', stderr: '' };
  const known = interfacesProbe.parse(output(interfacesProbe.id));
  const addresses = addressesProbe.parse(output(addressesProbe.id));
  const routes = defaultRouteProbe.parse(output(defaultRouteProbe.id));
  const subjects = [...new Set(interfaces.length > 0 ? interfaces : routes.map((route) => route.interface))];
  return [
    ...subjects.flatMap((name) => interfaceChecks(name, known, addresses)),
    routeCheck(routes, hasRoutes(output(defaultRouteProbe.id))),
    ...neighbourChecks(routes, neighboursProbe.parse(output(neighboursProbe.id)), subjects),
    resolverCheck(resolverProbe.parse(output(resolverProbe.id))),
    ...containerdChecks(evidence, output),
    ...storageChecks(storageProbe.parse(output(storageProbe.id))),
    clockCheck(output(clockProbe.id), nowMs),
    kernelCheck(output(kernelProbe.id)),
    pressureCheck(pressureProbe.parse(output(pressureProbe.id))),
  ];
}

function containerdChecks({ tree, urls = [] }: NodeEvidence, output: (id: string) => ProbeOutput): readonly CheckDocument[] {
  const api = containerdApiProbe.parse(output(containerdApiProbe.id));
  const process = withAnswer(containerdProbe.parse(output(containerdProbe.id)), api);
  const kubelet = kubeletProbe.parse(output(kubeletProbe.id));
  const path = configOf(process);
  const configuration = readConfiguration(path, tree, releaseOf(process.version));
  return [
    ...processChecks(process, answered(output(containerdProbe.id))),
    ...apiChecks(api, configuration),
    ...(tree ? [configurationCheck(configuration, api)] : []),
    sandboxCheck(configuration, api, kubelet),
    ...proxyChecks(unitProxyProbe.parse(output(unitProxyProbe.id)), process, urls),
    ...kubeletChecks(kubelet, process),
  ];
}

/** How containerd on the node trusts a registry host (`host:port` as in a URL); undefined where its files say nothing of it. */
export function nodeTls(authority: string, { outputs, tree }: Pick<NodeEvidence, 'outputs' | 'tree'>): TlsSettings | undefined {
  const output = outputs.get(containerdProbe.id);
  if (!output || !tree) return undefined;
  const process = containerdProbe.parse(output);
  return registryTls(authority, { tree, configPath: configOf(process), version: releaseOf(process.version) ?? newestVersion });
}

/** The config.toml that it reads, or would read. */
function configOf({ config }: ContainerdProcess): string {
  return config ?? usualConfigs.at(-1) ?? '';
}

/** Seconds that the node's clock is ahead of ours. */
export function nodeOffset({ outputs, nowMs }: Pick<NodeEvidence, 'outputs' | 'nowMs'>): number | undefined {
  const output = outputs.get(clockProbe.id);
  return output && clockOffset(output, nowMs);
}

/** Folders and files that readNodeTree has to be given for nodeChecks; `containerd` is the answer of the containerd probe, if there is one. */
export function configPaths(containerd?: ProbeOutput): readonly string[] {
  const usual = ['/etc/containerd', ...usualConfigs.filter((path) => !path.startsWith('/etc/containerd/'))];
  const own = containerd && containerdProbe.parse(containerd).config;
  return own === undefined || usualConfigs.includes(own) || own.startsWith('/etc/containerd/') ? usual : [...usual, own];
}

/** `v2.1.4`, `1.6.20~ds1`. */
function releaseOf(version: string | undefined): Version | undefined {
  return version === undefined ? undefined : parseVersion(version);
}

function overInterfaceCheck(answer: InterfaceAnswer): CheckDocument {
  const { interface: name, url, outcome, status, proxyStatus, proxy, code, address, connectS, totalS } = answer;
  const say = (key: keyof typeof overInterfaceKind.outcomes, why: Message | '' = '') => {
    const evidence = address === '' ? '' : `curl: ${address}, connected after ${ms(connectS)}, answer after ${ms(totalS)}`;
    return checkOf(
      overInterfaceKind,
      `${url} over ${name}`,
      key,
      { interface: name, url, status, reason: why, ...(proxy !== undefined && { proxy }) },
      evidence,
    );
  };
  if (outcome === 'answered') return say(proxy === undefined ? 'pass' : 'proxy');
  if (outcome === 'no-tool' || outcome === 'unknown') return say(outcome);
  return say(proxy === undefined ? 'unanswered' : 'proxy-unanswered', reason(`curl-${outcome}`, { code, proxyStatus }));
}

function ms(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`;
}

/** `complete`: everything that was to be asked has been; otherwise nothing is ready. */
export function readyDocument(node: string, checks: readonly CheckDocument[], complete = true): ReadyDocument {
  const ready = complete && checks.every(({ status }) => status !== 'fail');
  return { schema: 1, node, ready, checks, findings: findingsOf(checks) };
}

/** What failed or warns: what it means, and the one next step. A registry that was not reached has one, at the first step that failed. */
function findingsOf(checks: readonly CheckDocument[]): readonly FindingDocument[] {
  const registries = new Set<string>();
  return checks.flatMap((check): readonly FindingDocument[] => {
    const { id, subject, status, args, docs } = check;
    const messageId = `readiness/${check.messageId}`;
    if ((status !== 'fail' && status !== 'warn') || docs === undefined) return [];
    const isWay = ['dns', 'tcp', 'registry-proxy', 'tls', 'registry-v2'].includes(id);
    if (isWay && registries.has(subject)) return [];
    if (isWay) registries.add(subject);
    const severity = status === 'fail' ? 'error' : 'warning';
    return [{ id, severity, message: render({ id: messageId, args }, readinessMessages), messageId, args, docs }];
  });
}

/** There was a table to read. */
function hasRoutes(output: ProbeOutput): boolean {
  return answered(output) && !(output.status === 'done' && output.exitCode === 3);
}

function answered({ status, stdout }: ProbeOutput): boolean {
  return status === 'done' || stdout !== '';
}
