import { hostOfReference } from './captures';

/** What a log says of its pulls: each begin with its end. */
export interface PullSummary {
  readonly succeeded: number;
  readonly failed: number;
  /** Begun, and neither ended nor begun again until the end of the log. */
  readonly unfinished: number;
  /** Slowest first. */
  readonly registries: readonly RegistryPulls[];
  /** Longest first, at most five. */
  readonly slowest: readonly TimedPull[];
}

export interface RegistryPulls {
  readonly host: string;
  readonly pulls: number;
  readonly failed: number;
  /** Over the pulls whose duration is known; null when none is. */
  readonly meanSeconds: number | null;
  readonly maxSeconds: number | null;
}

export interface TimedPull {
  readonly reference: string;
  readonly seconds: number;
  readonly failed: boolean;
  readonly line: number;
}

export interface Pulls {
  note(event: PullEvent, line: number, time: number): void;
  /** Seconds since the pull of a reference (or digest) began, where that is known. */
  secondsSince(reference: string, time: number): number | null;
  summary(): PullSummary;
}

export interface PullEvent {
  readonly kind: 'begin' | 'success' | 'failure';
  readonly reference: string;
  /** As the end itself says it. */
  readonly seconds: number | null;
}

/** More pulls at once, or registries, no node has; what is older is forgotten, so that a stream never fills the memory. */
const MAX_OPEN = 1000;
const MAX_HOSTS = 200;
const MAX_SLOWEST = 5;

interface Tally {
  pulls: number;
  failed: number;
  timed: number;
  total: number;
  max: number;
}

export function pullsOfLog(): Pulls {
  const began = new Map<string, { readonly time: number; readonly line: number }>();
  const hosts = new Map<string, Tally>();
  let slowest: TimedPull[] = [];
  let succeeded = 0;
  let failed = 0;

  const tallyOf = (host: string): Tally => {
    const key = hosts.has(host) || hosts.size < MAX_HOSTS ? host : 'others';
    const tally = hosts.get(key) ?? { pulls: 0, failed: 0, timed: 0, total: 0, max: 0 };
    hosts.set(key, tally);
    return tally;
  };

  const end = ({ kind, reference, seconds }: PullEvent, line: number, time: number): void => {
    const key = normalized(reference);
    const begin = began.get(key);
    // kubelet repeats what containerd said; without a begin of its own it is the same pull.
    if (begin === undefined && seconds === null) return;
    began.delete(key);
    const took = seconds ?? secondsBetween(begin?.time ?? NaN, time);
    const tally = tallyOf(hostOfReference(key));
    tally.pulls += 1;
    if (kind === 'failure') {
      failed += 1;
      tally.failed += 1;
    } else succeeded += 1;
    if (took === null) return;
    tally.timed += 1;
    tally.total += took;
    tally.max = Math.max(tally.max, took);
    slowest = [...slowest, { reference: key, seconds: took, failed: kind === 'failure', line: begin?.line ?? line }]
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, MAX_SLOWEST);
  };

  return {
    note: (event, line, time) => {
      if (event.kind !== 'begin') {
        end(event, line, time);
        return;
      }
      const key = normalized(event.reference);
      if (began.size >= MAX_OPEN) began.delete(began.keys().next().value ?? '');
      if (!began.has(key)) began.set(key, { time, line });
    },
    secondsSince: (reference, time) => secondsBetween(began.get(normalized(reference))?.time ?? NaN, time),
    summary: () => ({ succeeded, failed, unfinished: began.size, registries: registriesOf(hosts), slowest }),
  };
}

function registriesOf(hosts: ReadonlyMap<string, Tally>): readonly RegistryPulls[] {
  return [...hosts]
    .map(([host, { pulls, failed, timed, total, max }]) => ({
      host,
      pulls,
      failed,
      meanSeconds: timed === 0 ? null : rounded(total / timed),
      maxSeconds: timed === 0 ? null : rounded(max),
    }))
    .sort((a, b) => (b.meanSeconds ?? -1) - (a.meanSeconds ?? -1) || b.pulls - a.pulls);
}

/** What containerd's CRI plugin (`internal/cri/server/images/image_pull.go`), kubelet and CRI-O say when a pull begins and ends. */
const events: readonly (readonly [PullEvent['kind'], RegExp])[] = [
  ['failure', /\bPullImage \\*"([^"\\\s]+)\\*" failed/],
  ['success', /\bPullImage \\*"([^"\\\s]+)\\*" returns image reference/],
  ['begin', /\bPullImage \\*"([^"\\\s]+)\\*"/],
  ['success', /\bPulled image \\*"([^"\\\s]+)\\*" with image id .{0,1500} in (\d[\d.hmsµ]*)/],
  ['success', /\bSuccessfully pulled image \\*"([^"\\\s]+)\\*" in (\d[\d.hmsµ]*)/],
  ['failure', /\bFailed to pull image \\*"([^"\\\s]+)\\*":/],
  ['begin', /\b[Pp]ulling image:? \\*"?([^"\\\s]{1,400})/],
  ['success', /\bPulled image: (\S+)/],
];

export function pullEventOf(text: string): PullEvent | null {
  if (!/[Pp]ull(?:Image|ed image|ing image| image)/.test(text)) return null;
  for (const [kind, pattern] of events) {
    const match = pattern.exec(text);
    if (match?.[1] !== undefined) return { kind, reference: match[1], seconds: match[2] === undefined ? null : secondsOf(match[2]) };
  }
  return null;
}

/** Go's time.Duration as it prints itself: `1m36.48s`, `812.4ms`. */
function secondsOf(duration: string): number | null {
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001, µs: 1e-6 };
  let total = 0;
  for (const [, number, unit] of duration.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|µs|[hms])/g))
    total += Number(number) * (units[unit ?? ''] ?? 0);
  return total === 0 ? null : total;
}

function secondsBetween(from: number, to: number): number | null {
  return Number.isNaN(from) || Number.isNaN(to) || to < from ? null : (to - from) / 1000;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** `nginx:1` and `docker.io/library/nginx:1` are one image: kubelet says it as the pod does, containerd in full. */
function normalized(reference: string): string {
  if (hostOfReference(reference) !== 'docker.io') return reference;
  const name = reference.startsWith('docker.io/') ? reference.slice('docker.io/'.length) : reference;
  return `docker.io/${name.includes('/') ? name : `library/${name}`}`;
}
