import { proxyOf, proxySettings, shownProxy } from '../../go/proxy';
import type { ContainerdApi } from '../../probes/containerdApi';
import type { ContainerdProcess } from '../../probes/containerdProcess';
import type { Kubelet } from '../../probes/kubelet';
import type { UnitProxy } from '../../probes/unitProxy';
import type { CheckDocument } from '../../protocol/ready';
import type { Message } from '../../text/message';
import { checkOf } from './check';
import {
  accessKind,
  answeringKind,
  containerdRunningKind,
  criKind,
  deprecationKind,
  endpointKind,
  filesKind,
  providerKind,
  socketKind,
} from './containerdKinds';
import type { NodeConfiguration } from './configuration';
import { proxyKind } from './networkKinds';
import { reason } from './reasons';

/** What answers runs and listens, in whatever namespace its process and its socket are. */
export function withAnswer(process: ContainerdProcess, { answer, socket }: ContainerdApi): ContainerdProcess {
  if (answer !== 'answered') return process;
  return { ...process, sockets: process.sockets.map((one) => (one.path === socket ? { ...one, listening: true } : one)) };
}

/** A process that is hidden may run, so what is not seen only warns then; a socket nobody listens on is certain. */
export function processChecks(process: ContainerdProcess, known: boolean): readonly CheckDocument[] {
  const { pid, sockets, version, installed, asked } = process;
  const args = { pid: pid ?? 0, version: version === undefined ? '' : ` (${version})` };
  const listening = sockets.find((socket) => socket.listening !== false);
  const first = listening ?? sockets[0];
  const running = runningState(process, listening?.listening === true, known);
  const socket = !first ? 'none' : !listening ? 'stale' : listening.usable ? 'pass' : 'no-permission';
  return [
    ...(asked === undefined ? [] : [checkOf(accessKind, 'node', asked)]),
    checkOf(containerdRunningKind, 'containerd', running, args, version ?? (installed ? 'installed' : '')),
    checkOf(socketKind, first?.path ?? '', socket, { path: first?.path ?? '' }, sockets.map(({ path }) => path).join(', ')),
    ...(pid === undefined ? [] : [openFilesCheck(process)]),
  ];
}

function runningState(process: ContainerdProcess, listens: boolean, known: boolean): keyof typeof containerdRunningKind.outcomes {
  const { pid, replaced, installed, processes } = process;
  if (pid !== undefined) return replaced ? 'replaced' : 'pass';
  if (listens) return 'listening';
  if (!known) return 'unknown';
  if (processes === 'all') return installed ? 'stopped' : 'absent';
  return processes === 'elsewhere' ? 'elsewhere' : 'not-seen';
}

const manyFiles = 0.8;
const allFiles = 0.98;

function openFilesCheck({ openFiles, openFilesLimit }: ContainerdProcess): CheckDocument {
  const subject = 'containerd';
  if (openFiles === undefined) return checkOf(filesKind, subject, 'unknown');
  const share = openFilesLimit === undefined ? 0 : openFiles / openFilesLimit;
  const args = { open: openFiles, limit: openFilesLimit ?? reason('unlimited') };
  return checkOf(filesKind, subject, share > allFiles ? 'full' : share > manyFiles ? 'high' : 'pass', args, `${Math.round(share * 100)} %`);
}

export function apiChecks(api: ContainerdApi, { refused }: NodeConfiguration): readonly CheckDocument[] {
  const { socket = '', tool = '', answer, reason: words } = api;
  const why = reason(
    socket === '' ? 'no-socket' : answer === 'refused' ? 'root-only' : answer === 'silent' ? 'containerd-silent' : 'no-tool',
  );
  const key = answer === 'answered' ? 'pass' : answer === 'unasked' ? 'no-tool' : answer;
  const said = words === '' ? reason('no-answer') : words;
  return [
    ...(socket === '' ? [] : [checkOf(answeringKind, socket, key, { path: socket, tool, reason: said }, words)]),
    criCheck(api, why, refused),
    deprecationCheck(api, why),
  ];
}

function criCheck({ cri, logged, tool }: ContainerdApi, why: Message, refused: NodeConfiguration['refused']): CheckDocument {
  const docs = refused?.docs;
  const file = refused === undefined ? '' : reason('because-of', { path: refused.path });
  if (cri?.state === 'loaded') return checkOf(criKind, 'cri', 'loaded', {}, tool ?? '');
  if (cri?.state === 'failed') return checkOf(criKind, 'cri', 'failed', { error: cri.error || reason('no-reason'), file }, cri.error, docs);
  if (cri?.state === 'absent') return checkOf(criKind, 'cri', 'absent', {}, cri.error);
  if (logged === undefined) return checkOf(criKind, 'cri', 'unknown', { reason: why });
  const error = /error="((?:[^"\\]|\\.){1,1000})"/.exec(logged)?.[1]?.replaceAll('\\"', '"') ?? logged;
  return checkOf(criKind, 'cri', 'logged', { error }, logged, docs);
}

function deprecationCheck({ deprecations, answer }: ContainerdApi, why: Message): CheckDocument {
  if (deprecations === undefined)
    return checkOf(deprecationKind, 'containerd', 'unknown', { reason: answer === 'answered' ? reason('old-ctr') : why });
  const [first] = deprecations;
  if (!first) return checkOf(deprecationKind, 'containerd', 'pass');
  const ids = deprecations.map(({ id }) => id.replace(/^.*\//, '')).join(', ');
  const messages = deprecations.map(({ message }) => message).join(' ');
  const isRegistry = deprecations.some(({ id }) => id.includes('/cri-registry-'));
  return checkOf(
    deprecationKind,
    'containerd',
    'warned',
    { ids, messages },
    messages,
    isRegistry ? undefined : 'errors/config.ignored-setting',
  );
}

/** How it was started; and of each registry that is asked whether that was through a proxy. */
export function proxyChecks(proxy: UnitProxy, { pid, processes }: ContainerdProcess, urls: readonly string[]): readonly CheckDocument[] {
  const settings = proxySettings(proxy.variables);
  const isAbsent = pid === undefined && processes !== 'hidden';
  return [
    startedCheck(proxy, isAbsent),
    ...urls.flatMap((url) => {
      if (proxy.source === undefined) return isAbsent ? [] : [checkOf(proxyKind, url, 'direct', { url })];
      const through = proxyOf(settings, url);
      return through ? [checkOf(proxyKind, url, 'through', { url, proxy: shownProxy(through) })] : [];
    }),
  ];
}

function startedCheck({ source, variables }: UnitProxy, isAbsent: boolean): CheckDocument {
  const list = [...variables].map(([name, value]) => `${name}=${value}`).join(' ');
  if (source === undefined) return checkOf(proxyKind, 'containerd', isAbsent ? 'not-running' : 'unknown');
  const from = source === 'process' ? '/proc/PID/environ' : 'systemctl show containerd';
  return variables.size === 0
    ? checkOf(proxyKind, 'containerd', 'none', {}, from)
    : checkOf(proxyKind, 'containerd', 'set', { variables: list }, `${from}: ${list}`);
}

export function kubeletChecks(kubelet: Kubelet, { sockets }: ContainerdProcess): readonly CheckDocument[] {
  return [endpointCheck(kubelet, sockets), ...(kubelet.running ? [providerCheck(kubelet)] : [])];
}

function endpointCheck({ running, endpoint }: Kubelet, sockets: ContainerdProcess['sockets']): CheckDocument {
  if (!running) return checkOf(endpointKind, 'kubelet', 'none');
  if (endpoint === undefined) return checkOf(endpointKind, 'kubelet', 'unset');
  const short = (path: string) => path.replace(/^\/var\/run\//, '/run/');
  const own = sockets.find(({ path }) => short(path) === short(endpoint));
  const list = sockets.map(({ path }) => path).join(', ');
  const key = own ? (own.listening === false ? 'stale' : 'pass') : 'other';
  return checkOf(endpointKind, 'kubelet', key, { endpoint, sockets: list === '' ? reason('none') : list }, endpoint);
}

function providerCheck({ providerConfig, providerFolder, providers, providersRead }: Kubelet): CheckDocument {
  const args = { config: providerConfig ?? '', folder: providerFolder ?? '' };
  if (providerConfig === undefined) return checkOf(providerKind, 'kubelet', 'none');
  if (!providersRead) return checkOf(providerKind, 'kubelet', 'unread', args);
  const lost = providers.filter(({ there }) => !there);
  const names = (lost.length > 0 ? lost : providers).map(({ name }) => name).join(', ');
  return checkOf(
    providerKind,
    'kubelet',
    lost.length > 0 ? 'missing' : 'pass',
    { ...args, providers: names || reason('no-provider') },
    providerConfig,
  );
}
