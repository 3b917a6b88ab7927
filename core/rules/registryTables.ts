import { closest } from '../text/closest';
import { criTables } from '../config/criProblems';
import { entriesAt, settingAt, type Setting, type Settings } from '../config/settings';
import type { ConfigContext } from './rule';

/** The registry settings in effect, all files together. */
export function registryTable({ file, version }: ConfigContext): Settings {
  return entriesAt(criTables(file.settings.plugins, version, file.configVersion).images, ['registry'], version);
}

/** Entries of `mirrors`, `configs` or `auths` that stand in this very file. */
export function registryEntries(context: ConfigContext, table: 'mirrors' | 'configs' | 'auths'): readonly Setting[] {
  return [...entriesAt(registryTable(context), [table], context.version).values()].filter(({ source }) => source === context.path);
}

export function inside(setting: Setting, path: readonly string[], { version }: ConfigContext): Setting | undefined {
  return settingAt(setting.entries ?? new Map<string, Setting>(), path, version);
}

/** The addresses of a mirror, each with its place. */
export function endpointsOf(
  mirror: Setting,
  context: ConfigContext,
): readonly { readonly url: string; readonly range: Setting['key']['range'] }[] {
  const value = inside(mirror, ['endpoint'], context)?.value;
  if (value?.kind !== 'array') return [];
  return value.items.flatMap((item) => (item.kind === 'string' ? [{ url: item.value, range: item.range }] : []));
}

/** Names that people give to Docker Hub. In a reference it is always docker.io. */
export const dockerHubNames: ReadonlySet<string> = new Set([
  'hub.docker.com',
  'registry-1.docker.io',
  'index.docker.io',
  'registry.hub.docker.com',
  'docker.com',
  'www.docker.com',
]);

/** `host[:port]` of what someone wrote as a URL. */
export function hostOf(text: string): string {
  const rest = text.slice(text.indexOf('://') < 0 ? 0 : text.indexOf('://') + 3);
  return rest.split('/')[0] ?? '';
}

const wellKnown: readonly string[] = [
  'docker.io',
  'registry-1.docker.io',
  'registry.k8s.io',
  'k8s.gcr.io',
  'gcr.io',
  'ghcr.io',
  'quay.io',
  'mcr.microsoft.com',
  'public.ecr.aws',
  'registry.gitlab.com',
  'nvcr.io',
];

/** Whether a host is a registry that everybody uses, whose certificate every machine trusts. */
export function isWellKnown(host: string): boolean {
  return wellKnown.includes(host.toLowerCase().replace(/:443$/, ''));
}

/** The public registry whose name a host was probably meant to be: one letter off, or its ending written twice. */
export function misspeltRegistry(host: string): string | undefined {
  if (wellKnown.includes(host)) return undefined;
  const twice = wellKnown.find((known) => host === `${known}.${known.split('.').at(-1) ?? ''}`);
  if (twice !== undefined) return twice;
  const near = closest(
    host,
    wellKnown.filter((known) => known.length > 7),
  );
  return near?.length === host.length || near === undefined || Math.abs(near.length - host.length) === 1 ? near : undefined;
}
