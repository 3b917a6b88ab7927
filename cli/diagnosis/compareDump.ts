import { parse } from '@iarna/toml';
import type { CompareDump, Difference } from '../../core/diagnosis/diagnose';

/** Where releases print the registry settings: 2.x, then 1.x. */
const registryPlugins = ['io.containerd.cri.v1.images', 'io.containerd.grpc.v1.cri', 'cri'];

/** Registry settings as containerd itself prints them beside what our reading of the files came to. */
export const compareDump: CompareDump = (dump, { effective }) => {
  const settings = parsed(dump);
  if (settings === undefined) return 'unread';
  const registry = registryPlugins.map((plugin) => at(settings, ['plugins', plugin, 'registry'])).find(isTable);
  if (!effective || registry === undefined) return [];
  const printedPath = at(registry, ['config_path']);
  const mirrors = at(registry, ['mirrors']);
  // 2.2.2 and later fill in the usual folders when the plugin starts, which no dump shows.
  const samePath = printedPath === effective.configPath || typeof printedPath !== 'string' || printedPath === '';
  const printedMirrors = isTable(mirrors) ? Object.keys(mirrors) : [];
  return [
    ...(samePath ? [] : [difference('config_path', effective.configPath, printedPath)]),
    ...(sameNames(printedMirrors, effective.mirrors)
      ? []
      : [difference('registry.mirrors', effective.mirrors.join(', '), printedMirrors.join(', '))]),
  ];
};

function parsed(dump: string): unknown {
  try {
    return parse(dump);
  } catch {
    return undefined;
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (!isTable(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function difference(key: string, files: string, dump: string): Difference {
  return { key, files: files === '' ? 'nothing' : files, dump: dump === '' ? 'nothing' : dump };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join('\n') === [...b].sort().join('\n');
}
