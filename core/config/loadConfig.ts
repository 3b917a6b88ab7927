import { cri } from '../schema/migration';
import { everPluginTables, pluginTables } from '../schema/schema';
import { satisfies, type Version } from '../versions/versions';
import type { ConfigFile, ConfigProblem } from './configFile';
import { criProblems, criTables } from './criProblems';
import { about, decodeTable } from './decode';
import { effectiveSettings, pluginsOf, type Effective } from './effective';
import { lostInMigration } from './migrateCri';
import { disabledPlugins, isCriDisabled, pluginProblems } from './plugins';
import { configPathProblems, registrySettings } from './registry';
import { dotted, entriesAt, settingAt } from './settings';
import { serverProblems } from './serverProblems';
import { isTemplate } from './template';
import { readSources, type LoadedFile, type SourcesInput } from './sources';

/** What containerd of that release makes of a config.toml and everything it imports. */
export function loadConfig(input: SourcesInput): ConfigFile {
  const { version } = input;
  const { files, problems: reading } = readSources(input);
  const effective = effectiveSettings(files, version);
  const tables = criTables(effective.plugins, version, effective.configVersion);
  const registry = registrySettings(tables, version);
  const own = reading.some(({ code }) => code === 'not-toml')
    ? reading
    : [...reading, ...decoded(files, effective, version), ...criEffects(files, effective, version)];
  const judged = isTemplate(input.path) ? own.filter(({ code }) => !knownToK3s.has(code)) : own;
  const problems = [...judged, ...refusedImports(files, judged)];
  return {
    sources: files.map(({ path, parsed }) => ({ path, parsed })),
    problems,
    configVersion: effective.configVersion,
    outcome: outcomeOf(problems),
    registry,
    settings: { top: effective.top, plugins: effective.plugins },
  };
}

/** k3s and RKE2 build containerd themselves, with more snapshotters and with rewriting mirrors. */
const knownToK3s: ReadonlySet<string> = new Set(['snapshotter-missing', 'k3s-key', 'unknown-plugin', 'required-unknown']);

/** What is fatal in a drop-in is fatal for the file that imports it, and said there too. */
function refusedImports(files: readonly LoadedFile[], problems: readonly ConfigProblem[]): ConfigProblem[] {
  return files.flatMap(({ path, importedBy }) => {
    const fatal = problems.find((problem) => problem.path === path && (problem.effect === 'exit' || problem.effect === 'cri'));
    if (!importedBy || !fatal) return [];
    return [{ code: 'import-refused', effect: fatal.effect, ...importedBy, args: { file: path, code: fatal.code } }];
  });
}

function decoded(files: readonly LoadedFile[], effective: Effective, version: Version): ConfigProblem[] {
  return [
    ...files.flatMap((file) => [...decodeTable('', file.settings, version)]),
    ...effective.problems,
    ...pluginProblems(files, effective, version),
    ...loggingProblems(effective, version),
    ...serverProblems(effective, version),
    ...requiredProblems(files, effective, version),
    ...files.flatMap((file) => [...movedTables(file, version), ...lostSettings(file, effective, version)]),
  ];
}

function criEffects(files: readonly LoadedFile[], effective: Effective, version: Version): ConfigProblem[] {
  const tables = criTables(effective.plugins, version, effective.configVersion);
  const off = isCriDisabled(disabledPlugins(files, effective, version), version);
  if (off !== undefined) return disabledCri(files, off, version);
  const registry = registrySettings(tables, version);
  return [...criProblems(tables, effective.top, version), ...configPathProblems(tables, registry, version)];
}

/** On purpose or by a package's default file: Docker's containerd.io package ships `disabled_plugins = ["cri"]`. */
function disabledCri(files: readonly LoadedFile[], plugin: string, version: Version): ConfigProblem[] {
  for (const file of files) {
    const setting = settingAt(file.settings, ['disabled_plugins'], version);
    if (setting?.value.kind !== 'array') continue;
    const item = setting.value.items.find((one) => one.kind === 'string' && (plugin === one.value || plugin.endsWith(`.${one.value}`)));
    if (item) return [{ ...about(setting, 'cri-disabled', 'none', { plugin, cri }), range: item.range }];
  }
  return [];
}

const levels: ReadonlySet<string> = new Set(['', 'trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic']);

/** cmd/containerd/command setLogLevel, setLogFormat. Levels are compared without case (logrus.ParseLevel). */
function loggingProblems({ top }: Effective, version: Version): ConfigProblem[] {
  const level = settingAt(top, ['debug', 'level'], version);
  const format = settingAt(top, ['debug', 'format'], version);
  const problems: ConfigProblem[] = [];
  if (level?.value.kind === 'string' && !levels.has(level.value.value.toLowerCase())) {
    const { value, range } = level.value;
    problems.push({ ...about(level, 'log-level', 'exit', { value }), range, text: `not a valid logrus Level: ${JSON.stringify(value)}` });
  }
  if (format?.value.kind === 'string' && !['', 'text', 'json'].includes(format.value.value)) {
    const { value, range } = format.value;
    problems.push({ ...about(format, 'log-format', 'exit', { value }), range, text: `unknown log format: ${value}` });
  }
  return problems;
}

/** server.New: what is required and not among the plugins to load. */
function requiredProblems(files: readonly LoadedFile[], effective: Effective, version: Version): ConfigProblem[] {
  const disabled = disabledPlugins(files, effective, version);
  return files.flatMap((file) => {
    const setting = settingAt(file.settings, ['required_plugins'], version);
    const items = setting?.value.kind === 'array' ? setting.value.items : [];
    return items.flatMap((item) => {
      if (!setting || item.kind !== 'string') return [];
      const isUnknown = item.value.startsWith('io.containerd.') && !isRegistered(item.value, effective, version);
      if (!isUnknown && !disabled.has(item.value)) return [];
      const text = `required plugin [${item.value}] not included`;
      return [
        {
          ...about(setting, isUnknown ? 'required-unknown' : 'required-disabled', 'exit' as const, { id: item.value }),
          range: item.range,
          text,
        },
      ];
    });
  });
}

/** The data has every plugin of 2.x; of 1.x only those with settings, and what 2.x still has. */
function isRegistered(id: string, { top }: Effective, version: Version): boolean {
  const known = satisfies(version, '>=2.0.0') ? pluginTables(version) : everPluginTables();
  return known.includes(id) || entriesAt(top, ['proxy_plugins'], version).has(id.slice(id.lastIndexOf('.') + 1));
}

/** serviceMigrate moves these for older files; in a version 4 file they are read and not used. */
function movedTables(file: LoadedFile, version: Version): ConfigProblem[] {
  if (file.version < 4 || satisfies(version, '<2.3.0')) return [];
  return ['grpc', 'ttrpc', 'metrics'].flatMap((name) => {
    const setting = settingAt(file.settings, [name], version);
    return setting
      ? [{ ...about(setting, 'server-table-moved', 'ignored' as const, { to: `io.containerd.server.v1.${name}` }), key: dotted(setting) }]
      : [];
  });
}

/** migrateConfig of plugins/cri/images gives up when `containerd` has no `runtimes`. */
function lostSettings(file: LoadedFile, { configVersion }: Effective, version: Version): ConfigProblem[] {
  const migrates = satisfies(version, '>=2.3.0') ? file.version < 4 : satisfies(version, '>=2.0.0') && configVersion === 2;
  const plugins = pluginsOf(file, version);
  const table = (plugins.get(cri) ?? (file.version <= 1 ? plugins.get('cri') : undefined))?.entries;
  if (!migrates || !table) return [];
  return lostInMigration(table).map((setting) => ({ ...about(setting, 'lost-in-migration', 'ignored' as const), key: dotted(setting) }));
}

function outcomeOf(problems: readonly ConfigProblem[]): ConfigFile['outcome'] {
  if (problems.some(({ effect }) => effect === 'exit' || effect === 'cri')) return 'fatal';
  return problems.some(({ effect }) => effect === 'ignored') ? 'partly-ignored' : 'used';
}
