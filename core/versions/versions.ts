/** A containerd release. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** What follows the numbers, with its sign: `~ds1`, `-rc.1`, `+unknown`. A distribution's build is told by it. */
  readonly build?: string;
}

/** One release line: its newest known patch, and the highest config.toml `version` it reads. */
export interface ReleaseLine {
  readonly line: string;
  readonly newest: Version;
  readonly maxConfigVersion: number;
}

const v = (major: number, minor: number, patch: number): Version => ({ major, minor, patch });

/** The newest patch of each line that the facts were read from (snapshot of 2026-08-22). */
export const releaseLines: readonly ReleaseLine[] = [
  { line: '1.5', newest: v(1, 5, 18), maxConfigVersion: 2 },
  { line: '1.6', newest: v(1, 6, 39), maxConfigVersion: 2 },
  { line: '1.7', newest: v(1, 7, 34), maxConfigVersion: 2 },
  { line: '2.0', newest: v(2, 0, 11), maxConfigVersion: 3 },
  { line: '2.1', newest: v(2, 1, 9), maxConfigVersion: 3 },
  { line: '2.2', newest: v(2, 2, 7), maxConfigVersion: 3 },
  { line: '2.3', newest: v(2, 3, 4), maxConfigVersion: 4 },
];

export const newestVersion: Version = v(2, 3, 4);

/**
 * Reads `1.7`, `v2.1.9`, `1.7.24~ds1-2`, `2.0.0-rc.1`. A line without a patch means its newest known one; an unknown line with a
 * patch is taken as it is. What follows the numbers counts in no comparison. Undefined when it is no version.
 */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?([-+~].*)?$/.exec(text.trim());
  if (!match) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const build = match[4] === undefined ? {} : { build: match[4] };
  if (match[3] !== undefined) return { ...v(major, minor, Number(match[3])), ...build };
  const newest = releaseLines.find(({ line }) => line === `${major}.${minor}`)?.newest;
  return newest && { ...newest, ...build };
}

export function formatVersion({ major, minor, patch }: Version): string {
  return `${major}.${minor}.${patch}`;
}

/** `1.7` of 1.7.34. */
export function lineOf({ major, minor }: Version): string {
  return `${major}.${minor}`;
}

export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/**
 * A set of releases: comparisons joined by spaces (and) and `||` (or), as `>=1.6.25 <1.7.0 || >=1.7.8`. Versions in it are exact,
 * so a back-port is written out.
 */
export type VersionRange = string;

export function satisfies(version: Version, range: VersionRange): boolean {
  return alternativesOf(range).some((all) => all.every(({ operator, than }) => holds(operator, compareVersions(version, than))));
}

interface Comparison {
  readonly operator: string;
  readonly than: Version;
}

/** Ranges are written in code and asked over and over (the schema of a config.toml, at every edit): each is read once. */
const readRanges = new Map<VersionRange, readonly (readonly Comparison[])[]>();

function alternativesOf(range: VersionRange): readonly (readonly Comparison[])[] {
  const known = readRanges.get(range);
  if (known) return known;
  const read = range.split('||').map((all) =>
    all
      .trim()
      .split(/\s+/)
      .flatMap((one) => comparisonOf(one)),
  );
  readRanges.set(range, read);
  return read;
}

function comparisonOf(comparison: string): readonly Comparison[] {
  if (comparison === '*') return [];
  const match = /^(>=|<=|[><=])?(\d+)\.(\d+)\.(\d+)$/.exec(comparison);
  if (!match) throw new Error(`not a version range: ${comparison}`);
  return [{ operator: match[1] ?? '=', than: v(Number(match[2]), Number(match[3]), Number(match[4])) }];
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    default:
      return order === 0;
  }
}
