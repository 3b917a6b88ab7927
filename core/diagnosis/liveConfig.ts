/** The configuration of a node as it stands together: config.toml, what it imports, and the hosts.toml that it leads to. */
import type { ConfigFile } from '../config/configFile';
import { loadConfig } from '../config/loadConfig';
import { pathClean } from '../go/path';
import { configureHosts } from '../hosts/configureHosts';
import type { ConfigTree } from '../ports';
import type { EffectiveDocument } from '../protocol/diagnose';
import type { LintedFile } from '../protocol/lint';
import type { FindingDocument } from '../protocol/said';
import { parseReference } from '../reference/reference';
import { lint } from '../rules/lint';
import type { DocumentKind } from '../rules/rule';
import { lineIndex } from '../text/lineIndex';
import { render } from '../text/message';
import { formatVersion, type Version } from '../versions/versions';
import { diagnosisMessages } from './diagnosisMessages';
import { lintedFile } from './findingDocument';
import { defaultConfigPath } from './replayPlan';

export interface LiveConfig {
  readonly path: string | null;
  readonly loaded: ConfigFile | undefined;
  readonly effective: EffectiveDocument | null;
  readonly files: readonly LintedFile[];
  readonly findings: readonly FindingDocument[];
}

export interface LiveInput {
  readonly tree: ConfigTree;
  readonly version: Version;
  readonly configPath: string | null;
}

const usualCertsD = '/etc/containerd/certs.d';
/** A folder with more hosts than this is an attack or a mistake; the first ones are judged. */
const maxHostFolders = 500;

export function liveConfig({ tree, version, configPath }: LiveInput): LiveConfig {
  const wanted = configPath ?? defaultConfigPath;
  const path = tree.stat(wanted) === 'file' ? wanted : null;
  // Without a file containerd runs with its defaults; what cannot be read may say anything.
  const loaded = tree.stat(wanted) === 'unreadable' ? undefined : loadConfig({ path: wanted, tree, version });
  const hostsDirs = [...new Set([...(loaded?.registry.hostsDirs.cri ?? []), ...(loaded?.registry.hostsDirs.local ?? [])])];
  const sources = loaded?.sources.map((source) => source.path) ?? [];
  const root = sources[0];
  const hosts = [...new Set([...hostsDirs, usualCertsD])].flatMap((folder) => hostsFiles(tree, folder));
  return {
    path,
    loaded,
    effective: loaded
      ? {
          configVersion: loaded.configVersion,
          configPath: loaded.registry.configPath,
          hostsDirs,
          mirrors: Object.keys(loaded.registry.mirrors),
        }
      : null,
    files: [
      ...sources.map((source) => linted(source, 'config', tree, version, source === root ? undefined : root)),
      ...hosts.map((file) => linted(file, 'hosts', tree, version, undefined)),
    ],
    findings: loaded ? unreadFolder(tree, loaded, hostsDirs, wanted, version) : [],
  };
}

/** The hosts.toml that a pull of `reference` meets, with the folder that was looked into. */
export function fileOfReference(reference: string, { effective }: LiveConfig, tree: ConfigTree, version: Version): string | undefined {
  const parsed = parseReference(reference, version);
  if (!parsed.ok || !effective) return undefined;
  const { hostname } = parsed.reference;
  return configureHosts(hostname, { tree, hostsDirs: effective.hostsDirs, version }).file ?? undefined;
}

/** The same under the usual folder, where containerd does not look there. */
export function unreadFileOfReference(reference: string, { findings }: LiveConfig, tree: ConfigTree, version: Version): string | undefined {
  const parsed = parseReference(reference, version);
  if (!parsed.ok || !findings.some(({ id }) => id === 'certs-d-not-read')) return undefined;
  return configureHosts(parsed.reference.hostname, { tree, hostsDirs: [usualCertsD], version }).file ?? undefined;
}

function hostsFiles(tree: ConfigTree, folder: string): readonly string[] {
  const own = tree.stat(`${folder}/hosts.toml`) === 'file' ? [`${folder}/hosts.toml`] : [];
  const folders = (tree.list(folder) ?? []).slice(0, maxHostFolders);
  return [...own, ...folders.map((name) => `${folder}/${name}/hosts.toml`).filter((file) => tree.stat(file) === 'file')];
}

function linted(path: string, kind: DocumentKind, tree: ConfigTree, version: Version, importedBy: string | undefined): LintedFile {
  const text = tree.read(path) ?? '';
  const result = lint({ path, kind, text, version, tree, ...(importedBy !== undefined && { importedBy }) });
  return lintedFile(path, result, lineIndex(text));
}

/**
 * The classic: hosts.toml are written with care, and nothing tells containerd to look for them. Where it has others to read, those here may
 * be what was left behind by a move.
 */
function unreadFolder(
  tree: ConfigTree,
  { registry }: ConfigFile,
  hostsDirs: readonly string[],
  config: string,
  version: Version,
): readonly FindingDocument[] {
  const folder = usualCertsD;
  const count = hostsFiles(tree, folder).length;
  if (count === 0 || hostsDirs.some((dir) => pathClean(dir) === folder)) return [];
  const configPath = registry.configPath === '' ? 'not set' : `"${registry.configPath}"`;
  const args = { folder, count, containerd: formatVersion(version), configPath, config };
  const id = 'certs-d-not-read';
  return [
    {
      id,
      severity: hostsDirs.some((dir) => hostsFiles(tree, dir).length > 0) ? 'info' : 'error',
      message: render({ id: `${id}/message`, args }, diagnosisMessages),
      messageId: `${id}/message`,
      args,
      path: config,
      docs: 'errors/masked.hosts-toml-not-read',
      fix: { title: render({ id: `${id}/step`, args }, diagnosisMessages), titleMessage: { id: `${id}/step`, args } },
    },
  ];
}
