/** Merges the files as a release does, and moves what it moves. Versions of the files decide how. */
import { cri, fullPluginId, renamedPlugins } from '../schema/migration';
import { releaseLines, lineOf, satisfies, type Version } from '../versions/versions';
import type { ConfigProblem } from './configFile';
import { about } from './decode';
import { migrateCri } from './migrateCri';
import { dotted, entryOf, mergeDeep, replaceEntries, stringsOf, type Setting, type Settings } from './settings';
import { checksMaximum, topSetting, type LoadedFile } from './sources';

export interface Effective {
  /** The version that decides, with a missing one resolved as the release does. */
  readonly configVersion: number;
  readonly plugins: Settings;
  readonly top: Settings;
  readonly problems: readonly ConfigProblem[];
}

export function effectiveSettings(files: readonly LoadedFile[], version: Version): Effective {
  const top = files.reduce<Settings>((merged, file) => mergeTop(merged, file.settings), new Map());
  if (satisfies(version, '<2.0.0')) return { top, ...loadVersion1x(files, version) };
  return { top, ...(satisfies(version, '<2.3.0') ? load20(files, version) : load23(files, version)) };
}

/** LoadConfig of 1.5–1.7: the last version number counts for all files, a plugin's table replaces the one before. */
function loadVersion1x(files: readonly LoadedFile[], version: Version): Omit<Effective, 'top'> {
  const deciding = files.findLast((file) => file.version !== 0);
  const configVersion = deciding?.version ?? 1;
  const problems: ConfigProblem[] = [];
  let plugins: Settings = new Map();
  for (const file of files) {
    const tables = pluginsOf(file, version);
    for (const problem of wipes(plugins, tables)) problems.push(problem);
    plugins = replaceEntries(plugins, tables);
  }
  if (configVersion > 2 && checksMaximum(version))
    problems.push(...tooHigh(deciding, 2, `unsupported config version \`${configVersion}\``));
  return { configVersion, plugins, problems };
}

/** LoadConfig of 2.0–2.2 and server.New: version 0 and 1 files only get full plugin names; the last version decides about migration. */
function load20(files: readonly LoadedFile[], version: Version): Omit<Effective, 'top'> {
  let configVersion = maxConfigVersion(version);
  let deciding: LoadedFile | undefined;
  let plugins: Settings = new Map();
  for (const file of files) {
    if (file.version > 1) [configVersion, deciding] = [file.version, file];
    plugins = mergeDeep(plugins, file.version <= 1 ? withFullNames(pluginsOf(file, version)) : pluginsOf(file, version));
  }
  const max = maxConfigVersion(version);
  const expected = `expected containerd config version equal to or less than \`${max}\`, got \`${configVersion}\``;
  const problems = configVersion > max ? tooHigh(deciding, max, expected) : liftedRoot(files, configVersion, version);
  return { configVersion, problems, plugins: configVersion === 2 ? migrate(plugins, version) : plugins };
}

/** LoadConfigWithPlugins of 2.3: each file is migrated on its own before it is merged. */
function load23(files: readonly LoadedFile[], version: Version): Omit<Effective, 'top'> {
  const max = maxConfigVersion(version);
  const rootVersion = files.find((file) => file.version !== 0)?.version ?? 0;
  const problems: ConfigProblem[] = [];
  let plugins: Settings = new Map();
  for (const file of files) {
    if (file.version > rootVersion) problems.push(...newerDropIn(file, rootVersion));
    const named = file.version <= 1 ? withFullNames(pluginsOf(file, version)) : pluginsOf(file, version);
    plugins = mergeDeep(plugins, file.version < max ? migrate(named, version) : named);
    if (file.version > max) {
      problems.push(...tooHigh(file, max, `expected containerd config version equal to or less than \`${max}\`, got \`${file.version}\``));
    }
  }
  return { configVersion: files[0]?.version ?? 0, plugins, problems };
}

export function pluginsOf(file: LoadedFile, version: Version): Settings {
  return topSetting(file, 'plugins', version)?.entries ?? new Map<string, Setting>();
}

function maxConfigVersion(version: Version): number {
  const line = releaseLines.find((candidate) => candidate.line === lineOf(version));
  return line?.maxConfigVersion ?? (satisfies(version, '<2.0.0') ? 2 : 4);
}

function withFullNames(plugins: Settings): Settings {
  return new Map([...plugins].map(([name, setting]) => [fullPluginId(name), setting]));
}

function migrate(plugins: Settings, version: Version): Settings {
  const renamed = new Map([...plugins].map(([name, setting]) => [renamedPlugins.get(name) ?? name, setting]));
  return plugins.has(cri) ? migrateCri(renamed, version) : renamed;
}

/** mergeConfig: tables by key, lists one behind the other, everything else replaced. */
function mergeTop(under: Settings, over: Settings): Settings {
  if (under.size === 0) return over;
  const merged = new Map(mergeDeep(under, over));
  for (const [name, setting] of over) {
    const before = under.get(name)?.value;
    if (before?.kind !== 'array' || setting.value.kind !== 'array') continue;
    merged.set(name, { ...setting, value: { ...setting.value, items: [...before.items, ...setting.value.items] } });
  }
  return merged;
}

function tooHigh(file: LoadedFile | undefined, max: number, text: string): ConfigProblem[] {
  if (!file?.versionSetting) return [];
  const { value } = file.versionSetting;
  return [{ ...about(file.versionSetting, 'version-too-high', 'exit', { version: file.version, max }), range: value.range, text }];
}

function newerDropIn(file: LoadedFile, rootVersion: number): ConfigProblem[] {
  if (!file.versionSetting) return [];
  const text = `drop-in config version ${file.version} higher than root config version ${rootVersion}`;
  return [
    {
      ...about(file.versionSetting, 'import-newer', 'exit', { version: file.version, root: rootVersion }),
      range: file.versionSetting.value.range,
      text,
    },
  ];
}

/** 2.0–2.2: a version 3 drop-in makes the whole configuration version 3, so the CRI table of a version 2 file is not moved any more. */
function liftedRoot(files: readonly LoadedFile[], configVersion: number, version: Version): ConfigProblem[] {
  if (configVersion < 3) return [];
  const lifting = files.find((file) => file.version === configVersion);
  const lifted = files.filter((file) => file.version === 2 && pluginsOf(file, version).has(cri));
  if (!lifting?.versionSetting || lifted.length === 0) return [];
  return [
    {
      ...about(lifting.versionSetting, 'import-lifts-version', 'none', { version: configVersion }),
      range: lifting.versionSetting.value.range,
    },
  ];
}

/** 1.x: what a drop-in's table takes away from the table of the same plugin before it. */
function wipes(before: Settings, tables: Settings): ConfigProblem[] {
  return [...tables].flatMap(([name, table]) => {
    const earlier = before.get(name);
    const lost = earlier ? lostLeaves(earlier, table) : [];
    const [first] = lost;
    if (!first) return [];
    const keys = lost.map(dotted);
    return [
      about(table, 'drop-in-wipes', 'none', { plugin: name, lost: keys.slice(0, 3).join(', '), file: first.source }),
      ...lost.map((setting) => ({
        ...about(setting, 'wiped-by-drop-in', 'ignored', { plugin: name, file: table.source }),
        key: dotted(setting),
      })),
    ];
  });
}

function lostLeaves(earlier: Setting, later: Setting | undefined): Setting[] {
  if (!earlier.entries) return later ? [] : [earlier];
  return [...earlier.entries].flatMap(([name, setting]) => lostLeaves(setting, later?.entries?.get(name)));
}

/** Items of a top-level list over all files, each with the file that has it. */
export function listItems(
  files: readonly LoadedFile[],
  name: string,
  version: Version,
): readonly { readonly file: LoadedFile; readonly setting: Setting }[] {
  return files.flatMap((file) => {
    const setting = entryOf(file.settings, name, version);
    return setting && stringsOf(setting.value).length > 0 ? [{ file, setting }] : [];
  });
}
