/** Why containerd does not know a key: a typo, the wrong table, another release, or a key that was never containerd's. */
import { printKeyPath } from '../toml/lookup';
import { configChildren, configKey, configKeysNamed, everKey, type ConfigKey } from '../schema/schema';
import { cri, criImages, criRuntime, placeInVersion3 } from '../schema/migration';
import { closest } from '../text/closest';
import { satisfies, type Version } from '../versions/versions';
import type { ConfigProblem } from './configFile';
import { dotted, type Setting } from './settings';

export function unknownKey(plugin: string, path: readonly string[], setting: Setting, version: Version): ConfigProblem {
  const { code, args } = explained({ plugin, path, setting, version });
  const range = setting.key.range;
  return {
    code,
    effect: 'ignored',
    path: setting.source,
    range,
    key: dotted(setting),
    args: { key: setting.key.name, table: shownTable(plugin), ...args },
  };
}

interface Unknown {
  readonly plugin: string;
  readonly path: readonly string[];
  readonly setting: Setting;
  readonly version: Version;
}
type Explanation = { readonly code: string; readonly args: Readonly<Record<string, string | number>> } | undefined;

function explained(unknown: Unknown): NonNullable<Explanation> {
  for (const explain of explanations) {
    const found = explain(unknown);
    if (found) return found;
  }
  return misspelt(unknown);
}

const explanations: readonly ((unknown: Unknown) => Explanation)[] = [
  notOfContainerd,
  systemdCgroup,
  misplacedVersion,
  sandboxImage,
  otherCriTable,
  belowRegistry,
  mirrorsMissing,
  otherRelease,
  otherPlugin,
];

/** Keys of k3s's registries.yaml and of its own template. */
function notOfContainerd({ path }: Unknown): Explanation {
  return path.at(-1) === 'rewrite' && path.includes('mirrors') ? { code: 'k3s-key', args: {} } : undefined;
}

function systemdCgroup({ path }: Unknown): Explanation {
  return /^systemd_?cgroup$/i.test(path.at(-1) ?? '') && path.at(-1) !== 'systemd_cgroup'
    ? { code: 'systemd-cgroup-place', args: {} }
    : undefined;
}

function misplacedVersion({ path, setting }: Unknown): Explanation {
  return path.at(-1) === 'version' && setting.value.kind === 'integer' && path.length <= 2
    ? { code: 'version-below-table', args: {} }
    : undefined;
}

/** sandbox_image has no v3 key of its own name. */
function sandboxImage({ plugin, path, version }: Unknown): Explanation {
  const inCri = plugin === cri || plugin === criImages || plugin === criRuntime;
  if (path.length !== 1 || path[0] !== 'sandbox_image' || !inCri || satisfies(version, '<2.0.0')) return undefined;
  return { code: 'moved-key', args: { to: printKeyPath(['plugins', criImages, 'pinned_images', 'sandbox']) } };
}

/** A setting of one CRI table in another: v2 names in a v3 file, `registry` in the runtime table. */
function otherCriTable({ plugin, path, version }: Unknown): Explanation {
  if (satisfies(version, '<2.0.0')) return undefined;
  if (plugin === cri) {
    const place = placeInVersion3(path);
    if (place.plugin === cri || !isKnown(place.plugin, place.path, version)) return undefined;
    return { code: 'old-cri-table', args: { to: printKeyPath(['plugins', place.plugin, ...place.path]) } };
  }
  if (plugin !== criImages && plugin !== criRuntime) return undefined;
  const other = plugin === criImages ? criRuntime : criImages;
  const home = [other, cri].find((candidate) => isKnown(candidate, path, version));
  return home === undefined ? undefined : { code: 'other-cri-table', args: { to: printKeyPath(['plugins', home, ...path]) } };
}

function isKnown(plugin: string, path: readonly string[], version: Version): boolean {
  const known = configKey(plugin, path, version);
  if (known) return true;
  return path.length === 1 && path[0] === 'containerd' && configChildren(plugin, ['containerd'], version).length > 0;
}

/** `config_path` right in the CRI table, where only `registry` would be read. */
function belowRegistry({ plugin, path, version }: Unknown): Explanation {
  const home = plugin === criRuntime ? criImages : plugin;
  const [name] = path;
  if (path.length !== 1 || name === undefined || !configKey(home, ['registry', name], version)) return undefined;
  return { code: 'belongs-below-registry', args: { to: printKeyPath(['plugins', home, 'registry', name]) } };
}

/** `registry."docker.io"` with an endpoint: the word mirrors is missing. */
function mirrorsMissing({ path, setting }: Unknown): Explanation {
  const endpoint = setting.entries?.get('endpoint') ?? setting.entries?.get('endpoints');
  if (path.at(-2) !== 'registry' || !endpoint) return undefined;
  return { code: 'mirrors-word-missing', args: { to: printKeyPath([...setting.written.slice(0, -1), 'mirrors', setting.key.name]) } };
}

/** The key is known to an older or a newer release. For a CRI setting of a v2 file the old table counts too. */
function otherRelease({ plugin, path, setting, version }: Unknown): Explanation {
  const inOldTable = setting.written[0] === 'plugins' && setting.written[1] === cri ? everKey(cri, setting.written.slice(2)) : undefined;
  const key = everKey(plugin, path) ?? inOldTable;
  if (!key) return undefined;
  const since = Array.from(key.releases.matchAll(/>=(\S+)/g), ([, start = '']) => start).find((start) => satisfies(version, `<${start}`));
  if (since !== undefined) return { code: 'key-newer', args: { since } };
  const until = key.releases.split('<')[1]?.split(' ')[0];
  return { code: 'key-gone', args: { until: until ?? '2.0.0', instead: key.deprecated?.use ?? '' } };
}

/** A setting of CRI in another plugin's table, such as image_pull_progress_timeout in the transfer plugin. */
function otherPlugin({ plugin, path, version }: Unknown): Explanation {
  if (plugin === '' || path.length !== 1) return undefined;
  const home = [criImages, criRuntime, cri].find((candidate) => candidate !== plugin && configKey(candidate, path, version));
  return home === undefined ? undefined : { code: 'other-plugin', args: { to: printKeyPath(['plugins', home, ...path]) } };
}

function misspelt({ plugin, path, version }: Unknown): NonNullable<Explanation> {
  const name = path.at(-1) ?? '';
  const siblings = namesOf(configChildren(plugin, path.slice(0, -1), version));
  const near = closest(name, siblings.written) ?? siblings.plain.get(plainName(name));
  if (near !== undefined && near !== '*') return { code: 'unknown-key', args: { near } };
  const elsewhere = configKeysNamed(plugin, name, version);
  const [only] = elsewhere;
  return {
    code: 'unknown-key',
    args: {
      near: '',
      ...(only && elsewhere.length === 1 && { elsewhere: printKeyPath(plugin === '' ? only.path : ['plugins', plugin, ...only.path]) }),
    },
  };
}

interface Names {
  readonly written: readonly string[];
  /** By what is left without dashes, underscores and capitals. */
  readonly plain: ReadonlyMap<string, string>;
}

/** The schema gives the same list for the same place again. */
const knownNames = new WeakMap<readonly ConfigKey[], Names>();

function namesOf(keys: readonly ConfigKey[]): Names {
  const known = knownNames.get(keys);
  if (known) return known;
  const written = keys.map((key) => key.path.at(-1) ?? '');
  const names = { written, plain: new Map(written.map((name) => [plainName(name), name])) };
  knownNames.set(keys, names);
  return names;
}

function plainName(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function shownTable(plugin: string): string {
  return plugin === '' ? '' : printKeyPath(['plugins', plugin]);
}
