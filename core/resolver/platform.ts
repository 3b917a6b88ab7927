/** github.com/containerd/platforms: which manifest of an index a platform takes. */
import type { Platform } from './machine';

/**
 * Matcher of platforms.Only: the position in the vector of what this platform runs, best first; -1 when it cannot. Without a system it is
 * for that of containerd (normalizeOS).
 */
export function platformRank(wanted: Platform, offered: Platform): number {
  const [runs, candidate] = [platformVector(normalize(wanted)), normalize({ ...offered, os: offered.os === '' ? wanted.os : offered.os })];
  return runs.findIndex(
    (one) => one.os === candidate.os && one.architecture === candidate.architecture && (one.variant ?? '') === (candidate.variant ?? ''),
  );
}

/** platforms.Parse for `os/arch[/variant]`; undefined when it is none. */
export function parsePlatform(text: string): Platform | undefined {
  const match = /^([\w-]+)\/([\w-]+)(?:\/([\w.-]+))?$/.exec(text);
  if (!match) return undefined;
  const [, os = '', architecture = '', variant] = match;
  return normalize({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}

/** platforms.Normalize. */
export function normalize({ os, architecture, variant = '' }: Platform): Platform {
  const name = os.toLowerCase() === 'macos' ? 'darwin' : os.toLowerCase();
  const [arch, kind] = normalizeArch(architecture.toLowerCase(), variant.toLowerCase());
  return { os: name, architecture: arch, ...(kind === '' ? {} : { variant: kind }) };
}

function normalizeArch(arch: string, variant: string): [string, string] {
  switch (arch) {
    case 'i386':
      return ['386', ''];
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return ['amd64', variant === 'v1' ? '' : variant];
    case 'aarch64':
    case 'arm64':
      return ['arm64', variant === '8' || variant === 'v8' ? '' : variant];
    case 'armhf':
      return ['arm', 'v7'];
    case 'armel':
      return ['arm', 'v6'];
    case 'arm':
      return ['arm', variant === '' || variant === '7' ? 'v7' : variant.replace(/^([568])$/, 'v$1')];
    default:
      return [arch, variant];
  }
}

function platformVector(platform: Platform): readonly Platform[] {
  const { os, architecture, variant } = platform;
  const older = (arch: string, from: number, to: number): Platform[] =>
    Array.from({ length: Math.max(0, from - to + 1) }, (_, i) => normalize({ os, architecture: arch, variant: `v${from - i}` }));
  const level = Number(/^v(\d+)$/.exec(variant ?? '')?.[1] ?? '0');
  switch (architecture) {
    case 'amd64':
      return [platform, ...older('amd64', level - 1, 1), { os, architecture: '386' }];
    case 'arm':
      return [platform, ...older('arm', level - 1, 5)];
    case 'arm64':
      return [platform, ...(variant === undefined ? [] : [{ os, architecture }]), ...older('arm', 8, 5)];
    default:
      return [platform];
  }
}
