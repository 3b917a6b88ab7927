/** hosts.go ConfigureHosts: the hosts that a pull asks for a reference, out of the folders under certs.d. */
import { pathJoin } from '../go/path';
import { queryEscape } from '../go/url';
import type { ConfigTree } from '../ports';
import type { Reference } from '../reference/reference';
import { parse } from '../toml/parse';
import type { Version } from '../versions/versions';
import { hostDirFromRoots } from './directory';
import { allCapabilities, type ClientPair, type HostConfig, type NamedFile } from './hostConfig';
import { parseHostsFile } from './hostsDecode';
import type { HostsProblem, RegistryHost } from './hostsFile';
import { registryHost, withDefaultHost, type HostOptions } from './registryHost';
import { tlsFileProblems } from './tlsFiles';

export interface ConfigureOptions extends HostOptions {
  readonly tree: ConfigTree;
  /** Folders like /etc/containerd/certs.d, in the order in which they are searched. */
  readonly hostsDirs: readonly string[];
  readonly version: Version;
}

export interface ConfiguredHosts {
  /** The folder that was found for the host. */
  readonly directory: string | null;
  /** Its hosts.toml, if it has one. */
  readonly file: string | null;
  /** `none`: there is no hosts.toml. */
  readonly outcome: 'used' | 'dropped' | 'fatal' | 'none';
  /** What the pull fails with (`fatal`), or what is logged (`dropped`). */
  readonly error: string | null;
  /** Empty when the pull fails. */
  readonly hosts: readonly RegistryHost[];
}

/** `namespace` is the host of the reference, with its port. */
export function configureHosts(namespace: string, options: ConfigureOptions): ConfiguredHosts {
  const { tree, hostsDirs, version } = options;
  const directory = hostDirFromRoots(tree, hostsDirs, namespace, version);
  const loaded =
    directory === undefined ? ({ file: null, outcome: 'none', error: null, configs: [] } as const) : loadHostDir(directory, options);
  const place = { directory: directory ?? null, file: loaded.file };
  if (loaded.outcome === 'fatal') return { ...place, outcome: 'fatal', error: loaded.error, hosts: [] };
  const configs = withDefault(loaded.configs, namespace, options);
  const [problem] = configs.flatMap((config) => tlsFileProblems(tree, config)).filter(({ effect }) => effect === 'fatal');
  if (problem) return { ...place, outcome: 'fatal', error: errorText(problem), hosts: [] };
  return { ...place, outcome: loaded.outcome, error: loaded.error, hosts: configs.map((config) => registryHost(config, version, options)) };
}

/** The one host that is asked for a namespace that has no folder. */
export function ownHost(namespace: string, version: Version): RegistryHost {
  return registryHost(withDefaultHost(emptyConfig(version), namespace, version), version);
}

function withDefault(configs: readonly HostConfig[], namespace: string, options: ConfigureOptions): readonly HostConfig[] {
  const all = configs.length === 0 ? [emptyConfig(options.version)] : configs;
  const last = all.at(-1);
  return last?.host === '' ? [...all.slice(0, -1), withDefaultHost(last, namespace, options.version, options)] : all;
}

interface LoadedDir {
  readonly file: string | null;
  readonly outcome: ConfiguredHosts['outcome'];
  readonly error: string | null;
  readonly configs: readonly HostConfig[];
}

/** hosts.go loadHostDir: a hosts.toml that is missing, empty or cannot be decoded leaves the certificates beside it. */
function loadHostDir(directory: string, { tree, version }: ConfigureOptions): LoadedDir {
  const file = pathJoin(directory, 'hosts.toml');
  const kind = tree.stat(file);
  if (tree.stat(directory) === 'file') return fatalDir(null, `open ${file}: not a directory`);
  if (kind === 'directory') return fatalDir(file, `read ${file}: is a directory`);
  const text = kind === 'missing' ? undefined : tree.read(file);
  if (text === undefined && kind !== 'missing') return fatalDir(file, `open ${file}: permission denied`);
  if (text === undefined || text === '')
    return {
      file: text === undefined ? null : file,
      outcome: text === undefined ? 'none' : 'used',
      error: null,
      configs: [loadCertFiles(tree, directory, version)],
    };
  const { outcome, problems, hosts } = parseHostsFile(parse(text, { notUtf8: tree.notUtf8?.(file) ?? false }), {
    path: file,
    version,
    tree,
  });
  const [problem] = problems.filter(({ effect }) => effect === outcome);
  if (outcome === 'dropped')
    return { file, outcome, error: problem ? errorText(problem) : null, configs: [loadCertFiles(tree, directory, version)] };
  if (outcome === 'fatal') return fatalDir(file, problem ? errorText(problem) : '');
  return { file, outcome: 'used', error: null, configs: hosts.map(({ config }) => config) };
}

function fatalDir(file: string | null, error: string): LoadedDir {
  return { file, outcome: 'fatal', error, configs: [] };
}

/** hosts.go loadCertFiles: Docker's layout, `*.crt` to trust and `*.cert` with the `*.key` of the same name to show. */
function loadCertFiles(tree: ConfigTree, directory: string, version: Version): HostConfig {
  const files = (tree.list(directory) ?? []).filter((name) => tree.stat(pathJoin(directory, name)) !== 'directory');
  const ca = files.filter((name) => name.endsWith('.crt')).map((name) => foundFile(directory, name));
  const pairs = files.filter((name) => name.endsWith('.cert')).map((name) => foundPair(tree, directory, name));
  return { ...emptyConfig(version), caCerts: ca.length === 0 ? undefined : ca, clientPairs: pairs.length === 0 ? undefined : pairs };
}

function foundPair(tree: ConfigTree, directory: string, name: string): ClientPair {
  const key = foundFile(directory, `${name.slice(0, -'.cert'.length)}.key`);
  return { cert: foundFile(directory, name), key: tree.stat(key.path) === 'missing' ? undefined : key };
}

function foundFile(directory: string, name: string): NamedFile {
  return { path: pathJoin(directory, name), range: undefined, absolute: false };
}

function emptyConfig(version: Version): HostConfig {
  const nothing = { skipVerify: undefined, caCerts: undefined, clientPairs: undefined, header: undefined, dialTimeoutMs: undefined };
  return { scheme: '', host: '', path: '', capabilities: allCapabilities(version), ...nothing };
}

/** What containerd says, or in a few cases where its words are not known to the letter, what it is about. */
function errorText({ text, code, args }: HostsProblem): string {
  return text ?? `${code}: ${Object.values(args).join(', ')}`;
}

/** registry.go isProxy: whether a host is another than the image's own, so that it has to be told which registry is meant. */
export function isProxy(host: RegistryHost, namespace: string): boolean {
  return host.host !== namespace && !(namespace === 'docker.io' && host.host === 'registry-1.docker.io');
}

/** resolver.go base.request and addNamespace: where a manifest or blob of a reference is asked for at a host. */
export function requestUrl(host: RegistryHost, reference: Reference, kind: 'manifests' | 'blobs', object: string): string {
  const path = pathJoin('/', host.path, reference.path, kind, object);
  const namespace = isProxy(host, reference.hostname) ? `?ns=${queryEscape(reference.hostname)}` : '';
  return `${host.scheme}://${host.host}${path}${namespace}`;
}
