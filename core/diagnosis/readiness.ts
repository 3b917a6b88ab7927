/** Is a node ready to pull: what was observed on it, judged check by check. */
import { addressesProbe, type Addresses, type Address } from '../probes/addresses';
import { clockProbe } from '../probes/clock';
import { containerdProbe, type ContainerdProcess } from '../probes/containerdProcess';
import { defaultRouteProbe } from '../probes/defaultRoute';
import { diskProbe, type Disk } from '../probes/disk';
import { interfacesProbe, isLoopback, isRunning, isUp, type NetworkInterface } from '../probes/interfaces';
import { kernelProbe } from '../probes/kernel';
import type { ProbeOutput } from '../probes/probe';
import { resolverProbe } from '../probes/resolver';
import type { CheckDocument, CheckStatus, ReadyDocument } from '../protocol';
import { render, type MessageArgs } from '../text/message';
import { readinessMessages } from './readinessMessages';
import type { StagedProbe } from './stage';

const probes = [
  interfacesProbe,
  addressesProbe,
  defaultRouteProbe,
  resolverProbe,
  containerdProbe,
  diskProbe,
  clockProbe,
  kernelProbe,
] as const;

export function readinessProbes(): readonly StagedProbe[] {
  return probes.map((probe) => ({ id: probe.id, timeoutMs: probe.timeoutMs, script: probe.script() }));
}

export interface NodeEvidence {
  /** Answers by probe id; see stage.ts. */
  readonly outputs: ReadonlyMap<string, ProbeOutput>;
  /** Interfaces named by the person; without any, those of the default route are looked at. */
  readonly interfaces: readonly string[];
  /** Our clock when the node was asked. */
  readonly nowMs: number;
}

export function nodeChecks({ outputs, interfaces, nowMs }: NodeEvidence): readonly CheckDocument[] {
  const output = (id: string): ProbeOutput => outputs.get(id) ?? { status: 'missing', stdout: '', stderr: '' };
  const known = interfacesProbe.parse(output(interfacesProbe.id));
  const addresses = addressesProbe.parse(output(addressesProbe.id));
  const routes = output(defaultRouteProbe.id);
  const over = [...new Set(defaultRouteProbe.parse(routes).map((route) => route.interface))];
  const subjects = interfaces.length > 0 ? [...new Set(interfaces)] : over;
  return [
    ...subjects.flatMap((name) => interfaceChecks(name, known, addresses)),
    routeCheck(over, answered(routes)),
    resolverCheck(output(resolverProbe.id)),
    ...containerdChecks(containerdProbe.parse(output(containerdProbe.id)), answered(output(containerdProbe.id))),
    ...diskChecks(diskProbe.parse(output(diskProbe.id))),
    clockCheck(output(clockProbe.id), nowMs),
    kernelCheck(output(kernelProbe.id)),
  ];
}

export function readyDocument(node: string, checks: readonly CheckDocument[]): ReadyDocument {
  return { schema: 1, node, ready: checks.every(({ status }) => status !== 'fail'), checks, findings: [] };
}

/** `key` names the text `<id>/<key>` of readinessMessages. */
export function check(id: string, subject: string, status: CheckStatus, key: string, args: MessageArgs, evidence: string): CheckDocument {
  const messageId = key === 'after' ? 'check/skip' : `${id}/${key}`;
  return { id, subject, status, message: render({ id: messageId, args }, readinessMessages), messageId, args, evidence };
}

function answered({ status, stdout }: ProbeOutput): boolean {
  return status === 'done' || stdout !== '';
}

/**
 * As isEthReady of people who pull over interfaces attached at run time: not loopback, up, running, and with an address that is no
 * loopback one. Go counts a link-local address; here it is a warning.
 */
function interfaceChecks(name: string, known: readonly NetworkInterface[], addresses: Addresses): readonly CheckDocument[] {
  const found = known.find((one) => one.name === name);
  const own = addresses.byInterface.get(name) ?? [];
  return [
    runningCheck(name, found, known, own),
    found || own.length > 0 ? addressCheck(name, own, addresses.unattributed) : missingAddress(name),
  ];
}

function runningCheck(
  name: string,
  found: NetworkInterface | undefined,
  known: readonly NetworkInterface[],
  own: readonly Address[],
): CheckDocument {
  const say = (status: CheckStatus, key: string, args: MessageArgs, evidence: string) =>
    check('interface-running', name, status, key, { interface: name, ...args }, evidence);
  if (!found) {
    if (own.length > 0) return say('warn', 'unknown', {}, 'it is not under /sys/class/net, but has addresses');
    const others = known.map((one) => one.name).join(', ');
    return say('fail', 'missing', { others: others === '' ? 'none to be seen' : others }, `/sys/class/net: ${others}`);
  }
  const evidence = `flags 0x${(found.flags ?? 0).toString(16)}, operstate ${found.operstate || '?'}, carrier ${found.carrier ?? '?'}`;
  if (isLoopback(found)) return say('fail', 'loopback', {}, evidence);
  if (found.flags === undefined && found.operstate === '') return say('fail', 'unknown', {}, evidence);
  if (!isUp(found)) return say('fail', 'down', {}, evidence);
  return isRunning(found)
    ? say('pass', 'pass', {}, evidence)
    : say('fail', 'not-running', { operstate: found.operstate || 'unknown' }, evidence);
}

function addressCheck(name: string, own: readonly Address[], unattributed: readonly Address[]): CheckDocument {
  const list = (some: readonly Address[]) => some.map(({ address, pending }) => (pending ? `${address} (${pending})` : address)).join(', ');
  const say = (status: CheckStatus, key: string, some: readonly Address[]) =>
    check('interface-address', name, status, key, { interface: name, addresses: list(some) }, list(own));
  const routable = own.filter(({ scope }) => scope !== 'loopback');
  const usable = routable.filter(({ pending }) => pending === undefined);
  const global = usable.filter(({ scope }) => scope === 'global');
  if (global.length > 0) return say('pass', 'pass', global);
  if (usable.length > 0) return say('warn', 'link-local', usable);
  if (routable.length > 0) return say('fail', 'pending', routable);
  if (own.length > 0) return say('fail', 'loopback', own);
  const elsewhere = unattributed.filter(({ scope }) => scope === 'global');
  return elsewhere.length > 0 ? say('warn', 'unattributed', elsewhere) : say('fail', 'none', []);
}

function missingAddress(name: string): CheckDocument {
  return check('interface-address', name, 'skip', 'skip', { interface: name }, '');
}

function routeCheck(over: readonly string[], known: boolean): CheckDocument {
  const interfaces = over.join(', ');
  if (over.length > 0) return check('default-route', interfaces, 'pass', 'pass', { interfaces }, interfaces);
  return known ? check('default-route', '', 'warn', 'none', {}, '') : check('default-route', '', 'skip', 'unknown', {}, '');
}

function resolverCheck(output: ProbeOutput): CheckDocument {
  const { readable, nameservers, search } = resolverProbe.parse(output);
  const servers = nameservers.join(', ');
  const evidence = [servers, ...(search.length > 0 ? [`search ${search.join(' ')}`] : [])].join('; ');
  const file = '/etc/resolv.conf';
  if (!readable) return check('resolver', file, 'warn', 'unreadable', {}, '');
  return nameservers.length > 0
    ? check('resolver', file, 'pass', 'pass', { servers }, evidence)
    : check('resolver', file, 'warn', 'none', {}, evidence);
}

/** A process can be hidden (hidepid, another PID namespace), so what is not seen only warns; a socket nobody listens on is certain. */
function containerdChecks({ pid, sockets, version, installed }: ContainerdProcess, known: boolean): readonly CheckDocument[] {
  const args = { pid: pid ?? 0, version: version === undefined ? '' : ` (${version})` };
  const running = (status: CheckStatus, key: string) =>
    check('containerd-running', 'containerd', status, key, args, version ?? (installed ? 'installed' : ''));
  const listening = sockets.find((socket) => socket.listening !== false);
  const first = listening ?? sockets[0];
  const socket = (status: CheckStatus, key: string) =>
    check('containerd-socket', first?.path ?? '', status, key, { path: first?.path ?? '' }, sockets.map(({ path }) => path).join(', '));
  return [
    pid !== undefined
      ? running('pass', 'pass')
      : listening?.listening
        ? running('pass', 'listening')
        : known
          ? running('warn', 'not-seen')
          : running('skip', 'unknown'),
    !first
      ? socket('skip', 'none')
      : !listening
        ? socket('fail', 'stale')
        : socket(listening.usable ? 'pass' : 'warn', listening.usable ? 'pass' : 'no-permission'),
  ];
}

/** imagefs.available of the kubelet's defaults, and what is too little for any image. */
const lowSpace = 0.15;
const noSpaceKb = 64 * 1024;
const lowInodes = 0.05;
const noInodes = 1000;

function diskChecks({ path, totalKb, freeKb, totalInodes, freeInodes }: Disk): readonly CheckDocument[] {
  return [
    freeKb === undefined || totalKb === undefined
      ? check('disk-space', path, 'skip', 'unknown', { path }, '')
      : level('disk-space', path, freeKb, totalKb, noSpaceKb, lowSpace, size),
    freeInodes === undefined || totalInodes === undefined
      ? check('disk-inodes', path, 'skip', 'unknown', { path }, '')
      : level('disk-inodes', path, freeInodes, totalInodes, noInodes, lowInodes, String),
  ];
}

function level(
  id: string,
  path: string,
  free: number,
  total: number,
  none: number,
  low: number,
  show: (value: number) => string,
): CheckDocument {
  const [status, key]: readonly [CheckStatus, string] =
    free < none ? ['fail', 'full'] : free / total < low ? ['warn', 'low'] : ['pass', 'pass'];
  return check(id, path, status, key, { path, free: show(free), total: show(total) }, `${show(free)} of ${show(total)} free`);
}

function size(kb: number): string {
  return kb < 1024 * 1024 ? `${Math.round(kb / 1024)} MiB` : `${(kb / 1024 / 1024).toFixed(1)} GiB`;
}

/** Registries' tokens live for minutes; a minute is more than the asking takes. */
const clockToleranceS = 60;

function clockCheck(output: ProbeOutput, nowMs: number): CheckDocument {
  const { seconds, synchronized } = clockProbe.parse(output);
  if (seconds === undefined) return check('clock', 'clock', 'skip', 'unknown', {}, '');
  const off = Math.round(seconds - nowMs / 1000);
  const evidence = `${new Date(seconds * 1000).toISOString()}, ${off} s off${synchronized === undefined ? '' : synchronized ? ', synchronized' : ', not synchronized'}`;
  if (Math.abs(off) > clockToleranceS) return check('clock', 'clock', 'warn', 'off', { seconds: off }, evidence);
  return synchronized === false
    ? check('clock', 'clock', 'warn', 'unsynchronized', {}, evidence)
    : check('clock', 'clock', 'pass', 'pass', {}, evidence);
}

function kernelCheck(output: ProbeOutput): CheckDocument {
  const { release, overlay } = kernelProbe.parse(output);
  const args = { release: release ?? '?' };
  return check('kernel-overlay', 'overlay', overlay ? 'pass' : 'warn', overlay ? 'pass' : 'missing', args, `Linux ${args.release}`);
}
