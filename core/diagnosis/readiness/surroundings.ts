import { clockProbe } from '../../probes/clock';
import { kernelProbe } from '../../probes/kernel';
import type { Pressure } from '../../probes/pressure';
import type { ProbeOutput } from '../../probes/probe';
import type { Folder } from '../../probes/storage';
import type { CheckDocument } from '../../protocol/ready';
import { checkOf } from './check';
import { reason } from './reasons';
import { clockKind, inodesKind, overlayKind, pressureKind, registryClockKind, spaceKind, writableKind } from './surroundingsKinds';

/** What is too little: for any image below root; for a socket, a shim's files or a blob's temporary file elsewhere. */
interface Needs {
  readonly noSpaceKb: number;
  readonly lowSpace: number;
  readonly noInodes: number;
}
/** lowSpace of root is imagefs.available of the kubelet's defaults. */
const rootNeeds: Needs = { noSpaceKb: 64 * 1024, lowSpace: 0.15, noInodes: 1000 };
const otherNeeds: Needs = { noSpaceKb: 1024, lowSpace: 0.05, noInodes: 16 };
const lowInodes = 0.05;

/** Folders on one mount share its space: it is told once. */
export function storageChecks(folders: readonly Folder[]): readonly CheckDocument[] {
  if (folders.length === 0) return [checkOf(spaceKind, 'containerd', 'unknown'), checkOf(inodesKind, 'containerd', 'unknown')];
  const told = new Set<string>();
  return folders.flatMap((folder) => {
    const place = folder.mount ?? folder.at;
    const isNew = !told.has(place);
    told.add(place);
    return [...(isNew ? amountChecks(folder) : []), ...(isNew || folder.name === 'root' ? [writableCheck(folder)] : [])];
  });
}

function amountChecks({ name, at: path, totalKb, freeKb, totalInodes, freeInodes }: Folder): readonly CheckDocument[] {
  const { noSpaceKb, lowSpace, noInodes } = name === 'root' ? rootNeeds : otherNeeds;
  const level = (free: number, total: number, none: number, low: number) => (free < none ? 'full' : free / total < low ? 'low' : 'pass');
  const args = (free: string, total: string) => ({ path, free, total });
  return [
    freeKb === undefined || totalKb === undefined
      ? checkOf(spaceKind, path, 'unknown', { path })
      : checkOf(
          spaceKind,
          path,
          level(freeKb, totalKb, noSpaceKb, lowSpace),
          args(size(freeKb), size(totalKb)),
          `${name}: ${size(freeKb)} of ${size(totalKb)} free`,
        ),
    freeInodes === undefined || totalInodes === undefined
      ? checkOf(inodesKind, path, 'unknown', { path })
      : checkOf(
          inodesKind,
          path,
          level(freeInodes, totalInodes, noInodes, lowInodes),
          args(String(freeInodes), String(totalInodes)),
          `${name}: ${freeInodes} of ${totalInodes} free`,
        ),
  ];
}

function writableCheck({ at: path, mount, readOnly }: Folder): CheckDocument {
  const key = readOnly === undefined ? 'unknown' : readOnly ? 'read-only' : 'pass';
  return checkOf(writableKind, path, key, { path, mount: mount ?? '' }, mount === undefined ? '' : `${mount}: ${readOnly ? 'ro' : 'rw'}`);
}

function size(kb: number): string {
  return kb < 1024 * 1024 ? `${Math.round(kb / 1024)} MiB` : `${(kb / 1024 / 1024).toFixed(1)} GiB`;
}

/** Registries' tokens live for minutes; a minute is more than the asking takes. */
const clockToleranceS = 60;

export function clockCheck(output: ProbeOutput, nowMs: number): CheckDocument {
  const { seconds, synchronized } = clockProbe.parse(output);
  if (seconds === undefined) return checkOf(clockKind, 'clock', 'unknown');
  const off = Math.round(seconds - nowMs / 1000);
  const state = synchronized === undefined ? '' : synchronized ? ', synchronized' : ', not synchronized';
  const evidence = `${new Date(seconds * 1000).toISOString()}, ${off} s off${state}`;
  if (Math.abs(off) > clockToleranceS) return checkOf(clockKind, 'clock', 'off', { seconds: off }, evidence);
  return checkOf(clockKind, 'clock', synchronized === false ? 'unsynchronized' : 'pass', {}, evidence);
}

/** Seconds that the node is ahead of us; undefined where it has no `date`. */
export function clockOffset(output: ProbeOutput, nowMs: number): number | undefined {
  const { seconds } = clockProbe.parse(output);
  return seconds === undefined ? undefined : seconds - nowMs / 1000;
}

/** Both clocks against ours: `registryOffsetS` is that of the answer's Date header when it came. */
export function registryClockCheck(registry: string, host: string, nodeOffsetS: number, registryOffsetS: number): CheckDocument {
  const seconds = Math.round(nodeOffsetS - registryOffsetS);
  const key = Math.abs(seconds) > clockToleranceS ? 'off' : 'pass';
  return checkOf(registryClockKind, registry, key, { host, seconds }, `${seconds} s`);
}

export function kernelCheck(output: ProbeOutput): CheckDocument {
  const { release, overlay } = kernelProbe.parse(output);
  const args = { release: release ?? '?' };
  return checkOf(overlayKind, 'overlay', overlay ? 'pass' : 'missing', args, `Linux ${args.release}`);
}

export function pressureCheck(pressures: readonly Pressure[]): CheckDocument {
  if (pressures.length === 0) return checkOf(pressureKind, 'node', 'unknown');
  const evidence = pressures.map(({ resource, some, full }) => `${resource} some ${some} % full ${full ?? '-'} %`).join(', ');
  const limits = { memory: 10, io: 40, cpu: 80 } as const;
  for (const resource of ['memory', 'io', 'cpu'] as const) {
    const found = pressures.find((one) => one.resource === resource);
    const percent = (resource === 'cpu' ? found?.some : found?.full) ?? 0;
    if (percent >= limits[resource]) return checkOf(pressureKind, 'node', 'high', { percent, resource: reason(resource) }, evidence);
  }
  return checkOf(pressureKind, 'node', 'pass', {}, evidence);
}
