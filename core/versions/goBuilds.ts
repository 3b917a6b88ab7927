import { compareVersions, lineOf, parseVersion, satisfies, type Version } from './versions';

/**
 * The Go line of upstream's own builds, by the first release that has it (.github/workflows/release.yml and its Dockerfile at each tag).
 */
const builds: readonly (readonly [first: string, go: string])[] = [
  ['1.5.0', '1.16'],
  ['1.5.11', '1.17'],
  ['1.5.14', '1.18'],
  ['1.5.18', '1.19'],
  ['1.6.0', '1.17'],
  ['1.6.9', '1.18'],
  ['1.6.16', '1.19'],
  ['1.6.24', '1.20'],
  ['1.6.29', '1.21'],
  ['1.6.36', '1.22'],
  ['1.6.38', '1.23'],
  ['1.7.0', '1.20'],
  ['1.7.14', '1.21'],
  ['1.7.21', '1.22'],
  ['1.7.26', '1.23'],
  ['1.7.29', '1.24'],
  ['1.7.31', '1.25'],
  ['2.0.0', '1.23'],
  ['2.0.7', '1.24'],
  ['2.0.11', '1.25'],
  ['2.1.0', '1.23'],
  ['2.1.5', '1.24'],
  ['2.1.7', '1.25'],
  ['2.2.0', '1.24'],
  ['2.2.2', '1.25'],
  ['2.3.0', '1.26'],
];

/**
 * Debian builds a release line with the Go of the suite that has it (bookworm, trixie, sid), as `ctr version` says there: 1.6.20~ds1 has
 * Go 1.19, 1.7.24~ds1 Go 1.24. Its 2.x call themselves `+unknown`: version/version.go as it stands in the source, and no release build.
 */
const debianBuilds: readonly (readonly [range: string, go: string])[] = [
  ['<1.7.0', '1.19'],
  ['>=1.7.0 <2.0.0', '1.24'],
  ['>=2.0.0', '1.27'],
];

/** The Go that a release was built with, upstream or by Debian; that of the newest known release for one that is newer. */
export function goOf(version: Version): string {
  if (isDebianBuild(version)) return debianBuilds.find(([range]) => satisfies(version, range))?.[1] ?? '';
  const known = builds.flatMap(([first, go]) => {
    const from = parseVersion(first);
    return from && lineOf(from) === lineOf(version) && compareVersions(from, version) <= 0 ? [go] : [];
  });
  return known.at(-1) ?? builds.at(-1)?.[1] ?? '';
}

/** `~ds1` (sources repacked by Debian), `+deb12u1`, `-1+deb12u3`, or 2.x without a version of its own. */
export function isDebianBuild({ major, build = '' }: Version): boolean {
  return /^~ds|\bdeb/.test(build) || (major >= 2 && build === '+unknown');
}
